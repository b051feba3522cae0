import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("Claims in a database of version 1")
struct ClaimMigrationTests {
    private func script(_ bytes: (String) -> String) -> String {
        let id = OldDatabase.literal(Samples.id(1) as GenerationID, bytes)
        return """
            INSERT INTO generation (id, model, requested_model, provider, attempt_group, attempt, is_streamed, status,
                created_at)
            VALUES (\(id), 'alpha/one', 'fast', 'alpha', \(id), 1, 1, 'in_progress', \(Samples.time(0).milliseconds));
            """
    }

    @Test("what was there stays, and keys can be taken")
    func migrates() async throws {
        try await OldDatabase.openFile(of: 1, script) { storage in
            #expect(try await storage.generation(Samples.id(1)).status == .inProgress)
            try await storage.commit([.claim(Samples.claim(1))])
            _ = try await storage.recover(at: Samples.time(5))
            #expect(try await storage.claim(Samples.key(1))?.status == .interrupted)
        }
    }
}
