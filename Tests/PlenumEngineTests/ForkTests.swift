import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Testing

@Suite("Forks")
struct ForkTests {
    @Test("a fork has the path and nothing else, under new ids, without what the ledger counts")
    func path() async throws {
        try await EngineUnderTest.run { request in
            ScriptedProvider.answer("I am ", request.model)
        } _: { test in
            let first = try await test.engine.start(EngineUnderTest.compare("a", "b"))
            await test.engine.waitForRun(first.id)
            let original = try await test.storage.conversation(first.conversation)
            let answers = try await test.storage.messages(ofRun: first.id)
            var patch = ConversationPatch(updatedAt: test.engine.clock.now())
            patch.metadata = JSONObject([("mine", "kept")])
            _ = try await test.storage.updateConversation(original.id, patch)
            let fork = try await test.engine.fork(original.id, at: answers[1].id)
            #expect(fork.title == "Which is better? (fork)")
            #expect(fork.metadata["forked_from"]?["conversation"]?.string == original.id.description)
            #expect(fork.metadata["forked_from"]?["message"]?.string == answers[1].id.description)
            #expect(fork.metadata["mine"] == "kept")
            let page = PageRequest<MessageID>(limit: 10, order: .ascending)
            let copies = try await test.storage.messages(in: fork.id, page: page).elements
            #expect(copies.map(\.text) == ["Which is better?", "I am b"])
            #expect(fork.leaf == copies[1].id)
            #expect(copies[1].parent == copies[0].id)
            #expect(copies[1].model == "test/b" && copies[1].provider == "test")
            #expect(copies[1].status == .completed && copies[1].finish == answers[1].finish)
            #expect(copies[1].createdAt == answers[1].createdAt && copies[1].endedAt == answers[1].endedAt)
            #expect(
                copies[1].usage == nil && copies[1].cost == nil && copies[1].run == nil && copies[1].generation == nil
            )
            #expect(try await test.storage.messages(ofRun: first.id).count == 2)
            try await test.storage.deleteConversation(fork.id)
            #expect(try await test.storage.message(answers[1].id).text == "I am b")
        }
    }

    @Test("a fork goes on by itself, with its own history")
    func goesOn() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("fine")
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a"))
            await test.engine.waitForRun(run.id)
            let answer = try #require(try await test.storage.messages(ofRun: run.id).first)
            let fork = try await test.engine.fork(run.conversation, at: answer.id, title: "Mine")
            #expect(fork.title == "Mine")
            _ = try await test.engine.complete(
                EngineUnderTest.ask("b", streamed: false, place: ConversationPlace(conversation: fork.id))
            )
            guard case .chat(let chat)? = test.provider.requests.last?.prompt else {
                Issue.record("no prompt was sent")
                return
            }
            #expect(chat.turns.map(\.text) == ["Which is better?", "fine", "Hello there, models"])
        }
    }

    @Test("what is still being written cannot be forked, and what comes before it can")
    func stillWritten() async throws {
        let gate = Gate()
        try await EngineUnderTest.run { _ in
            [.events([.text("half")]), .wait(gate)]
        } _: { test in
            let run = try await test.engine.start(EngineUnderTest.compare("a"))
            let answer = try await test.storage.messages(ofRun: run.id).first
            #expect(answer?.status == .inProgress)
            let error = await #expect(throws: PlenumError.self) {
                try await test.engine.fork(run.conversation, at: answer?.id)
            }
            #expect(error?.code == .conflict)
            let fork = try await test.engine.fork(run.conversation, at: run.inputMessage)
            #expect(fork.leaf != nil)
            try await test.engine.cancelRun(run.id)
            await test.engine.waitForRun(run.id)
        }
    }

    @Test("a message of another conversation, none at all, and a conversation that is not there are refused")
    func refused() async throws {
        try await EngineUnderTest.run { _ in
            []
        } _: { test in
            let empty = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            let other = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            let message = Message(
                id: test.engine.ids.next(),
                conversation: other.id,
                role: .user,
                parts: [.text("x")],
                createdAt: test.engine.clock.now()
            )
            try await test.storage.commit([
                .createConversation(empty), .createConversation(other), .appendMessage(message, movesLeaf: true),
            ])
            for (id, at, code) in [
                (empty.id, message.id, .notFound), (empty.id, nil, .invalidRequest),
                (ConversationID(high: 1, low: 1), nil, .notFound), (other.id, MessageID(high: 1, low: 1), .notFound),
            ] as [(ConversationID, MessageID?, PlenumError.Code)] {
                let error = await #expect(throws: PlenumError.self) { try await test.engine.fork(id, at: at) }
                #expect(error?.code == code)
            }
            #expect(try await test.storage.count().conversations == 2)
        }
    }
}
