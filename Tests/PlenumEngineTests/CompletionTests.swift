import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Testing

@Suite("Completions")
struct CompletionTests {
    @Test("a whole completion is in the ledger with its cost when it is returned")
    func whole() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("Hi", " you")
        } _: { test in
            let done = try await test.engine.complete(EngineUnderTest.ask("test/a", streamed: false))
            #expect(done.reply.text == "Hi you")
            let kept = try await test.storage.generation(done.generation.id)
            #expect(kept.status == .completed)
            #expect(kept.model == "test/a")
            #expect(kept.ending?.usage == Usage(inputUncached: 10, output: 2))
            #expect(kept.ending?.cost == Money(nanoDollars: 24_000))
            #expect(kept.ending?.costSource == .table)
            #expect(kept.ending?.upstreamID == "req-1")
            #expect(try await test.storage.content(of: kept.id)?.reply.isEmpty == false)
        }
    }

    @Test("a provider's refusal is thrown and in the ledger as failed")
    func refusal() async throws {
        let refused = PlenumError(.rateLimited, "Later.", upstream: .init(provider: "test", status: 429))
        try await EngineUnderTest.run { _ throws(PlenumError) in
            throw refused
        } _: { test in
            await #expect(throws: refused) {
                try await test.engine.complete(EngineUnderTest.ask("test/a", streamed: false))
            }
            let rows = try await test.storage.usage(by: .model, since: nil)
            #expect(rows.map(\.failures) == [1])
        }
    }

    @Test("the piece that ends a stream is handed out after the end is on disk")
    func endIsKeptFirst() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("one", "two")
        } _: { test in
            let open = try await test.engine.open(EngineUnderTest.ask("test/b", streamed: true))
            #expect(try await test.storage.generation(open.generation.id).status == .inProgress)
            var events: [ReplyEvent] = []
            try await open.deliver { piece in
                events += piece.events
                if piece.events.contains(.end) {
                    let kept = try await test.storage.generation(open.generation.id)
                    #expect(kept.status == .completed)
                }
            }
            #expect(Reply(events).text == "onetwo")
        }
    }

    @Test("a stream that breaks keeps what came, with the error")
    func broken() async throws {
        let failure = PlenumError(.upstreamInterrupted, "It broke.")
        try await EngineUnderTest.run { _ in
            [.events([.text("half")]), .fail(failure)]
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let place = ConversationPlace(conversation: conversation.id)
            let open = try await test.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
            await #expect(throws: failure) { try await open.deliver { _ in } }
            let message = try await test.storage.message(try #require(open.message))
            #expect(message.status == .failed)
            #expect(message.text == "half")
            #expect(message.error?.code == "upstream_interrupted")
            #expect(message.model == "test/a")
        }
    }

    @Test("a stream that ends without its end event is a failure")
    func withoutEnd() async throws {
        try await EngineUnderTest.run { _ in
            [.events([.text("x"), .finish(FinishReason(.endTurn))])]
        } _: { test in
            let open = try await test.engine.open(EngineUnderTest.ask("a", streamed: true))
            await #expect(throws: PlenumError.self) { try await open.deliver { _ in } }
            #expect(try await test.storage.generation(open.generation.id).status == .failed)
        }
    }

    @Test("a client that goes away leaves a cancelled row with what it was shown")
    func clientLeaves() async throws {
        struct Gone: Error {}
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("a", "b", "c")
        } _: { test in
            let open = try await test.engine.open(EngineUnderTest.ask("a", streamed: true))
            await #expect(throws: PlenumError.self) { try await open.deliver { _ in throw Gone() } }
            #expect(try await test.storage.generation(open.generation.id).status == .cancelled)
        }
    }

    @Test("a conversation is remembered, and titled by its first words")
    func conversation() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("fine")
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let place = ConversationPlace(conversation: conversation.id)
            _ = try await test.engine.complete(EngineUnderTest.ask("a", streamed: false, place: place))
            _ = try await test.engine.complete(EngineUnderTest.ask("b", streamed: false, place: place))
            guard case .chat(let chat)? = test.provider.requests.last?.prompt else {
                Issue.record("the history was not sent")
                return
            }
            #expect(chat.turns.map(\.role) == [.user, .assistant, .user])
            #expect(chat.turns[1].text == "fine")
            let items = try await test.storage.messages(in: conversation.id, page: PageRequest(order: .ascending))
            #expect(items.elements.map(\.model) == [nil, "test/a", nil, "test/b"])
            #expect(try await test.storage.conversation(conversation.id).title == "Hello there, models")
        }
    }

    @Test("a second question is refused while the first is being answered")
    func busy() async throws {
        let gate = Gate()
        try await EngineUnderTest.run { _ in
            [.wait(gate)] + ScriptedProvider.answer("ok")
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let place = ConversationPlace(conversation: conversation.id)
            let open = try await test.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
            let error = await #expect(throws: PlenumError.self) {
                _ = try await test.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
            }
            #expect(error?.code == .conflict)
            gate.open()
            try await open.deliver { _ in }
        }
    }

    @Test("an unknown model is answered with those that are spelled nearly so")
    func unknownModel() async throws {
        try await EngineUnderTest.run { _ in
            []
        } _: { test in
            let error = await #expect(throws: PlenumError.self) {
                _ = try await test.engine.complete(EngineUnderTest.ask("tset/a", streamed: false))
            }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains("test/a") == true)
        }
    }

    @Test("a stream shows its text in the database within checkpoints")
    func checkpoints() async throws {
        let gate = Gate()
        try await EngineUnderTest.run { _ in
            [.events([.text("so far")]), .wait(gate)] + ScriptedProvider.answer("!")
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let place = ConversationPlace(conversation: conversation.id)
            let open = try await test.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
            let id = try #require(open.message)
            async let delivered: Void = open.deliver { _ in }
            var shown = ""
            for _ in 0..<100 where shown.isEmpty {
                try await Task.sleep(for: .milliseconds(100))
                shown = try await test.storage.message(id).text
            }
            #expect(shown == "so far")
            gate.open()
            try await delivered
            #expect(try await test.storage.message(id).text == "so far!")
        }
    }
}
