import PlenumCore
import PlenumEngine
import PlenumTesting
import Testing

@testable import PlenumStorage

@Suite("A beginning of which nobody knows whether it was kept")
struct UnknownOutcomeTests {
    /// What is begun.
    enum Work: CaseIterable {
        case stream
        case whole
        case run
    }

    @Test(
        "nothing stays in progress, whether it was kept or not",
        arguments: Work.allCases,
        [BrokenDatabase.Fault.losesOutcome, .refuses]
    )
    func ends(work: Work, fault: BrokenDatabase.Fault) async throws {
        let database = try await BrokenDatabase()
        let storage = try await SQLStorage(migrating: database)
        try await EngineUnderTest.run(storage: storage) { _ in
            ScriptedProvider.answer("never read")
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let place = ConversationPlace(conversation: conversation.id)
            database.fail(fault)
            let error = await #expect(throws: PlenumError.self) {
                switch work {
                case .stream: _ = try await test.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
                case .whole: _ = try await test.engine.complete(EngineUnderTest.ask("a", streamed: false, place: place))
                case .run: _ = try await test.engine.start(EngineUnderTest.compare("a", "b", place: place))
                }
            }
            #expect(error?.code == .storage)
            let isBegun = fault == .losesOutcome
            #expect(try await inProgress(storage) == isBegun)
            for _ in 0..<100 where try await inProgress(storage) { try await Task.sleep(for: .milliseconds(100)) }
            #expect(try await !inProgress(storage))
            let items = try await test.storage.messages(in: conversation.id, page: PageRequest(order: .ascending))
            #expect(items.elements.filter { $0.role == .assistant }.allSatisfy { $0.status == .failed })
            #expect(items.elements.isEmpty != isBegun)
        }
        await storage.close()
    }

    @Test(
        "a second attempt of which nobody knows whether it was begun ends too, and so does the first",
        arguments: [BrokenDatabase.Fault.losesOutcome, .refuses]
    )
    func secondAttempt(fault: BrokenDatabase.Fault) async throws {
        let database = try await BrokenDatabase()
        let storage = try await SQLStorage(migrating: database)
        try await EngineUnderTest.run(storage: storage) { _ throws(PlenumError) in
            // What is written next is the end of this attempt and the beginning of the other.
            database.fail(fault)
            throw PlenumError(.unavailable, "Down.")
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let place = ConversationPlace(conversation: conversation.id)
            let error = await #expect(throws: PlenumError.self) {
                _ = try await test.engine.complete(EngineUnderTest.ask("a", streamed: false, place: place))
            }
            #expect(error?.code == .storage)
            for _ in 0..<100 where try await inProgress(storage) { try await Task.sleep(for: .milliseconds(100)) }
            #expect(try await !inProgress(storage))
            #expect(test.provider.requests.count == 1)
            let items = try await test.storage.messages(in: conversation.id, page: PageRequest(order: .ascending))
            #expect(items.elements.map(\.status) == [.completed, .failed])
        }
        await storage.close()
    }

    /// Whether anything is in progress: what belongs to no lease is what a recovery would find.
    private func inProgress(_ storage: SQLStorage) async throws -> Bool {
        try await storage.database.read { session throws(PlenumError) in
            try session.exists(.abandonedWork) { _ in }
        }
    }
}
