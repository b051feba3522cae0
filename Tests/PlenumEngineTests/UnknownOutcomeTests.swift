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
            // Housekeeping writes too, and must not be what fails.
            database.fail(fault, at: .insertMessage)
            let error = await #expect(throws: PlenumError.self) {
                switch work {
                case .stream: _ = try await test.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
                case .whole: _ = try await test.engine.complete(EngineUnderTest.ask("a", streamed: false, place: place))
                case .run: _ = try await test.engine.start(EngineUnderTest.compare("a", "b", place: place))
                }
            }
            #expect(error?.code == .storage)
            let isBegun = fault == .losesOutcome
            // What was begun may have been ended already; that it was begun is seen below, by what is left of it.
            if !isBegun { #expect(try await !inProgress(storage)) }
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
            // What writes a generation next is the beginning of the other attempt, with the end of this one.
            database.fail(fault, at: .insertGeneration)
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

    @Test(
        "a debate whose next step cannot be kept ends with what it has, says why, asks nobody more, and is taken up later",
        arguments: [BrokenDatabase.Fault.losesOutcome, .refuses]
    )
    func nextStep(fault: BrokenDatabase.Fault) async throws {
        let database = try await BrokenDatabase()
        let storage = try await SQLStorage(migrating: database)
        let gate = Gate()
        try await EngineUnderTest.run(storage: storage) { request throws(PlenumError) in
            [.wait(gate)] + (try Debaters.script(request))
        } _: { test in
            let run = try await test.engine.start(Debaters.ask(.talk, "a", "b") { $0.settings.turns = 3 })
            // Only the beginning of a step writes a message down; that of the first is behind us.
            database.fail(fault, at: .insertMessage)
            gate.open()
            let last = try JSONValue(parsing: try #require(try await test.follow(run.id).last).data)
            #expect(last["type"] == "run.completed" && last["status"] == "failed" && last["stop_reason"] == "storage")
            let broken = try await test.engine.record(of: run.id)
            #expect(broken.run.status == .failed && broken.run.stopReason == "storage")
            #expect(broken.turns.first?.status == .completed)
            for _ in 0..<100 where try await inProgress(storage) { try await Task.sleep(for: .milliseconds(100)) }
            #expect(try await !inProgress(storage))
            #expect(test.provider.requests.count == 1)
            _ = try await test.engine.tell(run.id, .retrySeat(1, model: nil))
            await test.engine.waitForRun(run.id)
            let whole = try await test.engine.record(of: run.id)
            #expect(whole.run.status == .completed)
            #expect(whole.turns.count { $0.status == .completed } == 3)
            #expect(test.provider.requests.count == 3)
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
