import Logging
import PlenumCore
import PlenumEngine
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumStorage

@Suite("Runs that are taken up again")
struct RunResumeTests {
    /// Counts calls, and lets the one with a number hang before or after its first words.
    private final class Falling: Sendable {
        private let state = Mutex((calls: 0, at: Int.max, words: false))
        let gate = Gate()

        var calls: Int { state.withLock { $0.calls } }

        func fall(at call: Int, withWords words: Bool) {
            state.withLock { ($0.at, $0.words) = ($0.calls + call, words) }
        }

        func script(_ request: CompletionRequest) throws(PlenumError) -> [ScriptedProvider.Step] {
            let (hangs, words) = state.withLock { state in
                state.calls += 1
                return (state.calls == state.at, state.words)
            }
            let steps = try Debaters.script(request)
            guard hangs else { return steps }
            return (words ? [.events([.text("Half a ")])] : []) + [.wait(gate)]
        }
    }

    private func engine(_ storage: any Storage, _ provider: ScriptedProvider) -> Engine {
        let deployments = ["a", "b", "c", "d"].map { name in
            Deployment(
                model: Model(id: ModelID(provider: "test", model: name)),
                provider: provider,
                providerName: "Test"
            )
        }
        return Engine(catalogue: Catalogue(deployments), storage: storage, logger: Logger(label: "test"))
    }

    /// Runs a body with an engine, and takes the engine away when it ends.
    private func with(_ engine: Engine, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            group.addTask { try await body() }
            try await group.next()
            group.cancelAll()
        }
    }

    @Test(
        "a debate that dies in any of its calls is finished by another engine, with at most one call made twice and no turn twice",
        arguments: 1...13,
        [false, true]
    )
    func everyCall(_ call: Int, _ words: Bool) async throws {
        let falling = Falling()
        let provider = ScriptedProvider(falling.script)
        let (storage, other) = InMemoryStorage.pair()
        let (first, second) = (engine(storage, provider), engine(other, provider))
        _ = try await first.recover()
        let name = Mutex<RunID?>(nil)
        falling.fall(at: call, withWords: words)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await first.run() }
            let run = try await first.start(
                Debaters.ask(.sides, "a", "b", "c", judge: "d") { ask in
                    ask.settings.rounds = 3
                }
            )
            name.withLock { $0 = run.id }
            while falling.calls < call { try await Task.sleep(for: .milliseconds(1)) }
            // The first one's process is gone as far as the storage knows: whatever it says now is refused or too late.
            try await storage.renewLease(for: .zero)
            _ = try await second.recover()
            #expect(try await storage.run(run.id).status == .interrupted)
            try await with(second) {
                _ = try await second.tell(run.id, .resume)
                await second.waitForRun(run.id)
            }
            group.cancelAll()
            falling.gate.open()
        }
        let id = try #require(name.withLock { $0 })
        let record = try await second.record(of: id)
        #expect(record.run.status == .completed)
        #expect(record.run.result?["method"] == "judge")
        // 3 × 3 speeches, two checks, two verdicts.
        let finished = record.turns.filter { $0.status == .completed }
        #expect(finished.count == 13)
        #expect(Set(finished.map(\.slot)).count == 13)
        #expect(falling.calls == 14)
        #expect(record.turns.count == 14)
    }

    @Test("readers from before and after see the same, and numbers only grow")
    func readers() async throws {
        let falling = Falling()
        let provider = ScriptedProvider(falling.script)
        let (storage, other) = InMemoryStorage.pair()
        let (first, second) = (engine(storage, provider), engine(other, provider))
        _ = try await first.recover()
        falling.fall(at: 3, withWords: true)
        let name = Mutex<RunID?>(nil)
        try await with(first) {
            let run = try await first.start(Debaters.ask(.talk, "a", "b") { $0.settings.turns = 6 })
            name.withLock { $0 = run.id }
            while falling.calls < 3 { try await Task.sleep(for: .milliseconds(1)) }
            first.stopAccepting()
        }
        let id = try #require(name.withLock { $0 })
        #expect(try await storage.run(id).status == .interrupted)
        _ = try await second.recover()
        try await with(second) {
            _ = try await second.tell(id, .resume)
            var events: [RunEvent] = []
            for try await batch in try await second.events(ofRun: id, after: 0) { events += batch }
            #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
            #expect(Set(events.map(\.sequence)).count == events.count)
            #expect(events.contains { $0.name == "snapshot" })
            let told = try ToldRun(events)
            for turn in try await second.record(of: id).turns where turn.status == .completed {
                #expect(told.texts[turn.number] == turn.text)
            }
        }
    }

    @Test("a run that goes on, or has nothing left to do, is not taken up")
    func notTwice() async throws {
        let falling = Falling()
        let provider = ScriptedProvider(falling.script)
        let engine = engine(.inMemory, provider)
        falling.fall(at: 1, withWords: false)
        try await with(engine) {
            let run = try await engine.start(EngineUnderTest.compare("a"))
            while falling.calls < 1 { try await Task.sleep(for: .milliseconds(1)) }
            await #expect(throws: PlenumError.self) { _ = try await engine.tell(run.id, .resume) }
            falling.gate.open()
            await engine.waitForRun(run.id)
        }
        #expect(falling.calls == 1)
    }

    @Test("of a compare only the seats that were not finished are asked again")
    func compare() async throws {
        let falling = Falling()
        let provider = ScriptedProvider(falling.script)
        let (storage, other) = InMemoryStorage.pair()
        let (first, second) = (engine(storage, provider), engine(other, provider))
        _ = try await first.recover()
        falling.fall(at: 1, withWords: true)
        let name = Mutex<RunID?>(nil)
        try await with(first) {
            let run = try await first.start(EngineUnderTest.compare("a", "b", "c"))
            name.withLock { $0 = run.id }
            var ended = 0
            for try await batch in try await first.events(ofRun: run.id, after: 0) {
                ended += batch.count { $0.name == "seat.completed" }
                if ended == 2 { break }
            }
            first.stopAccepting()
        }
        let id = try #require(name.withLock { $0 })
        _ = try await second.recover()
        try await with(second) {
            _ = try await second.tell(id, .resume)
            await second.waitForRun(id)
        }
        #expect(falling.calls == 4)
        let record = try await second.record(of: id)
        #expect(record.run.status == .completed)
        #expect(record.turns.count == 4)
    }
}
