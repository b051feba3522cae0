import PlenumCore
import Synchronization

@testable import PlenumStorage

/// A database of PostgreSQL that asks for the plan of every statement right before it is carried out, with the arguments
/// that it has then. A connection lives for one transaction.
final class PlanningDatabase: SQLDatabase {
    let isShared = true
    private let settings: PostgresSettings
    private let isClosed = Atomic(false)
    private let found = Mutex<[SQLStatement: Set<[String]>]>([:])

    /// The lines of `EXPLAIN` of every statement that was carried out.
    var plans: [SQLStatement: Set<[String]>] { found.withLock { $0 } }

    init(_ settings: PostgresSettings) { self.settings = settings }

    func write(
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void
    ) async throws(PlenumError) {
        try carryOut(.write, work)
    }

    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Result
    ) async throws(PlenumError) -> Result {
        try carryOut(.read, work)
    }

    func close() async { isClosed.store(true, ordering: .relaxed) }

    private func carryOut<Result>(
        _ kind: PostgresTransaction,
        _ work: (any SQLSession) throws(PlenumError) -> Result
    ) throws(PlenumError) -> Result {
        guard !isClosed.load(ordering: .relaxed) else { throw .storageClosed }
        do {
            let connection = try PostgresConnection.open(settings) { _ throws(PostgresFault) in }
            let session = try PlanningSession(connection, kind)
            let result = Swift.Result { () throws(PlenumError) in try work(session) }
            try session.inner.end(committing: (try? result.get()) != nil)
            found.withLock { found in
                for (statement, plan) in session.plans { found[statement, default: []].insert(plan) }
            }
            return try result.get()
        } catch let fault as PostgresFault {
            throw fault.error
        } catch {
            throw error as? PlenumError ?? PlenumError(.storage, "\(error)")
        }
    }
}

/// A transaction in which nothing is read from a table's beginning to its end if there is another way.
private final class PlanningSession: SQLSession {
    let inner: PostgresSession
    private let connection: PostgresConnection
    private(set) var plans: [(SQLStatement, [String])] = []

    init(_ connection: PostgresConnection, _ kind: PostgresTransaction) throws(PlenumError) {
        self.connection = connection
        inner = PostgresSession(connection, kind) { _ throws(PostgresFault) in }
        try inner.execute("SET LOCAL enable_seqscan = off")
    }

    var dialect: SQLDialect { inner.dialect }
    var arguments: SQLArguments { inner.arguments }

    private func explain(_ statement: SQLStatement) throws(PlenumError) {
        var lines: [String] = []
        do {
            var text = PostgresText.of(statement)
            text.text = Array("EXPLAIN ".utf8CString.dropLast()) + text.text
            try connection.send(text, arguments, rows: [arguments.values.indices])
            try connection.sync()
            try connection.answers(tick: { _ throws(PostgresFault) in }) { _, result in
                for row in 0..<result.rows {
                    result.row = Int32(row)
                    lines.append(result.text(0))
                }
            }
        } catch {
            throw error.error
        }
        plans.append((statement, lines))
    }

    func run(_ statement: SQLStatement) throws(PlenumError) -> Int {
        try explain(statement)
        return try inner.run(statement)
    }

    func exists(_ statement: SQLStatement) throws(PlenumError) -> Bool {
        try explain(statement)
        return try inner.exists(statement)
    }

    func query(
        _ statement: SQLStatement,
        _ body: (inout SQLRowReader) throws(PlenumError) -> Void
    ) throws(PlenumError) {
        try explain(statement)
        try inner.query(statement, body)
    }

    func execute(_ script: String) throws(PlenumError) { try inner.execute(script) }
}
