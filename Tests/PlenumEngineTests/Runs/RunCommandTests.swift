import PlenumCore
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumEngine

@Suite("What people say to runs")
struct RunCommandTests {
    /// Lets calls of some models wait until the test lets them go on.
    private final class Holding: Sendable {
        private let gates = Mutex<[String: Gate]>([:])

        /// Holds the calls of a model until ``release(_:)``.
        func hold(_ model: String) { gates.withLock { $0[model] = Gate() } }

        func release(_ model: String) { gates.withLock { $0.removeValue(forKey: model) }?.open() }

        func script(_ request: CompletionRequest) throws(PlenumError) -> [ScriptedProvider.Step] {
            let steps = try Debaters.script(request)
            guard let gate = gates.withLock({ $0[request.model] }) else { return steps }
            return [.events([.text("Half. ")]), .wait(gate)] + steps
        }
    }

    @Test("a paused debate makes no call until it is let go on; a person's word is heard at the next turn")
    func pauseAndSay() async throws {
        let holding = Holding()
        holding.hold("a")
        try await EngineUnderTest.run(holding.script) { test in
            let run = try await test.engine.start(Debaters.ask(.sides, "a", "b"))
            try await test.wait(run.id) { $0.name == "seat.delta" }
            _ = try await test.engine.tell(run.id, .pause)
            _ = try await test.engine.tell(run.id, .say("Think of the cost."))
            holding.release("a")
            try await test.wait(run.id) { $0.name == "seat.completed" }
            var kept = try await test.engine.record(of: run.id)
            #expect(kept.settings.isPaused)
            #expect(kept.turns.count == 1)
            let count = test.provider.requests.count
            _ = try await test.engine.tell(run.id, .resume)
            let events = try await test.follow(run.id)
            #expect(events.contains { $0.name == "run.paused" } && events.contains { $0.name == "run.resumed" })
            #expect(events.contains { $0.name == "human" })
            #expect(Debaters.prompt(test.provider.requests[count]).contains("Think of the cost."))
            kept = try await test.engine.record(of: run.id)
            #expect(kept.turns[1].slot.step.phase == .human)
            #expect(kept.messages[1].role == .user)
            // One chain: what the second side says hangs on the person's word.
            #expect(kept.messages[2].parent == kept.messages[1].id)
        }
    }

