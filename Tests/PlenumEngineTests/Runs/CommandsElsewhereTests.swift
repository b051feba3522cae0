import PlenumCore
import PlenumTesting
import Testing

@testable import PlenumEngine

@Suite("What people say to a run through another engine than the one that carries it out")
struct CommandsElsewhereTests {
    typealias Backend = TwoEnginesUnderTest.Backend

    private func wait(_ test: EngineUnderTest, _ run: RunID, until holds: (RunRecord) -> Bool) async throws {
        while try await !holds(test.engine.record(of: run)) { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("is done there, and answered as it would be there", arguments: Backend.allCases)
    func steering(backend: Backend) async throws {
        try await TwoEnginesUnderTest.run(backend, Debaters.script) { test in
            let run = try await test.one.engine.start(
                Debaters.ask(.talk, "a", "b") { ask in
                    ask.settings.turns = 6
                    ask.settings.isStepwise = true
                }
            )
            try await wait(test.two, run.id) { $0.settings.isPaused }
            let told = try await test.two.engine.tell(run.id, .say("Think of the cost."))
            #expect(RunSettings(told.settings).says == ["Think of the cost."])
            _ = try await test.two.engine.tell(run.id, .step)
            try await wait(test.two, run.id) { $0.turns.count == 3 && $0.settings.isPaused }
            #expect(try await test.two.engine.record(of: run.id).turns[1].text == "Think of the cost.")
            // What it refuses at home it refuses from elsewhere, in the same words.
            for engine in [test.one.engine, test.two.engine] {
                let error = await #expect(throws: PlenumError.self) { _ = try await engine.tell(run.id, .judge(nil)) }
                #expect(error?.code == .conflict && error?.message.contains("has not ended") == true)
            }
            let longer = try await test.two.engine.tell(run.id, .extend(rounds: 0, turns: 1, maxCost: nil))
            #expect(RunSettings(longer.settings).turns == 7)
            _ = try await test.two.engine.tell(run.id, .conclude)
            await test.two.engine.waitForRun(run.id)
            let ended = try await test.two.engine.record(of: run.id)
            #expect(ended.run.status == .incomplete && ended.run.stopReason == "concluded")
        }
    }

    @Test("each of many at once is done once", arguments: Backend.allCases)
    func many(backend: Backend) async throws {
        let gate = Gate()
        try await TwoEnginesUnderTest.run(backend) { request throws(PlenumError) in
            [.wait(gate)] + (try Debaters.script(request))
        } _: { test in
            let run = try await test.one.engine.start(Debaters.ask(.talk, "a", "b") { $0.settings.turns = 2 })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    let engine = number % 2 == 0 ? test.one.engine : test.two.engine
                    group.addTask { _ = try await engine.tell(run.id, .say("Word \(number)")) }
                }
                try await group.waitForAll()
            }
            let says = RunSettings(try await test.two.storage.run(run.id).settings).says
            #expect(says.sorted() == (1...20).map { "Word \($0)" }.sorted())
            gate.open()
            await test.two.engine.waitForRun(run.id)
        }
    }

    @Test("of a run that has ended by then is done where it was said", arguments: Backend.allCases)
    func ended(backend: Backend) async throws {
        try await TwoEnginesUnderTest.run(backend, Debaters.script) { test in
            let run = try await test.one.engine.start(Debaters.ask(.talk, "a", "b") { $0.settings.turns = 2 })
            await test.one.engine.waitForRun(run.id)
            _ = try await test.two.engine.tell(run.id, .extend(rounds: 0, turns: 2, maxCost: nil))
            // It is the second one's now, and the first one the one that is elsewhere.
            await test.one.engine.waitForRun(run.id)
            #expect(try await test.one.engine.record(of: run.id).turns.count == 4)
        }
    }

    @Test("is taken back where nobody hears", arguments: Backend.allCases)
    func unheard(backend: Backend) async throws {
        try await TwoEnginesUnderTest.run(backend, commandPatience: .seconds(1), Debaters.script) { test in
            // A run of a process that is there by its lease alone.
            let place = try await test.place()
            let run = Run(
                id: test.one.engine.ids.next(),
                kind: .debate,
                conversation: place.conversation,
                inputMessage: test.one.engine.ids.next(),
                seats: [],
                settings: JSONObject(),
                createdAt: test.one.engine.clock.now()
            )
            try await test.one.storage.commit([.createRun(run)])
            let error = await #expect(throws: PlenumError.self) { _ = try await test.two.engine.tell(run.id, .pause) }
            #expect(error?.code == .conflict && error?.isRetryable == true && error?.retryAfter != nil)
            #expect(error?.message.contains("nothing was done") == true)
            #expect(try await test.one.storage.commandsToObey() == [])
        }
    }

    @Test("reads as it was said when it arrives")
    func codes() {
        let seat = Seat(index: 2, model: "test/a", system: "Be brief.")
        let voice = RunSettings.Voice(model: "test/b")
        let commands: [RunCommand] = [
            .pause, .resume, .step, .conclude, .extend(rounds: 1, turns: 0, maxCost: Money(nanoDollars: 5)),
            .extend(rounds: 0, turns: 3, maxCost: nil), .say("Hm."), .cancelSeat(1), .retrySeat(0, model: nil),
            .retrySeat(1, model: "test/c"), .addSeat(seat), .judge(nil), .judge(voice),
        ]
        for command in commands {
            let read = RunCommand(command.json)
            #expect(read.map { "\($0)" } == "\(command)")
        }
        #expect(RunCommand(JSONObject([("command", "dance")])) == nil)
        #expect(RunCommand(JSONObject()) == nil)
    }
}
