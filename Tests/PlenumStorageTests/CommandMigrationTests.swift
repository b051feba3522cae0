import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database from before runs could be told something by another process")
struct CommandMigrationTests {
    private func script(_ bytes: (String) -> String) -> String {
        func id<Subject>(_ id: Identifier<Subject>) -> String { OldDatabase.literal(id, bytes) }
        let conversation = id(Samples.id(1) as ConversationID)
        return """
            INSERT INTO conversation (id, is_pinned, is_archived, metadata, created_at, updated_at)
            VALUES (\(conversation), 0, 0, '{}', 1, 1);
            INSERT INTO run (id, kind, conversation, input_message, seats, settings, status, created_at)
            VALUES (\(id(Samples.id(4) as RunID)), 'debate', \(conversation), \(conversation), '[]', '{}', 'in_progress', 1);
            """
    }

    private func check(_ storage: any Storage) async throws {
        #expect(try await storage.run(Samples.id(4)).status == .inProgress)
        #expect(try await storage.commandsToObey() == [])
        let command = PostedCommand(id: Samples.id(1), run: Samples.id(4), command: JSONObject([("command", "pause")]))
        try await storage.commit([.postCommand(command)])
        #expect(try await storage.commandsToObey() == [command])
    }

    @Test("a file of SQLite keeps its runs, which can be told something")
    func sqlite() async throws { try await OldDatabase.openFile(of: 4, script, check) }

    @Test("and so does a database of PostgreSQL", .enabled(if: PostgresUnderTest.url != nil))
    func postgres() async throws { try await OldDatabase.openPostgres(of: 4, script, check) }
}
