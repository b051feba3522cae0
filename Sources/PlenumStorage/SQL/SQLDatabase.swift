import PlenumCore

/// What a SQL backend brings: connections. Schema, migrations and statements stand in ``SQLStorage``, once for all.
protocol SQLDatabase: Sendable {
    /// Whether other processes may be using it at the same time.
    var isShared: Bool { get }

    /// Does a unit of work in a write transaction and returns when it will survive a crash.
    ///
    /// Units that wait at the same moment may share a transaction; the work may be done again from a clean state when
    /// another unit of its transaction failed. Once accepted it is carried out, whatever becomes of the caller's task.
    /// - Parameter bytes: about how much memory the work holds on to while it waits.
    /// - Throws: what the work throws, which then has changed nothing; `storage` if it cannot be committed.
    func write(
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void
    ) async throws(PlenumError)

    /// Does a unit of work that only reads, all of it in one snapshot that has every change whose commit has returned.
    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Result
    ) async throws(PlenumError) -> Result

    /// Brings the tables up to date, in a write transaction that may take its time.
    func migrate() async throws(PlenumError)

    /// Finishes what was accepted and lets go of everything; later calls throw `storage`.
    func close() async
}

extension SQLDatabase {
    func migrate() async throws(PlenumError) {
        try await write(weighing: 0) { session throws(PlenumError) in try SQLSchema.migrate(session) }
    }
}

/// A connection inside a transaction, used by one thread at a time.
protocol SQLSession: AnyObject {
    /// What its SQL differs in.
    var dialect: SQLDialect { get }

    /// Where the arguments of the next statement are put, in the order of its placeholders.
    var arguments: SQLArguments { get }

    /// Runs a statement that gives no rows.
    /// - Returns: how many rows it changed.
    /// - Throws: `conflict` if a row with the same key is there, `storage` for anything else.
    func run(_ statement: SQLStatement) throws(PlenumError) -> Int

    /// Runs a statement that must change a row.
    /// - Throws: what `fault` makes if it changes none.
    func demand(
        _ statement: SQLStatement,
        orThrow fault: () throws(PlenumError) -> PlenumError,
        _ fill: (SQLArguments) -> Void
    ) throws(PlenumError)

    /// Whether a statement gives any row.
    func exists(_ statement: SQLStatement) throws(PlenumError) -> Bool

    /// Runs a statement and hands over its rows one by one. The body must not use the session.
    func query(
        _ statement: SQLStatement,
        _ body: (inout SQLRowReader) throws(PlenumError) -> Void
    ) throws(PlenumError)

    /// Runs statements without arguments or rows, of which nothing is kept: for migrations.
    func execute(_ script: String) throws(PlenumError)
}

extension SQLSession {
    /// Runs a statement with arguments.
    @discardableResult
    func run(_ statement: SQLStatement, _ fill: (SQLArguments) -> Void) throws(PlenumError) -> Int {
        fill(arguments)
        return try run(statement)
    }

    /// Runs a statement that must change a row.
    /// - Throws: what `fault` makes if it changes none.
    func demand(
        _ statement: SQLStatement,
        orThrow fault: () throws(PlenumError) -> PlenumError,
        _ fill: (SQLArguments) -> Void
    ) throws(PlenumError) {
        fill(arguments)
        guard try run(statement) > 0 else { throw try fault() }
    }

    /// Gives all rows of a statement.
    func rows<Row>(
        _ statement: SQLStatement,
        _ fill: (SQLArguments) -> Void,
        _ decode: (inout SQLRowReader) throws(PlenumError) -> Row
    ) throws(PlenumError) -> [Row] {
        var rows: [Row] = []
        fill(arguments)
        try query(statement) { reader throws(PlenumError) in rows.append(try decode(&reader)) }
        return rows
    }

    /// Gives the first row of a statement, `nil` if there is none.
    func first<Row>(
        _ statement: SQLStatement,
        _ fill: (SQLArguments) -> Void,
        _ decode: (inout SQLRowReader) throws(PlenumError) -> Row
    ) throws(PlenumError) -> Row? {
        try rows(statement, fill, decode).first
    }

    /// Whether a statement gives any row.
    func exists(_ statement: SQLStatement, _ fill: (SQLArguments) -> Void) throws(PlenumError) -> Bool {
        fill(arguments)
        return try exists(statement)
    }
}
