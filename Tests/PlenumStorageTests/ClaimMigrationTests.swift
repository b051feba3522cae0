import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("Claims in a database of version 1")
struct ClaimMigrationTests {
    @Test("what was there stays, and keys can be taken")
    func migrates() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        let id = OldDatabase.literal(Samples.id(1) as GenerationID)
        try OldDatabase.makeFirstVersion(
            path,
            """
            INSERT INTO generation (id, model, requested_model, provider, attempt_group, attempt, is_streamed, status,
                created_at)
            VALUES (\(id), 'alpha/one', 'fast', 'alpha', \(id), 1, 1, 'in_progress', \(Samples.time(0).milliseconds));
            """
        )
        let storage = try await SQLStorage.sqlite(path: path)
        #expect(try await storage.generation(Samples.id(1)).status == .inProgress)
        try await storage.commit([.claim(Samples.claim(1))])
        _ = try await storage.recover(at: Samples.time(5))
        #expect(try await storage.claim(Samples.key(1))?.status == .interrupted)
        await storage.close()
    }
}
