import PlenumCore
import PlenumEngine
import PlenumTesting
import Synchronization

@testable import PlenumStorage

/// Two engines on one database, as two processes have them.
struct TwoEnginesUnderTest {
    /// What both stand on.
    enum Backend: CaseIterable {
        case memory
        case sqlite
    }

    let one: EngineUnderTest
    let two: EngineUnderTest

    /// Runs a test with two engines; both ask the same script.
    static func run(
        _ backend: Backend,
        commandPatience: Duration = .seconds(120),
        _ script: @escaping @Sendable (CompletionRequest) throws(PlenumError) -> [ScriptedProvider.Step],
        _ body: @escaping @Sendable (TwoEnginesUnderTest) async throws -> Void
    ) async throws {
        let storages: (any Storage, any Storage)
        switch backend {
        case .memory: storages = InMemoryStorage.pair()
        case .sqlite:
            let database = try await SQLiteDatabase(SQLiteDatabase.Settings(isShared: true))
            storages = (try await SQLStorage(migrating: database), try await SQLStorage(migrating: database))
        }
        try await EngineUnderTest.run(storage: storages.0, commandPatience: commandPatience, script) { one in
            try await EngineUnderTest.run(storage: storages.1, commandPatience: commandPatience, script) { two in
                try await body(TwoEnginesUnderTest(one: one, two: two))
            }
        }
        await storages.0.close()
    }

    /// Lets the first engine's lease run out and the second sweep up after it, as if the first had been frozen for long.
    func overtake() async throws {
        // The first renews its lease when it likes, also between these two.
        for _ in 0..<100 {
            try await one.storage.renewLease(for: .zero)
            if try await two.storage.recover(at: two.engine.clock.now()) != Recovery() { return }
        }
        throw PlenumError(.internal, "Nothing was swept up.")
    }

    /// A conversation to ask in.
    func place() async throws -> ConversationPlace {
        let conversation = Conversation(id: one.engine.ids.next(), createdAt: one.engine.clock.now())
        try await one.storage.createConversation(conversation)
        return ConversationPlace(conversation: conversation.id)
    }
}

/// A database that says of a write that it failed, after it was done or instead of it.
final class BrokenDatabase: SQLDatabase {
    enum Fault {
        /// The write is done, and nobody hears of it.
        case losesOutcome
        /// The write is not done, and nobody hears of it.
        case refuses
    }

    let isShared = false
    private let base: SQLiteDatabase
    /// A fault that is due, at the next write that runs a statement, or at the next that weighs something.
    private struct Due {
        var fault: Fault
        var statement: SQLStatement?
    }

    private static let broken = PlenumError(.storage, "The connection broke.").ofUnknownOutcome

    private let next = Mutex<Due?>(nil)

    init() async throws { base = try await SQLiteDatabase(SQLiteDatabase.Settings()) }

    /// Lets the next write fail that begins or ends something: the engine's housekeeping weighs little, and comes whenever
    /// it likes.
    func fail(_ fault: Fault) { next.withLock { $0 = Due(fault: fault) } }

    /// Lets the next write fail that runs a statement, whatever is written before and beside it.
    func fail(_ fault: Fault, at statement: SQLStatement) {
        next.withLock { $0 = Due(fault: fault, statement: statement) }
    }

    func write(
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void
    ) async throws(PlenumError) {
        if let due = next.withLock({ $0 }), let statement = due.statement {
            return try await write(weighing: bytes, work, failing: due.fault, at: statement)
        }
        let due = bytes < 256 ? nil : next.withLock { $0.take() }
        if due?.fault != .refuses { try await base.write(weighing: bytes, work) }
        if due != nil { throw Self.broken }
    }

    private func write(
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void,
        failing fault: Fault,
        at statement: SQLStatement
    ) async throws(PlenumError) {
        let isMeant = Outcome<Bool>()
        try await base.write(weighing: bytes) { [self] session throws(PlenumError) in
            let watching = WatchingSession(session, for: statement)
            try work(watching)
            isMeant.set(watching.hasRun)
            guard watching.hasRun, fault == .refuses else { return }
            next.withLock { $0 = nil }
            throw Self.broken
        }
        guard isMeant.value == true else { return }
        next.withLock { $0 = nil }
        throw Self.broken
    }

    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Result
    ) async throws(PlenumError) -> Result {
        try await base.read(work)
    }

    func close() async { await base.close() }
}
