import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database from before the ledger knew whose request was what")
struct KeyNameMigrationTests {
    private func script(_ bytes: (String) -> String) -> String {
        let id = OldDatabase.literal(Samples.id(1) as GenerationID, bytes)
        return """
            INSERT INTO generation (id, model, requested_model, provider, attempt_group, attempt, is_streamed, status,
                created_at, duration)
            VALUES (\(id), 'alpha/one', 'one', 'alpha', \(id), 1, 0, 'completed', 1, 9);
            """
    }

    private func check(_ storage: any Storage) async throws {
        #expect(try await storage.generation(Samples.id(1)).key == nil)
        var generation = Samples.ended(Samples.generation(2))
        generation.key = "anna"
        try await storage.commit([.createGeneration(generation, nil)])
        #expect(try await storage.generation(generation.id) == generation)
        #expect(try await storage.usage(by: .key, since: nil).map(\.key) == ["", "anna"])
    }

    @Test("a file of SQLite keeps its ledger, and knows from then on")
    func sqlite() async throws { try await OldDatabase.openFile(of: 7, script, check) }

    @Test("and so does a database of PostgreSQL", .enabled(if: PostgresUnderTest.url != nil))
    func postgres() async throws { try await OldDatabase.openPostgres(of: 7, script, check) }
}
