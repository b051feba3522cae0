import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database of version 1")
struct ProgressMigrationTests {
    @Test("keeps the checkpoints of what was being written")
    func migrates() async throws {
        try await OldDatabase.openFile(of: 1, script) { storage in
            let progress = [
                Progress(sequence: 1, text: "Grüße, ", reasoning: "hm"),
                Progress(sequence: 2, text: "\u{1F600}", reasoning: ""),
            ]
            let shown = try await storage.message(Samples.id(2))
            #expect(shown.parts == Progress.parts(progress))
            try await storage.commit([
                .checkpoint(Samples.id(3), Progress(sequence: 3, text: "\u{0}", reasoning: ""))
            ])
        }
    }

    private func script(_ bytes: (String) -> String) -> String {
        let conversation = OldDatabase.literal(Samples.id(1) as ConversationID, bytes)
        let message = OldDatabase.literal(Samples.id(2) as MessageID, bytes)
        let generation = OldDatabase.literal(Samples.id(3) as GenerationID, bytes)
        return """
            INSERT INTO conversation (id, is_pinned, is_archived, metadata, created_at, updated_at)
            VALUES (\(conversation), 0, 0, '{}', 1, 1);
            INSERT INTO message (id, conversation, role, parts, status, generation, created_at)
            VALUES (\(message), \(conversation), 'assistant', '[]', 'in_progress', \(generation), 1);
            INSERT INTO generation (id, model, requested_model, provider, message, attempt_group, attempt, is_streamed,
                status, created_at)
            VALUES (\(generation), 'alpha/one', 'fast', 'alpha', \(message), \(generation), 1, 1, 'in_progress', 1);
            INSERT INTO generation_progress (generation, sequence, text, reasoning)
            SELECT number, 1, 'Grüße, ', 'hm' FROM generation UNION ALL SELECT number, 2, '\u{1F600}', '' FROM generation;
            """
    }
}
