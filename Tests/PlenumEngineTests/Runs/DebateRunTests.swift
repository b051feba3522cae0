import PlenumCore
import PlenumEngine
import PlenumTesting
import Testing

@Suite("Debates as runs")
struct DebateRunTests {
    @Test(
        "a debate of each protocol is told, kept and read back alike, and every call is in the ledger",
        arguments: [
            (DebateProtocol.vote, 2, ["a", "b"]), (.revise, 4, ["a", "b"]), (.sides, 7, ["a", "b"]),
            (.council, 5, ["a", "b"]), (.talk, 4, ["a", "b"]), (.fusion, 3, ["a", "b"]),
        ]
    )
    func protocols(_ debate: DebateProtocol, _ calls: Int, _ models: [String]) async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(
                Debaters.ask(debate, "a", "b") { ask in
                    if debate == .talk { ask.settings.turns = 4 }
                }
            )
            let told = try ToldRun(try await test.follow(run.id))
            let record = try await test.engine.record(of: run.id)
            #expect(record.run.status == .completed)
            #expect(record.turns.count == calls)
            #expect(test.provider.requests.count == calls)
            #expect(record.generations.count == calls)
            #expect(record.generations.allSatisfy { $0.status == .completed && $0.run == run.id })
            for turn in record.turns { #expect(told.texts[turn.number] == turn.text) }
            #expect(
                record.messages.allSatisfy { $0.step != nil && $0.model != nil && $0.usage != nil && $0.cost != nil }
            )
            #expect(told.names.first == "run.created" && told.names.last == "run.completed")
            #expect(told.names.count { $0 == "seat.completed" } == calls)
            #expect(record.run.result?["method"] != nil && record.run.result?["method"] != "none" || debate == .talk)
            // The conversation goes on from what the run came to.
            let leaf = try await test.storage.conversation(run.conversation).leaf
            #expect(leaf?.description == record.run.result?["message"]?.string)
            #expect(record.totals.cost == record.messages.reduce(Money.zero) { $0 + ($1.cost ?? .zero) })
        }
    }

    @Test("a verdict counts when both orders name the same side, and the events tell it")
    func verdict() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(Debaters.ask(.sides, "a", "b"))
            let told = try ToldRun(try await test.follow(run.id))
            let result = try await test.storage.run(run.id).result
            #expect(result?["method"] == "judge")
            #expect(result?["winner"] == 0)
            #expect(told.names.count { $0 == "round.completed" } == 2)
            #expect(told.names.count { $0 == "verdict" } == 1)
            let parents = try await test.engine.record(of: run.id).messages.map(\.parent)
            let ids = try await test.engine.record(of: run.id).messages.map(\.id)
            #expect(parents == [run.inputMessage] + ids.dropLast().map { Optional($0) })
        }
    }

    @Test("a seat that fails is spoken for by its fallback, and the result says so")
    func substituted() async throws {
        try await EngineUnderTest.run { request throws(PlenumError) in
            if request.model == "a" {
                throw PlenumError(.notFound, "Gone.", upstream: .init(provider: "test", status: 404))
            }
            return try Debaters.script(request)
        } _: { test in
            let run = try await test.engine.start(
                Debaters.ask(.vote, "a", "b") { $0.seats[0].fallbacks = ["c"] }
            )
            _ = try await test.follow(run.id)
            let record = try await test.engine.record(of: run.id)
            #expect(record.run.result?["substituted_seats"]?.array?.first?["by"] == "test/c")
            #expect(record.generations.filter { $0.seat == 0 }.map(\.model) == ["test/a", "test/c"])
            #expect(Set(record.generations.filter { $0.seat == 0 }.map(\.group)).count == 1)
        }
    }

    @Test("a follow-up reads what a debate came to, not how it came to it")
    func followUp() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(Debaters.ask(.sides, "a", "b"))
            await test.engine.waitForRun(run.id)
            let place = ConversationPlace(conversation: run.conversation)
            let next = try await test.engine.start(EngineUnderTest.compare("a", place: place))
            await test.engine.waitForRun(next.id)
            guard case .chat(let chat)? = test.provider.requests.last?.prompt else {
                Issue.record("no prompt was sent")
                return
            }
            #expect(chat.turns.map(\.text) == ["Is it so?", "Yes.\n\nIt is so.", "Which is better?"])
        }
    }

    @Test("a judge that sits in the panel, a panel in a panel and numbers out of range are refused")
    func refused() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            for ask in [
                Debaters.ask(.sides, "a", "b", judge: "a"), Debaters.ask(.vote, "plenum/vote", "a"),
                Debaters.ask(.vote, "a"),
                Debaters.ask(.sides, "a", "b") { $0.settings.rounds = 6 },
                Debaters.ask(.talk, "a", "b") { $0.settings.turns = 1 },
                Debaters.ask(.vote, "a", "b") { $0.settings.isBlind = true },
            ] {
                let error = await #expect(throws: PlenumError.self) { _ = try await test.engine.start(ask) }
                #expect(error?.parameter != nil || error?.code == .recursivePanel)
            }
            let kept = try await test.storage.conversations()
            #expect(kept.elements.isEmpty)
        }
    }

    @Test("where no judge is named, one outside the panel is chosen; where there is none, a debate by sides is refused")
    func standardJudge() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(Debaters.ask(.sides, "a", "b", judge: nil))
            #expect(run.settings["judge"]?["model"] == "test/c")
            await test.engine.waitForRun(run.id)
            let error = await #expect(throws: PlenumError.self) {
                _ = try await test.engine.start(Debaters.ask(.sides, "a", "b", "c", judge: nil))
            }
            #expect(error?.parameter == "debate.judge.model")
        }
    }
}
