import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A file of SQLite after the death of the process that had it")
struct SQLiteLeaseTests {
    @Test("what a process with a running lease left is recovered by the next one at once")
    func restart() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        var storage = try await SQLStorage.sqlite(path: path)
        try await storage.renewLease(for: .seconds(600))
        try await storage.recordGeneration(Samples.generation(1), content: nil)
        await storage.close()
        storage = try await SQLStorage.sqlite(path: path)
        try await storage.renewLease(for: .seconds(600))
        #expect(try await storage.recover(at: Samples.time(9)) == Recovery(generations: 1))
        #expect(try await storage.generation(Samples.id(1)).status == .interrupted)
        await storage.close()
    }

    @Test("a database of version 1 keeps its rows, and what was in progress in it belongs to nobody")
    func migration() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try Data().write(to: URL(fileURLWithPath: path))
        let connection = try SQLiteConnection.writer(path: path)
        try connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
        try connection.execute(SQLSchema.first(.sqlite))
        try connection.execute("INSERT INTO schema_version (version) VALUES (1)")
        for (number, status) in [(1, "in_progress"), (2, "completed")] {
            try connection.execute(
                """
                INSERT INTO conversation (id, is_pinned, is_archived, metadata, created_at, updated_at)
                VALUES (X'\(Self.hex(number))', 0, 0, '{}', 1, 1);
                INSERT INTO message (id, conversation, role, parts, status, created_at)
                VALUES (X'\(Self.hex(number))', X'\(Self.hex(number))', 'assistant', '[]', '\(status)', 1);
                INSERT INTO run (id, kind, conversation, input_message, seats, status, created_at)
                VALUES (X'\(Self.hex(number))', 'chat', X'\(Self.hex(number))', X'\(Self.hex(9))', '[]', '\(status)', 1)
                """
            )
        }
        connection.close()
        let storage = try await SQLStorage.sqlite(path: path)
        #expect(try await storage.message(Samples.id(2)).status == .completed)
        #expect(try await storage.run(Samples.id(1)).status == .inProgress)
        try await storage.commit([.requestStop(Samples.id(1))])
        #expect(try await storage.runsToStop() == [Samples.id(1)])
        #expect(try await storage.recover(at: Samples.time(9)) == Recovery(messages: 1, runs: 1))
        #expect(try await storage.run(Samples.id(2)).status == .completed)
        await storage.close()
    }

    private static func hex(_ number: Int) -> String {
        let id: MessageID = Samples.id(UInt64(number))
        return id.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
