import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database from before costs said which prices they come from")
struct PriceMigrationTests {
    private func script(_ bytes: (String) -> String) -> String {
        let id = OldDatabase.literal(Samples.id(1) as GenerationID, bytes)
        return """
            INSERT INTO generation (id, model, requested_model, provider, attempt_group, attempt, is_streamed, status,
                created_at, input_uncached, cache_read, cache_write, cache_write_long, output, reasoning, cost,
                cost_source, duration)
            VALUES (\(id), 'alpha/one', 'one', 'alpha', \(id), 1, 0, 'completed', 1, 1, 0, 0, 0, 2, 0, 5, 'table', 9);
            """
    }

    private func check(_ storage: any Storage) async throws {
        let old = try await storage.generation(Samples.id(1))
        #expect(old.ending?.cost == Money(nanoDollars: 5) && old.ending?.costSource == .table)
        #expect(old.ending?.priceVersion == nil && old.ending?.duration == 9)
        try await storage.commit([.reprice(old.id, Money(nanoDollars: 6), .table, priceVersion: "v")])
        #expect(try await storage.generation(old.id).ending?.priceVersion == "v")
    }

    @Test("a file of SQLite keeps its costs")
    func sqlite() async throws { try await OldDatabase.openFile(of: 6, script, check) }

    @Test("and so does a database of PostgreSQL", .enabled(if: PostgresUnderTest.url != nil))
    func postgres() async throws { try await OldDatabase.openPostgres(of: 6, script, check) }
}
