import Logging
import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Synchronization
import Testing

/// An engine over deployments that a test lists, each with a script of its own and all with a clock that the test can
/// put forward.
struct Fleet {
    /// Gives the steps of an answer, or throws a refusal; told how often it was called before.
    typealias Script = @Sendable (Int) throws(PlenumError) -> [ScriptedProvider.Step]

    /// A deployment.
    struct Member {
        var model: String
        var context: Int?
        var key: String?
        var isAvailable = true
        /// Dollars a million tokens, of either kind.
        var price: String?
        var isSimulated = false
        var capabilities = JSONObject()
        var script: Script

        init(
            _ model: String,
            context: Int? = nil,
            key: String? = nil,
            isAvailable: Bool = true,
            _ script: @escaping Script
        ) {
            self.model = model
            self.context = context
            self.key = key
            self.isAvailable = isAvailable
            self.script = script
        }

        /// One of `test/a`.
        init(_ script: @escaping Script) { self.init("test/a", script) }

        /// One that always answers with a word.
        static func well(
            _ word: String,
            _ model: String = "test/a",
            context: Int? = nil,
            key: String? = nil
        ) -> Member {
            Member(model, context: context, key: key) { _ in ScriptedProvider.answer(word) }
        }

        /// One that always refuses.
        static func failing(
            _ error: PlenumError,
            _ model: String = "test/a",
            context: Int? = nil,
            key: String? = nil
        ) -> Member {
            Member(model, context: context, key: key) { _ throws(PlenumError) in throw error }
        }
    }

    let engine: Engine
    let providers: [ScriptedProvider]
    private let ahead: Ahead

    /// How often each deployment was asked.
    var calls: [Int] { providers.map(\.requests.count) }

    /// Puts the clock forward.
    func pass(_ seconds: UInt64) { ahead.nanoseconds.withLock { $0 += seconds * 1_000_000_000 } }

    /// Runs a test with an engine that is running.
    static func run(_ members: [Member], _ body: @escaping @Sendable (Fleet) async throws -> Void) async throws {
        let ahead = Ahead()
        var providers: [ScriptedProvider] = []
        var deployments: [Deployment] = []
        for member in members {
            let count = Count()
            let provider = ScriptedProvider { _ throws(PlenumError) in try member.script(count.next()) }
            let id = try #require(ModelID(member.model))
            providers.append(provider)
            deployments.append(
                Deployment(
                    model: Model(
                        id: id,
                        context: member.context,
                        price: member.price.flatMap { Price(perMillion: $0) },
                        capabilities: ModelCapabilities(member.capabilities)
                    ),
                    provider: provider,
                    providerName: "Test",
                    availability: member.isAvailable ? .available : .missingKey(variable: "TEST_KEY"),
                    key: member.key,
                    isSimulated: member.isSimulated
                )
            )
        }
        let clock = EngineClock(
            now: EngineClock.system.now,
            ticks: { EngineClock.system.ticks() + ahead.nanoseconds.withLock { $0 } }
        )
        let engine = Engine(
            catalogue: Catalogue(deployments),
            storage: .inMemory,
            clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let fleet = Fleet(engine: engine, providers: providers, ahead: ahead)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            group.addTask { try await body(fleet) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// How far the test's clock is ahead of the machine's.
    private final class Ahead: Sendable {
        let nanoseconds = Mutex<UInt64>(0)
    }

    private final class Count: Sendable {
        private let state = Mutex(0)

        /// How often it was called before.
        func next() -> Int {
            state.withLock { count in
                count += 1
                return count - 1
            }
        }
    }
}

extension Price {
    /// A price of either kind of token; `nil` for what is no price.
    init?(perMillion text: String) {
        guard let rate = Rate(perMillion: text) else { return nil }
        self.init(base: Rates(input: rate, output: rate))
    }
}

extension Fleet {
    /// A whole answer's text and model.
    @discardableResult
    func complete(
        _ model: String = "test/a",
        or fallbacks: [String] = [],
        within limit: Duration? = nil
    ) async throws(PlenumError) -> (text: String, model: String) {
        var ask = EngineUnderTest.ask(model, streamed: false)
        ask.fallbacks = fallbacks
        ask.limit = limit
        let done = try await engine.complete(ask)
        return (done.reply.text, done.generation.model)
    }

    /// The events of a streamed answer.
    @discardableResult
    func stream(_ model: String = "test/a", or fallbacks: [String] = []) async throws -> [ReplyEvent] {
        var ask = EngineUnderTest.ask(model, streamed: true)
        ask.fallbacks = fallbacks
        let events = Mutex<[ReplyEvent]>([])
        try await engine.open(ask).deliver { piece in events.withLock { $0 += piece.events } }
        return events.withLock { $0 }
    }

    /// Does something until a moment has come, and leaves then.
    /// - Returns: the error that the work ended with.
    func leave(
        when hasCome: @escaping @Sendable () -> Bool,
        _ work: @escaping @Sendable () async throws -> Void
    ) async throws -> PlenumError? {
        try await withThrowingTaskGroup(of: PlenumError?.self) { group in
            group.addTask {
                do {
                    try await work()
                    return nil
                } catch {
                    return error as? PlenumError
                }
            }
            while !hasCome() { try await Task.sleep(for: .milliseconds(2)) }
            group.cancelAll()
            return try await group.next() ?? nil
        }
    }

    /// The error that something ends with.
    func failure(_ work: @Sendable () async throws -> Void) async -> PlenumError? {
        do {
            try await work()
            return nil
        } catch {
            return error as? PlenumError
        }
    }

    /// The rows of the ledger, and how many of them failed.
    func failures() async throws -> (requests: Int, failures: Int) {
        let rows = try await engine.storage.usage(by: .provider, since: nil)
        return (rows.map(\.requests).reduce(0, +), rows.map(\.failures).reduce(0, +))
    }
}
