import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Testing

@Suite("Runs")
struct RunTests {
    @Test("every seat's answer is kept under its model's name, the same model twice")
    func compare() async throws {
        try await EngineUnderTest.run { request in
            ScriptedProvider.answer("I am ", request.model)
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a", "test/b", "a"))
            let events = try await test.follow(run.id)
            #expect(events.first?.name == "run.created")
            #expect(events.last?.name == "run.completed")
            #expect(try events.text(of: 1) == "I am b")
            let messages = try await test.storage.messages(ofRun: run.id)
            #expect(messages.map(\.model) == ["test/a", "test/b", "test/a"])
            #expect(messages.map(\.text) == ["I am a", "I am b", "I am a"])
            #expect(messages.allSatisfy { $0.status == .completed && $0.usage != nil && $0.cost != nil })
            let kept = try await test.storage.run(run.id)
            #expect(kept.status == .completed)
            #expect(try await test.storage.conversation(run.conversation).title == "Which is better?")
        }
    }

    @Test("one seat's failure touches no other seat")
    func oneFails() async throws {
        try await EngineUnderTest.run { request throws(PlenumError) in
            if request.model == "b" { throw PlenumError(.overloaded, "Too much.") }
            return ScriptedProvider.answer("fine")
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a", "b", "c"))
            let events = try await test.follow(run.id)
            #expect(events.filter { $0.name == "seat.failed" }.map(\.seat) == [1])
            let messages = try await test.storage.messages(ofRun: run.id)
            #expect(messages.map(\.status) == [.completed, .failed, .completed])
            #expect(try await test.storage.run(run.id).stopReason == "some_seats_failed")
        }
    }

    @Test("a cancelled run keeps the text that came")
    func cancel() async throws {
        let gate = Gate()
        try await EngineUnderTest.run { _ in
            [.events([.text("half")]), .wait(gate)]
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a", "b"))
            for try await batch in try await test.engine.events(ofRun: run.id, after: 0)
            where batch.contains(where: { $0.name == "seat.delta" }) { break }
            try await test.engine.cancelRun(run.id)
            await test.engine.waitForRun(run.id)
            let kept = try await test.storage.run(run.id)
            #expect(kept.status == .cancelled)
            let messages = try await test.storage.messages(ofRun: run.id)
            #expect(messages.allSatisfy { $0.status == .cancelled })
            #expect(messages.contains { $0.text == "half" })
        }
    }

    @Test("a replay from any number adds up to the same text as the live stream")
    func replay() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("one ", "two ", "three")
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a", "b"))
            let live = try await test.follow(run.id)
            let replayed = try await test.follow(run.id)
            #expect(try replayed.text(of: 0) == live.text(of: 0))
            #expect(replayed.last?.name == "run.completed")
            let last = try #require(live.last?.sequence)
            let rest = try await test.follow(run.id, after: last - 1)
            #expect(rest.map(\.name) == ["run.completed"])
        }
    }

    @Test("a run goes on when nobody follows it")
    func unwatched() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("kept")
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a"))
            await test.engine.waitForRun(run.id)
            #expect(try await test.storage.run(run.id).status == .completed)
        }
    }

    @Test("no seat, too many seats and an unknown seat are refused before anything is kept")
    func refused() async throws {
        try await EngineUnderTest.run { _ in
            []
        } _: { test in
            for ask in [
                RunAsk(kind: .compare, input: [.text("x")], seats: []),
                RunAsk(kind: .compare, input: [.text("x")], seats: Array(repeating: .init(model: "a"), count: 17)),
                RunAsk(kind: .chat, input: [.text("x")], seats: [.init(model: "a"), .init(model: "b")]),
                RunAsk(kind: .compare, input: [.text("x")], seats: [.init(model: "nobody")]),
                RunAsk(kind: .init(rawValue: "duel"), input: [.text("x")], seats: [.init(model: "a")]),
            ] {
                await #expect(throws: PlenumError.self) { _ = try await test.engine.start(ask) }
            }
            let kept = try await test.storage.conversations()
            #expect(kept.elements.isEmpty)
        }
    }

    @Test("a compare's answers stay out of each other's history")
    func separateHistories() async throws {
        try await EngineUnderTest.run { request in
            ScriptedProvider.answer("from ", request.model)
        } _: { test in
            let first = try await test.engine.start(EngineUnderTest.compare("a", "b"))
            await test.engine.waitForRun(first.id)
            let place = ConversationPlace(conversation: first.conversation)
            let second = try await test.engine.start(EngineUnderTest.compare("c", place: place))
            await test.engine.waitForRun(second.id)
            guard case .chat(let chat)? = test.provider.requests.last?.prompt else {
                Issue.record("no prompt was sent")
                return
            }
            #expect(chat.turns.map(\.text) == ["Which is better?", "from a", "Which is better?"])
        }
    }
}