    @Test("what is said as a run ends is answered, whatever the answer is", .timeLimit(.minutes(2)))
    func tooLate() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            for _ in 0..<60 {
                let run = try await test.engine.start(Debaters.ask(.vote, "a", "b"))
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            // Refused while it goes on, so that nothing of the run changes.
                            while let active = test.engine.runs[run.id] { try? await active.commands.send(.judge(nil)) }
                        }
                    }
                }
                #expect(try await test.storage.run(run.id).status.isTerminal)
            }
        }
    }

    @Test("a debate that goes step by step waits after each, and a step is one turn")
    func stepwise() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(
                Debaters.ask(.talk, "a", "b") { ask in
                    ask.settings.turns = 3
                    ask.settings.isStepwise = true
                }
            )
            for count in 1...2 {
                try await test.wait(run.id) { event in
                    event.name == "run.paused" && (try? JSONValue(parsing: event.data))?["reason"] == "step"
                }
                while try await !test.engine.record(of: run.id).settings.isPaused { await Task.yield() }
                #expect(try await test.engine.record(of: run.id).turns.count == count)
                _ = try await test.engine.tell(run.id, .step)
                while try await test.engine.record(of: run.id).turns.count == count { await Task.yield() }
            }
            await test.engine.waitForRun(run.id)
            #expect(try await test.storage.run(run.id).stopReason == "max_turns")
        }
    }

    @Test("\"conclude\" begins no further round and has the judge decide")
    func conclude() async throws {
        let holding = Holding()
        holding.hold("b")
        try await EngineUnderTest.run(holding.script) { test in
            let run = try await test.engine.start(Debaters.ask(.sides, "a", "b") { $0.settings.rounds = 5 })
            try await test.wait(run.id) { $0.name == "seat.delta" && $0.seat == 1 }
            _ = try await test.engine.tell(run.id, .conclude)
            holding.release("b")
            await test.engine.waitForRun(run.id)
            let record = try await test.engine.record(of: run.id)
            #expect(record.run.stopReason == "concluded")
            #expect(record.turns.map(\.slot.step.phase) == [.opening, .opening, .judge, .judge])
        }
    }

    @Test("a debate that has ended is extended, and its verdict is given anew over all rounds")
    func extend() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(
                Debaters.ask(.sides, "a", "b") { ask in
                    ask.settings.rounds = 1
                    ask.settings.stopsEarly = false
                }
            )
            await test.engine.waitForRun(run.id)
            #expect(try await test.engine.record(of: run.id).turns.count == 4)
            _ = try await test.engine.tell(run.id, .extend(rounds: 1, turns: 0, maxCost: nil))
            await test.engine.waitForRun(run.id)
            let record = try await test.engine.record(of: run.id)
            #expect(record.run.status == .completed)
            #expect(record.turns.map(\.slot.step.phase).suffix(4) == [.rebuttal, .rebuttal, .judge, .judge])
            let events = try await test.follow(run.id)
            #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
            #expect(events.count { $0.name == "run.completed" } == 2)
            await #expect(throws: PlenumError.self) {
                _ = try await test.engine.tell(run.id, .extend(rounds: 9, turns: 0, maxCost: nil))
            }
        }
    }

    @Test("one seat is cancelled while the others go on, and asked again later, perhaps as another model")
    func cancelAndRetry() async throws {
        let holding = Holding()
        holding.hold("a")
        try await EngineUnderTest.run(holding.script) { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a", "b", "c"))
            try await test.wait(run.id) { $0.name == "seat.delta" && $0.seat == 0 }
            _ = try await test.engine.tell(run.id, .cancelSeat(0))
            await test.engine.waitForRun(run.id)
            var record = try await test.engine.record(of: run.id)
            #expect(record.run.status == .incomplete)
            #expect(record.messages.map(\.status) == [.cancelled, .completed, .completed])
            #expect(record.messages[0].text == "Half. ")
            _ = try await test.engine.tell(run.id, .retrySeat(0, model: "test/b"))
            await test.engine.waitForRun(run.id)
            record = try await test.engine.record(of: run.id)
            #expect(record.run.status == .completed)
            #expect(record.turns.map(\.slot.seat) == [0, 1, 2, 0])
            #expect(record.message(of: 0)?.model == "test/b")
            // The one that was cancelled stays as it was, beside the new one.
            #expect(record.messages[0].status == .cancelled)
            #expect(record.messages[3].parent == run.inputMessage)
        }
    }

    @Test("a seat that fails is asked again while another still answers")
    func retryWhileOthersAnswer() async throws {
        let holding = Holding()
        let isDown = Mutex(true)
        holding.hold("b")
        try await EngineUnderTest.run { request throws(PlenumError) in
            if request.model == "a", isDown.withLock({ $0 }) { throw PlenumError(.invalidRequest, "No.") }
            return try holding.script(request)
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a", "b"))
            try await test.wait(run.id) { $0.name == "seat.failed" }
            isDown.withLock { $0 = false }
            _ = try await test.engine.tell(run.id, .retrySeat(0, model: nil))
            try await test.wait(run.id) { $0.name == "seat.completed" && $0.seat == 0 }
            await #expect(throws: PlenumError.self) {
                _ = try await test.engine.tell(run.id, .retrySeat(1, model: nil))
            }
            holding.release("b")
            await test.engine.waitForRun(run.id)
            #expect(try await test.storage.run(run.id).status == .completed)
        }
    }

    @Test("a seat joins a compare that has ended, and one that goes on")
    func addSeat() async throws {
        let holding = Holding()
        try await EngineUnderTest.run(holding.script) { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a"))
            await test.engine.waitForRun(run.id)
            holding.hold("b")
            _ = try await test.engine.tell(run.id, .addSeat(Seat(index: 0, model: "test/b")))
            _ = try await test.engine.tell(run.id, .addSeat(Seat(index: 0, model: "test/c")))
            try await test.wait(run.id) { $0.name == "seat.completed" && $0.seat == 2 }
            holding.release("b")
            await test.engine.waitForRun(run.id)
            let record = try await test.engine.record(of: run.id)
            #expect(record.run.seats.map(\.model) == ["test/a", "test/b", "test/c"])
            #expect(record.run.status == .completed)
            #expect(record.answers.count == 3)
        }
    }

    @Test("what does not fit how far a run has come is refused, and changes nothing")
    func unfitting() async throws {
        try await EngineUnderTest.run(Debaters.script) { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a"))
            await test.engine.waitForRun(run.id)
            let before = try await test.storage.run(run.id)
            for command in [
                RunCommand.pause, .resume, .step, .conclude, .say("x"), .cancelSeat(0), .cancelSeat(7),
                .retrySeat(3, model: nil),
                .extend(rounds: 1, turns: 0, maxCost: nil), .judge(nil),
            ] {
                await #expect(throws: PlenumError.self) { _ = try await test.engine.tell(run.id, command) }
            }
            #expect(try await test.storage.run(run.id) == before)
        }
    }

    @Test("a debate that could not be judged is judged again by another model")
    func judgeAgain() async throws {
        try await EngineUnderTest.run { request throws(PlenumError) in
            if request.model == "c" { throw PlenumError(.invalidRequest, "No.") }
            return try Debaters.script(request)
        } _: { test in
            let run = try await test.engine.start(Debaters.ask(.council, "a", "b") { $0.settings.rounds = nil })
            await test.engine.waitForRun(run.id)
            #expect(try await test.storage.run(run.id).result?["chair_substituted"] == true)
            _ = try await test.engine.tell(run.id, .judge(RunSettings.Voice(model: "b")))
            await test.engine.waitForRun(run.id)
            let result = try await test.storage.run(run.id).result
            #expect(result?["chair"] == "test/b")
            #expect(result?["chair_substituted"] == false)
        }
    }
}
