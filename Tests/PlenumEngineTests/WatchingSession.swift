import PlenumCore

@testable import PlenumStorage

/// A session that notes whether a statement was run in it.
final class WatchingSession: SQLSession {
    private let base: any SQLSession
    private let statement: SQLStatement
    private(set) var hasRun = false

    init(_ base: any SQLSession, for statement: SQLStatement) {
        self.base = base
        self.statement = statement
    }

    var dialect: SQLDialect { base.dialect }
    var arguments: SQLArguments { base.arguments }

    private func note(_ statement: SQLStatement) { hasRun = hasRun || statement == self.statement }

    func run(_ statement: SQLStatement) throws(PlenumError) -> Int {
        note(statement)
        return try base.run(statement)
    }

    func demand(
        _ statement: SQLStatement,
        orThrow fault: () throws(PlenumError) -> PlenumError,
        _ fill: (SQLArguments) -> Void
    ) throws(PlenumError) {
        note(statement)
        try base.demand(statement, orThrow: fault, fill)
    }

    func exists(_ statement: SQLStatement) throws(PlenumError) -> Bool { try base.exists(statement) }

    func query(
        _ statement: SQLStatement,
        _ body: (inout SQLRowReader) throws(PlenumError) -> Void
    ) throws(PlenumError) {
        try base.query(statement, body)
    }

    func execute(_ script: String) throws(PlenumError) { try base.execute(script) }
}
