import PlenumCore
import Testing

extension ConformanceCase {
    static let conversations: [ConformanceCase] = [
        ConformanceCase("a conversation reads as it was made") { storage in
            var conversation = Samples.conversation(1)
            try await storage.createConversation(conversation)
            #expect(try await storage.conversation(conversation.id) == conversation)
            conversation = Samples.conversation(2, at: 5)
            conversation.title = "Grüße %_"
            conversation.model = "alpha/one"
            conversation.isPinned = true
            conversation.isArchived = true
            conversation.metadata = JSONObject([("b", 1), ("a", ["x": .number(JSONNumber(1.5)!)])])
            conversation.updatedAt = Samples.time(9)
            try await storage.createConversation(conversation)
            #expect(try await storage.conversation(conversation.id) == conversation)
        },
        ConformanceCase("a conversation's id is used once") { storage in
            try await storage.createConversation(Samples.conversation(1))
            await expect(.conflict) { try await storage.createConversation(Samples.conversation(1)) }
        },
        ConformanceCase("a new conversation has no leaf yet") { storage in
            var conversation = Samples.conversation(1)
            conversation.leaf = Samples.id(7)
            await expect(.notFound) { [conversation] in try await storage.createConversation(conversation) }
        },
        ConformanceCase("a conversation that is not there is not found") { storage in
            await expect(.notFound) { _ = try await storage.conversation(Samples.id(1)) }
            await expect(.notFound) { try await storage.deleteConversation(Samples.id(1)) }
            await expect(.notFound) {
                _ = try await storage.updateConversation(Samples.id(1), ConversationPatch(updatedAt: Samples.time(1)))
            }
            await expect(.notFound) { _ = try await storage.messages(in: Samples.id(1), page: PageRequest()) }
        },
        ConformanceCase("a patch changes what it names and nothing else") { storage in
            var conversation = Samples.conversation(1)
            conversation.title = "old"
            conversation.isPinned = true
            try await storage.createConversation(conversation)
            try await storage.addMessage(Samples.question(1))
            var patch = ConversationPatch(updatedAt: Samples.time(50))
            patch.model = "beta/two"
            patch.isArchived = true
            patch.isPinned = false
            patch.metadata = JSONObject([("k", "v")])
            let changed = try await storage.updateConversation(conversation.id, patch)
            #expect(changed.title == "old" && changed.model == "beta/two" && changed.leaf == Samples.id(1))
            #expect(changed.isArchived && !changed.isPinned && changed.metadata["k"] == "v")
            #expect(changed.updatedAt == Samples.time(50) && changed.createdAt == Samples.time(0))
        },
        ConformanceCase("a leaf is a message of its conversation") { storage in
            for number: UInt64 in [1, 2] {
                try await storage.createConversation(Samples.conversation(number))
                try await storage.addMessage(Samples.question(number, in: number))
            }
            var patch = ConversationPatch(updatedAt: Samples.time(1))
            patch.leaf = Samples.id(2)
            await expect(.notFound) { [patch] in _ = try await storage.updateConversation(Samples.id(1), patch) }
            #expect(try await storage.conversation(Samples.id(1)).updatedAt == Samples.time(0))
        },
        ConformanceCase("a conversation's last change never moves back") { storage in
            try await storage.createConversation(Samples.conversation(1, at: 100))
            try await storage.addMessage(Samples.question(1, at: 40))
            #expect(try await storage.conversation(Samples.id(1)).updatedAt == Samples.time(100))
        },
        ConformanceCase("the list goes by last change, then by id, in both directions and page by page") { storage in
            for (number, at) in [(1, 30), (2, 10), (3, 20), (4, 20), (5, 20)] as [(UInt64, Int64)] {
                try await storage.createConversation(Samples.conversation(number, at: at))
            }
            let expected: [ConversationID] = [2, 3, 4, 5, 1].map { Samples.id($0) }
            for order in [PageRequest<ConversationID>.Order.ascending, .descending] {
                var seen: [ConversationID] = []
                var page = PageRequest<ConversationID>(limit: 2, order: order)
                while true {
                    let part = try await storage.conversations(page: page)
                    seen += part.elements.map(\.id)
                    page.after = part.elements.last?.id
                    if !part.hasMore { break }
                }
                #expect(seen == (order == .ascending ? expected : expected.reversed()))
            }
            await expect(.notFound) {
                _ = try await storage.conversations(page: PageRequest(after: Samples.id(9)))
            }
        },
        ConformanceCase("the list is filtered by archive") { storage in
            for (number, title, archived) in [
                (1, "Hello WORLD", false), (2, "100% sure_thing", true), (3, nil, false), (4, "Ähnlich", true),
            ] as [(UInt64, String?, Bool)] {
                var conversation = Samples.conversation(number, at: Int64(number))
                conversation.title = title
                conversation.isArchived = archived
                conversation.isPinned = number > 2
                try await storage.createConversation(conversation)
            }
            func found(_ filter: ConversationFilter) async throws -> [UInt64] {
                try await storage.conversations(matching: filter, page: PageRequest(order: .ascending)).elements
                    .map { $0.id.low & 0xFF }
            }
            #expect(try await found(ConversationFilter()) == [1, 2, 3, 4])
            #expect(try await found(ConversationFilter(isArchived: true)) == [2, 4])
            #expect(try await found(ConversationFilter(isArchived: false)) == [1, 3])
            #expect(try await found(ConversationFilter(isPinned: true)) == [3, 4])
            #expect(try await found(ConversationFilter(isArchived: false, isPinned: false)) == [1])
        },
        ConformanceCase("a deleted conversation takes messages, runs, events and words with it, not the ledger") {
            storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.createConversation(Samples.conversation(2))
            try await storage.commit([
                .appendMessage(Samples.question(1), movesLeaf: true), .createRun(Samples.run(1)),
                .appendRunEvents(Samples.id(1), [Samples.event(1)]),
            ])
            var byConversation = Samples.generation(1)
            byConversation.conversation = Samples.id(1)
            var byRun = Samples.generation(2)
            byRun.run = Samples.id(1)
            var byName = Samples.answer(4)
            byName.generation = Samples.id(4)
            let content = GenerationContent(request: [1], reply: [2])
            try await storage.commit([
                .createGeneration(byConversation, content), .createGeneration(byRun, content),
                .createGeneration(Samples.generation(3, making: 1), content),
                .createGeneration(Samples.generation(4), content), .appendMessage(byName, movesLeaf: true),
                .createGeneration(Samples.generation(5), content),
                .checkpoint(Samples.id(1), Progress(sequence: 0, text: "secret", reasoning: "")),
            ])
            try await storage.deleteConversation(Samples.id(1))
            await expect(.notFound) { _ = try await storage.conversation(Samples.id(1)) }
            await expect(.notFound) { _ = try await storage.message(Samples.id(1)) }
            await expect(.notFound) { _ = try await storage.run(Samples.id(1)) }
            await expect(.notFound) { _ = try await storage.events(ofRun: Samples.id(1), after: 0, limit: 9) }
            #expect(try await storage.generation(Samples.id(1)) == byConversation)
            for number: UInt64 in 1...4 { #expect(try await storage.content(of: Samples.id(number)) == nil) }
            #expect(try await storage.content(of: Samples.id(5)) == content)
            #expect(try await storage.conversation(Samples.id(2)).id == Samples.id(2))
            try await storage.commit([.finishGeneration(Samples.id(1), Samples.ending(), reply: [9])])
            #expect(try await storage.content(of: Samples.id(1)) == nil)
        },
    ]
}
