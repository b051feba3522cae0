import Testing

@testable import PlenumStorage

@Suite("Plans of the statements")
struct QueryPlanTests {
    /// Gives SQLite's plan of every statement.
    private func sqlitePlans() throws -> [SQLStatement: [String]] {
        let connection = try SQLiteConnection.writer(path: ":memory:")
        defer { connection.close() }
        try SQLSchema.migrate(connection)
        var plans: [SQLStatement: [String]] = [:]
        // What a PostgreSQL server says of itself is asked of no other database.
        for statement in SQLStatement.allCases where statement.diagnosisText == nil {
            let text = statement.text(in: .sqlite)
            plans[statement] = try connection.column("EXPLAIN QUERY PLAN \(text)", column: 3)
        }
        return plans
    }

    @Test("SQLite goes through no whole table, and sorts no list, for a request")
    func sqlite() throws {
        for (statement, plan) in try sqlitePlans() {
            if QueryPlan.wholeTables[statement] == nil {
                #expect(QueryPlan.wholeTables(inSQLite: plan) == [], "\(statement)")
                if QueryPlan.sorted[statement] == nil {
                    #expect(!QueryPlan.sorts(inSQLite: plan), "\(statement): \(plan)")
                }
            } else {
                #expect(
                    !QueryPlan.wholeTables(inSQLite: plan).isEmpty || plan.isEmpty,
                    "\(statement) needs no exception: \(plan)"
                )
            }
        }
    }

    @Test("the list of conversations reads the table of conversations alone, along its index")
    func list() throws {
        let plans = try sqlitePlans()
        for statement in [SQLStatement.conversationsAscending, .conversationsDescending] {
            let plan = try #require(plans[statement])
            #expect(plan.count == 1)
            #expect(
                plan.allSatisfy { $0.hasPrefix("SEARCH conversation USING INDEX conversation_by_change ") },
                "\(plan)"
            )
        }
    }

    @Test("a search begins with the index of words, and reads rows only of what it found")
    func search() throws {
        let plan = try #require(try sqlitePlans()[.search])
        let scans = plan.filter { $0.hasPrefix("SCAN ") }
        #expect(scans.count == 2)
        #expect(scans.first?.hasPrefix("SCAN i VIRTUAL TABLE INDEX ") == true, "\(plan)")
        #expect(scans.last == "SCAN hit")
        let rows = plan.filter { $0.hasPrefix("SEARCH ") }
        #expect(rows.count == 4)
        #expect(rows.allSatisfy { $0.contains("USING INTEGER PRIMARY KEY") }, "\(plan)")
    }
}
