import PlenumCore
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

    @Test("lists of runs go along an index in their order, that of the judged ones along an index of these alone")
    func runs() throws {
        let plans = try sqlitePlans()
        for (statements, place) in [
            ([.runsAscending, .runsDescending], "INTEGER PRIMARY KEY (rowid"),
            ([.judgedRunsAscending, .judgedRunsDescending], "INDEX run_judged (number"),
            (
                [.runsOfConversationAscending, .runsOfConversationDescending],
                "INDEX run_of_conversation (conversation=? AND number"
            ),
        ] as [([SQLStatement], String)] {
            for statement in statements {
                let plan = try #require(plans[statement])
                #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH run USING \(place)"), "\(plan)")
            }
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

    @Test(
        "PostgreSQL goes through no whole table for a request, with the arguments that requests have",
        .enabled(if: PostgresUnderTest.url != nil)
    )
    func postgres() async throws {
        var plans: [SQLStatement: Set<[String]>] = [:]
        try await withThrowingTaskGroup(of: [SQLStatement: Set<[String]>].self) { group in
            for promise in ConformanceCase.all { group.addTask { try await Self.postgresPlans(promise.check) } }
            group.addTask { try await Self.postgresPlans(Self.share) }
            group.addTask { try await Self.postgresPlans(Self.copy) }
            for try await found in group { plans.merge(found) { $0.union($1) } }
        }
        for (statement, plans) in plans where QueryPlan.wholeTables[statement] == nil {
            for plan in plans { #expect(QueryPlan.wholeTables(inPostgres: plan) == [], "\(statement): \(plan)") }
        }
        let missing = SQLStatement.allCases.filter {
            plans[$0] == nil && $0.diagnosisText == nil && QueryPlan.wholeTables[$0] == nil
                && !QueryPlan.ofMigrations.contains($0)
        }
        #expect(missing == [], "the conformance suite does not carry these out")
    }

    /// The plans of the statements that a use of a storage carries out.
    private static func postgresPlans(
        _ use: @Sendable (any Storage) async throws -> Void
    ) async throws -> [SQLStatement: Set<[String]>] {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            let database = PlanningDatabase(settings)
            try await use(SQLStorage(migrating: database))
            return database.plans
        }
    }

    /// What a process does that is not alone.
    private static func share(_ storage: any Storage) async throws {
        for _ in 1...2 { try await storage.renewLease(for: .seconds(60)) }
        let run = Samples.run(9_001, in: 9_000)
        try await storage.commit([.createConversation(Samples.conversation(9_000)), .createRun(run)])
        try await storage.commit([.requestStop(run.id)])
        _ = try await storage.runsToStop()
        _ = try await storage.recover(at: Samples.time(9_000))
    }

    /// What a copy of a storage asks, of both sides.
    private static func copy(_ storage: any Storage) async throws {
        let progress = Progress(sequence: 1, text: "so far", reasoning: "")
        let run = Samples.run(4)
        try await storage.commit([
            .createConversation(Samples.conversation(1)), .appendMessage(Samples.answer(2), movesLeaf: true),
            .createGeneration(Samples.generation(3, making: 2), nil), .checkpoint(Samples.id(3), progress),
            .createRun(run), .appendRunEvents(run.id, [Samples.event(1)]),
        ])
        var cursor: ExportCursor?
        repeat {
            let page = try await storage.export(after: cursor, limit: 100)
            _ = try await storage.absent(from: page.changes)
            cursor = page.next
        } while cursor != nil
    }
}
