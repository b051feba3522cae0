import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database of version 1 can be searched")
struct SearchMigrationTests {
    /// Makes a database as version 1 left it: two conversations, and a message a number.
    private func makeOld(_ path: String, messages: Int) throws {
        try OldDatabase.makeFirstVersion(
            path,
            """
            INSERT INTO conversation (id, title, is_pinned, is_archived, metadata, created_at, updated_at) VALUES
                (x'0199000000007000800000000000000A', 'An old title', 0, 0, '{}', 1, 1),
                (x'0199000000007000800000000000000B', NULL, 0, 1, '{}', 1, 1);
            WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < \(messages))
            INSERT INTO message (id, conversation, role, parts, status, created_at)
            SELECT CAST(x'01990000000070008000' || x'00000000' || char(i / 100 + 1, i % 100 + 1) AS BLOB),
                x'0199000000007000800000000000000A', CASE WHEN i % 10 = 0 THEN 'assistant' ELSE 'user' END,
                printf('[{"type":"input_text","text":"old words %d"}]', i),
                CASE WHEN i = 10 THEN 'in_progress' ELSE 'completed' END, i
            FROM n;
            INSERT INTO message (id, conversation, role, parts, status, created_at) VALUES
                (x'0199000000007000800000000000FFFF', x'0199000000007000800000000000000B', 'system',
                '[{"type":"input_text","text":"old system"}]', 'completed', 1);
            """
        )
    }

    @Test("its titles and the messages that are at their end are found, over more than one page of them")
    func filled() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try makeOld(path, messages: 450)
        for _ in 1...2 {
            let storage = try await SQLStorage.sqlite(path: path)
            var found = 0
            var after: SearchHit.Place?
            repeat {
                let page = try await storage.search(SearchQuery("old"), limit: 100, after: after)
                found += page.elements.count
                after = page.hasMore ? page.elements.last?.place : nil
            } while after != nil
            #expect(found == 1 + 449, "a title, and all messages but the one in progress and the system's")
            let newest = try await storage.search(SearchQuery("words"), limit: 1, after: nil).elements.first
            #expect(newest?.snippet.text == "old words 450")
            #expect(try await storage.search(SearchQuery("old title"), limit: 9, after: nil).elements.count == 1)
            #expect(try await storage.search(SearchQuery("10"), limit: 9, after: nil).elements.count == 9)
            await storage.close()
        }
        let storage = try await SQLStorage.sqlite(path: path)
        let conversation = try await storage.conversations().elements.first { $0.title != nil }
        try await storage.deleteConversation(#require(conversation?.id))
        #expect(try await storage.search(SearchQuery("old"), limit: 9, after: nil).elements.isEmpty)
        await storage.close()
    }

    @Test("what was deleted is out of the index, and the index agrees with the words")
    func agrees() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try makeOld(path, messages: 30)
        let storage = try await SQLStorage.sqlite(path: path)
        let first = try await storage.search(SearchQuery("30"), limit: 1, after: nil).elements.first
        try await storage.commit([.deleteMessage(#require(first?.message))])
        #expect(try await storage.search(SearchQuery("30"), limit: 1, after: nil).elements.isEmpty)
        await storage.close()
        let file = try SQLiteFile(path: path)
        defer { withExtendedLifetime(file) {} }
        let connection = try SQLiteConnection.writer(path: path)
        defer { connection.close() }
        try connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    }
}
