import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A storage can be looked at without changing it")
struct StorageStatusTests {
    /// Makes a file that only has what says whose it is and of which version.
    private func made(_ path: String, schema: Int) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        let connection = try SQLiteConnection(path: path, isReader: false)
        try connection.execute(
            """
            PRAGMA application_id = \(SQLiteConnection.applicationID);
            CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (\(schema));
            """
        )
        connection.close()
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("a file that is not there stays away")
    func missing() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let status = try await StorageURL.sqlite(path: folder.path + "/a/none.sqlite").status()
        #expect(!status.exists && status.schema == nil && status.counts == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a file of an older or a newer schema is told, and not touched", arguments: [1, 99])
    func versions(schema: Int) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try made(path, schema: schema)
        let before = try bytes(path)
        let status = try await StorageURL.sqlite(path: path).status()
        #expect(status.schema == schema && status.counts == nil && status.holder == nil)
        #expect((status.refusal != nil) == (schema == 99))
        #expect(try bytes(path) == before)
        if schema == 99 {
            await expect(.storage) { _ = try await StorageURL.sqlite(path: path).migrate() }
            #expect(try bytes(path) == before)
        }
    }

    @Test("a file in use says by whom, and what is in it")
    func held() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let url = StorageURL.sqlite(path: folder.path + "/plenum.sqlite")
        let storage = try await url.open()
        try await storage.createConversation(Samples.conversation(1))
        try await storage.addMessage(Samples.question(1))
        let status = try await url.status()
        #expect(status.holder == "\(getpid())")
        #expect(status.schema == StorageStatus.knownSchema)
        #expect(status.counts == StorageCounts(conversations: 1, messages: 1))
        #expect(try #require(status.bytes) > 4096)
        try await storage.addMessage(Samples.question(2))
        await storage.close()
        let later = try await url.status()
        #expect(later.holder == nil && later.counts?.messages == 2)
    }

    @Test("another program's file is refused")
    func stranger() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/other.sqlite"
        try made(path, schema: 1)
        let connection = try SQLiteConnection(path: path, isReader: false)
        try connection.execute("PRAGMA application_id = 7")
        connection.close()
        await expect(.storage) { _ = try await StorageURL.sqlite(path: path).status() }
    }

    @Test("a migration says what it found")
    func migrates() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let url = StorageURL.sqlite(path: folder.path + "/plenum.sqlite")
        #expect(try await url.migrate() == nil)
        #expect(try await url.migrate() == StorageStatus.knownSchema)
        let storage = try await url.open()
        // Nothing is to be done, so nothing has to be opened: not even beside a server.
        #expect(try await url.migrate() == StorageStatus.knownSchema)
        await storage.close()
    }
}
