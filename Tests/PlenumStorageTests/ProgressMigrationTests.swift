import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database of version 1")
struct ProgressMigrationTests {
    @Test("keeps the checkpoints of what was being written")
    func migrates() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try makeFirstVersion(path)
        let storage = try await SQLStorage.sqlite(path: path)
        let progress = [
            Progress(sequence: 1, text: "Grüße, ", reasoning: "hm"),
            Progress(sequence: 2, text: "\u{1F600}", reasoning: ""),
        ]
        let shown = try await storage.message(Samples.id(2))
        #expect(shown.parts == Progress.parts(progress))
        try await storage.commit([
            .checkpoint(Samples.id(3), Progress(sequence: 3, text: "\u{0}", reasoning: ""))
        ])
        await storage.close()
    }

    private func makeFirstVersion(_ path: String) throws {
        let file = try SQLiteFile(path: path)
        let connection = try SQLiteConnection.writer(path: file.path)
        try connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
        try connection.execute(SQLSchema.first(.sqlite))
        try connection.execute("INSERT INTO schema_version (version) VALUES (1)")
        try connection.apply([
            .createConversation(Samples.conversation(1)), .appendMessage(Samples.answer(2), movesLeaf: true),
            .createGeneration(Samples.generation(3, making: 2), nil),
        ])
        try connection.execute(
            """
            INSERT INTO generation_progress (generation, sequence, text, reasoning)
            SELECT number, 1, 'Grüße, ', 'hm' FROM generation UNION ALL SELECT number, 2, '\u{1F600}', '' FROM generation
            """
        )
        withExtendedLifetime(file) { connection.close() }
    }
}
