import Logging
import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Synchronization
import Testing

@Suite("Attempts that fail before anything was shown")
struct RetryTests {
    private static let down = PlenumError(.unavailable, "Down.", upstream: .init(provider: "test", status: 503))

    /// An engine whose model `test/a` has two deployments, and `test/b` one; each takes its steps from its script.
    private func run(
        _ first: @escaping @Sendable (Int) throws(PlenumError) -> [ScriptedProvider.Step],
        _ second: @escaping @Sendable (Int) throws(PlenumError) -> [ScriptedProvider.Step],
        _ body: @escaping @Sendable (Engine, [ScriptedProvider]) async throws -> Void
    ) async throws {
        let providers = [Self.provider(first), Self.provider(second)]
        let models = [("a", providers[0]), ("a", providers[1]), ("b", providers[1])]
        let deployments = models.map { name, provider in
            Deployment(
                model: Model(id: ModelID(provider: "test", model: name)),
                provider: provider,
                providerName: "Test"
            )
        }
        let engine = Engine(
            catalogue: Catalogue(deployments),
            storage: .inMemory,
            logger: Logger(label: "test")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            group.addTask { try await body(engine, providers) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// The same, with a second deployment that answers.
    private func run(
        _ first: @escaping @Sendable (Int) throws(PlenumError) -> [ScriptedProvider.Step],
        _ body: @escaping @Sendable (Engine, [ScriptedProvider]) async throws -> Void
    ) async throws {
        try await run(first, { _ in ScriptedProvider.answer("second") }, body)
    }

    /// A provider that is told how often it was asked before.
    private static func provider(
        _ script: @escaping @Sendable (Int) throws(PlenumError) -> [ScriptedProvider.Step]
    ) -> ScriptedProvider {
        let count = Counter()
        return ScriptedProvider { _ throws(PlenumError) in try script(count.next()) }
    }

    private static func read(_ open: OpenCompletion) async throws -> [ReplyEvent] {
        let events = Mutex<[ReplyEvent]>([])
        try await open.deliver { piece in events.withLock { all in all += piece.events } }
        return events.withLock { $0 }
    }

    /// The statuses of the attempts of a group, in order, and the numbers that they have.
    private static func attempts(_ engine: Engine, _ last: Generation) async throws -> [String] {
        let usage = try await engine.storage.usage(by: .model, since: nil)
        let first = try await engine.storage.generation(last.group)
        let end = try await engine.storage.generation(last.id)
        #expect(end.group == first.id)
        return ["\(usage.map(\.requests).reduce(0, +)) rows", "\(first.status)", "\(end.attempt) \(end.status)"]
    }

    @Test("a whole answer comes from the other deployment, and both attempts are in the ledger")
    func whole() async throws {
        try await run { _ throws(PlenumError) in
            throw Self.down
        } _: { engine, providers in
            let done = try await engine.complete(EngineUnderTest.ask("test/a", streamed: false))
            #expect(done.reply.text == "second")
            #expect(try await Self.attempts(engine, done.generation) == ["2 rows", "failed", "2 completed"])
            #expect(providers.map(\.requests.count) == [1, 1])
        }
    }

    @Test("a stream shows nothing of an attempt that broke before its first word")
    func stream() async throws {
        try await run { _ in
            [.events([.start(id: "gone", model: "m")]), .fail(PlenumError(.upstreamInterrupted, "It broke off."))]
        } _: { engine, _ in
            let open = try await engine.open(EngineUnderTest.ask("test/a", streamed: true))
            let events = try await Self.read(open)
            #expect(Reply(events).text == "second")
            #expect(events.count { if case .start = $0 { true } else { false } } == 1)
            #expect(try await engine.storage.generation(open.generation.id).status == .failed)
        }
    }

    @Test("after the first word nobody else is asked, and the client is told")
    func afterContent() async throws {
        try await run { _ in
            [.events([.start(id: "r", model: "m")]), .events([.text("one")]), .fail(Self.down)]
        } _: { engine, providers in
            let open = try await engine.open(EngineUnderTest.ask("test/a", streamed: true))
            await #expect(throws: Self.down) { try await Self.read(open) }
            #expect(providers.map(\.requests.count) == [1, 0])
        }
    }

    @Test("where there is one deployment it is asked once more, after a pause")
    func again() async throws {
        try await run { _ in
            []
        } _: { count throws(PlenumError) in
            guard count > 1 else { throw Self.down }
            return ScriptedProvider.answer("at last")
        } _: { engine, providers in
            let open = try await engine.open(EngineUnderTest.ask("test/b", streamed: true))
            #expect(open.generation.attempt == 2)
            let events = try await Self.read(open)
            #expect(Reply(events).text == "at last")
            #expect(try await Self.attempts(engine, open.generation) == ["2 rows", "failed", "2 completed"])
            #expect(providers[1].requests.count == 2)
        }
    }

    @Test("three attempts are the most, and the last error is told")
    func most() async throws {
        try await run { _ throws(PlenumError) in
            throw Self.down
        } _: { _ throws(PlenumError) in
            throw Self.down
        } _: { engine, providers async throws in
            await #expect(throws: Self.down) {
                try await engine.complete(EngineUnderTest.ask("test/a", streamed: false))
            }
            #expect(providers.map(\.requests.count) == [1, 2])
            let rows = try await engine.storage.usage(by: .model, since: nil)
            #expect(rows.map(\.failures) == [3])
        }
    }

    @Test("what the client did wrong is not tried elsewhere")
    func clientsFault() async throws {
        let refused = PlenumError(.contextLength, "Too long.", upstream: .init(provider: "test", status: 400))
        try await run { _ throws(PlenumError) in
            throw refused
        } _: { engine, providers in
            await #expect(throws: refused) {
                try await engine.complete(EngineUnderTest.ask("test/a", streamed: false))
            }
            #expect(providers.map(\.requests.count) == [1, 0])
        }
    }

    @Test("a deployment that asked to be left alone is, while there is another")
    func cooldown() async throws {
        let later = PlenumError(
            .rateLimited,
            "Later.",
            retryAfter: .seconds(60),
            upstream: .init(provider: "test", status: 429)
        )
        try await run { _ throws(PlenumError) in
            throw later
        } _: { engine, providers in
            for _ in 1...4 { _ = try await engine.complete(EngineUnderTest.ask("test/a", streamed: false)) }
            #expect(providers.map(\.requests.count) == [1, 4])
        }
    }

    @Test("a seat goes on with the model that stands in, and says so")
    func seats() async throws {
        try await run { _ throws(PlenumError) in
            throw Self.down
        } _: { count throws(PlenumError) in
            // The first time it stands for test/a's other deployment.
            guard count > 1 else { throw Self.down }
            return ScriptedProvider.answer("instead")
        } _: { engine, _ in
            let ask = RunAsk(
                kind: .compare,
                input: [.text("Which?")],
                seats: [RunAsk.Seat(model: "test/a", fallbacks: ["test/b"])]
            )
            let run = try await engine.start(ask)
            await engine.waitForRun(run.id)
            let message = try #require(try await engine.storage.messages(ofRun: run.id).first)
            #expect(message.text == "instead" && message.model == "test/b" && message.status == .completed)
            let rows = try await engine.storage.generations(ofRun: run.id)
            #expect(rows.map(\.attempt) == [1, 2, 3])
            #expect(Set(rows.map(\.group)) == [rows[0].id])
            #expect(message.generation == rows[2].id)
        }
    }
}

/// Counts from 1.
private final class Counter: Sendable {
    private let state = Mutex(0)

    func next() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}
