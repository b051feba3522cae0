import PlenumCore

/// A transaction that is done statement by statement, each with an answer before the next: for reads, and for writes
/// that need answers. It begins with the first statement, in the same exchange.
final class PostgresSession: SQLSession {
    let dialect = SQLDialect.postgres
    let arguments = SQLArguments()
    /// The fault that the transaction cannot go on after.
    private(set) var fault: PostgresFault?
    /// The number that the server gave to the transaction.
    private(set) var transactionID: Int64?
    /// Whether there is a transaction on the server.
    private(set) var isBegun = false

    private let connection: PostgresConnection
    private let kind: PostgresTransaction
    private let tick: PostgresConnection.Tick

    init(_ connection: PostgresConnection, _ kind: PostgresTransaction, tick: @escaping PostgresConnection.Tick) {
        self.connection = connection
        self.kind = kind
        self.tick = tick
    }

    private func note<Value>(_ body: () throws(PostgresFault) -> Value) throws(PlenumError) -> Value {
        do { return try body() } catch {
            fault = fault ?? error
            throw error.error
        }
    }

    private func answer(_ statement: SQLStatement) throws(PlenumError) -> PostgresResult {
        defer { arguments.clear() }
        return try note { () throws(PostgresFault) in
            let opening = isBegun ? 0 : PostgresTransaction.openingAnswers
            if !isBegun { try kind.begin(on: connection) }
            isBegun = true
            try connection.send(statement, arguments, rows: [arguments.values.indices])
            try connection.sync()
            var answer: PostgresResult?
            try connection.answers(tick: tick) { place, result in
                if place == opening { answer = result } else if place == 1 { takeNumber(result) }
            }
            guard let answer else { throw connection.lost() }
            return answer
        }
    }

    private func takeNumber(_ opening: PostgresResult) {
        if case .write = kind { transactionID = opening.int(0) }
    }

    func run(_ statement: SQLStatement) throws(PlenumError) -> Int { try answer(statement).changes }

    func exists(_ statement: SQLStatement) throws(PlenumError) -> Bool { try answer(statement).rows > 0 }

    func query(
        _ statement: SQLStatement,
        _ body: (inout SQLRowReader) throws(PlenumError) -> Void
    ) throws(PlenumError) {
        let answer = try answer(statement)
        for row in 0..<answer.rows {
            answer.row = Int32(row)
            var reader = SQLRowReader(answer)
            try body(&reader)
        }
    }

    func execute(_ script: String) throws(PlenumError) {
        try note { () throws(PostgresFault) in
            if !isBegun {
                try kind.begin(on: connection)
                isBegun = true
                try connection.sync()
                try connection.answers(tick: tick) { place, result in if place == 1 { takeNumber(result) } }
            }
            try connection.execute(script, tick: tick)
        }
    }

    /// Ends the transaction, if there is one.
    /// - Throws: when it is not known to have ended so.
    func end(committing: Bool) throws(PostgresFault) {
        guard isBegun else { return }
        isBegun = false
        try connection.send(committing ? "COMMIT" : "ROLLBACK")
        try connection.sync()
        var isCommitted = false
        try connection.answers(tick: tick) { _, result in isCommitted = result.command == "COMMIT" }
        // PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which something failed.
        if committing, !isCommitted { throw PostgresFault(sqlState: "25P02", detail: "the transaction had failed") }
    }
}
