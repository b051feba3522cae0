@testable import PlenumStorage

/// How a database says that it will carry out a statement, and what a statement of a request must not do.
enum QueryPlan {
    /// The statements that go through whole tables, indexes or lists, each with its reason.
    static let wholeTables: [SQLStatement: String] = [
        .schemaIsThere: "read when a database is opened",
        .schemaVersion: "a table of one row, read when a database is opened",
        .usageByModel: "a report over the whole ledger", .usageByProvider: "a report over the whole ledger",
        .usageByDay: "a report over the whole ledger",
        .usageByKey: "a report over the whole ledger",
        .abandonedMessages: "recovery, over an index of what is unfinished",
        .interruptGenerations: "recovery, over an index of what is unfinished",
        .interruptRuns: "recovery, over an index of what is unfinished",
        .counts: "a look at the whole storage, by hand",
        .interruptClaims: "recovery, over an index of what is unfinished",
        .deleteEndedProgress: "recovery, and only where something was abandoned",
        .abandonedWork: "recovery, over indexes of what is unfinished",
        .runsToStop: "over an index of what is to be stopped",
        .commandsToObey: "over an index of what is not answered",
        .deleteExpiredProcesses: "there is a row for each process",
        .deleteOtherProcesses: "there is a row for each process",
    ]

    /// The statements that fill the tables of a new version from those of an old one.
    static let ofMigrations: Set<SQLStatement> = [.insertSearchable, .messagesToSearch, .titlesToSearch]

    /// The statements that sort what they found: none that reads a page of a long list.
    static let sorted: [SQLStatement: String] = [
        .thread: "a path from a message to its root, at most as long as asked for"
    ]

    /// The tables that SQLite goes through from end to end, by the lines of `EXPLAIN QUERY PLAN`: virtual tables are asked
    /// for what matches, and `path` and `hit` are results of a part of the statement.
    static func wholeTables(inSQLite plan: [String]) -> [String] {
        let scans = plan.filter { $0.hasPrefix("SCAN ") && !$0.contains(" VIRTUAL TABLE INDEX ") }
        return scans.filter {
            !["SCAN path", "SCAN hit", "SCAN CONSTANT ROW"].contains($0) && !$0.hasPrefix("SCAN (subquery")
        }
    }

    /// Whether SQLite sorts.
    static func sorts(inSQLite plan: [String]) -> Bool {
        plan.contains { $0.contains("B-TREE FOR") && $0.contains("ORDER BY") }
    }

    /// The tables that PostgreSQL goes through from end to end, by the lines of `EXPLAIN` with `enable_seqscan = off`.
    static func wholeTables(inPostgres plan: [String]) -> [String] { plan.filter { $0.contains("Seq Scan on ") } }
}
