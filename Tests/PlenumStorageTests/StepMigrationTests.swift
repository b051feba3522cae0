import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database from before there were steps")
struct StepMigrationTests {
    /// What a server left that was killed: a run in progress with a question and an answer, and one that had ended.
    /// - Parameter bytes: how the database writes bytes, of their digits.
    private func script(_ version: Int, _ bytes: (String) -> String) -> String {
        func id<Subject>(_ id: Identifier<Subject>) -> String { OldDatabase.literal(id, bytes) }
        let conversation = id(Samples.id(1) as ConversationID)
        let (question, answer) = (id(Samples.id(1) as MessageID), id(Samples.id(2) as MessageID))
        let (run, ended) = (id(Samples.id(4) as RunID), id(Samples.id(5) as RunID))
        let generation = id(Samples.id(3) as GenerationID)
        let seats = """
            [{"index":0,"model":"alpha/one","message":"\(Samples.id(2) as MessageID)","system":"Be brief."}]
            """
        let progress = version < 3 ? "'so far', ''" : "\(bytes("736F20666172")), \(bytes(""))"
        return """
            INSERT INTO conversation (id, is_pinned, is_archived, metadata, created_at, updated_at)
            VALUES (\(conversation), 0, 0, '{}', 1, 1);
            INSERT INTO run (id, kind, conversation, input_message, seats, status, stop_reason, created_at, ended_at)
            VALUES (\(run), 'compare', \(conversation), \(question), '\(seats)', 'in_progress', NULL, 1, NULL),
                (\(ended), 'chat', \(conversation), \(question), '\(seats)', 'completed', 'completed', 1, 2);
            INSERT INTO message (id, conversation, role, parts, status, run, seat, generation, created_at)
            VALUES (\(question), \(conversation), 'user', '[]', 'completed', \(run), NULL, NULL, 1),
                (\(answer), \(conversation), 'assistant', '[]', 'in_progress', \(run), 0, \(generation), 1);
            INSERT INTO generation (id, model, requested_model, provider, message, run, seat, attempt_group, attempt,
                is_streamed, status, created_at)
            VALUES (\(generation), 'alpha/one', 'fast', 'alpha', \(answer), \(run), 0, \(generation), 1, 1,
                'in_progress', 1);
            INSERT INTO generation_progress (generation, sequence, text, reasoning)
            SELECT number, 1, \(progress) FROM generation;
            """
    }

    private func check(_ storage: any Storage) async throws {
        let run = try await storage.run(Samples.id(4))
        #expect(run.seats == [Seat(index: 0, model: "alpha/one", system: "Be brief.")])
        #expect(run.settings == JSONObject() && run.result == nil && run.preference == nil)
        #expect(run.status == .inProgress)
        let messages = try await storage.messages(ofRun: run.id)
        #expect(messages.map(\.id) == [Samples.id(2)])
        #expect(messages.first?.step == RunStep(phase: .answer))
        #expect(messages.first?.text == "so far" && messages.first?.derivedFrom == [])
        #expect(try await storage.message(Samples.id(1)).step == nil)
        try await storage.checkpoint([(Samples.id(3), Progress(sequence: 2, text: "!", reasoning: ""))])
        try await judge(storage)
        #expect(try await storage.recover(at: Samples.time(9)) == Recovery(messages: 1, generations: 1, runs: 2))
        #expect(try await storage.message(Samples.id(2)).text == "so far!")
        #expect(try await storage.run(run.id).status == .interrupted)
    }

    /// Does with the run that had ended what could not be done before.
    private func judge(_ storage: any Storage) async throws {
        var patch = RunPatch()
        patch.preference = Samples.preference
        try await storage.commit([.updateRun(Samples.id(5), patch), .reopenRun(Samples.id(5))])
        let ended = try await storage.run(Samples.id(5))
        #expect(ended.settings == JSONObject() && ended.preference == Samples.preference && ended.endedAt == nil)
        let page = PageRequest<RunID>(order: .ascending)
        let all = try await storage.runs(matching: RunFilter(conversation: Samples.id(1)), page: page)
        #expect(all.elements.map(\.id) == [Samples.id(4), Samples.id(5)])
        let judged = try await storage.runs(matching: RunFilter(isJudged: true), page: page)
        #expect(judged.elements == [ended])
    }

    @Test("a file of SQLite keeps what was being written, and its answers are steps", arguments: 1...3)
    func sqlite(version: Int) async throws {
        try await OldDatabase.openFile(of: version, { script(version, $0) }, check)
    }

    @Test("and so does a database of PostgreSQL", .enabled(if: PostgresUnderTest.url != nil), arguments: 1...3)
    func postgres(version: Int) async throws {
        try await OldDatabase.openPostgres(of: version, { script(version, $0) }, check)
    }
}
