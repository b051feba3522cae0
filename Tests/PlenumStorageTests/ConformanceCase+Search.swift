import PlenumCore
import PlenumStorage
import Testing

extension ConformanceCase {
    /// Adds a conversation with a title and one message of a user a text; numbers of messages are hundreds of its own.
    private static func add(
        _ number: UInt64,
        _ title: String?,
        _ texts: [String] = [],
        archived: Bool = false,
        to storage: any Storage
    ) async throws {
        var conversation = Samples.conversation(number)
        conversation.title = title
        conversation.isArchived = archived
        try await storage.createConversation(conversation)
        for (index, text) in texts.enumerated() {
            var message = Samples.question(number * 100 + UInt64(index), in: number)
            message.parts = [.text(text)]
            try await storage.addMessage(message)
        }
    }

    /// The numbers of what is found: a title's is its conversation's.
    private static func found(
        _ words: String,
        archived: Bool? = nil,
        limit: Int = 20,
        after: SearchHit.Place? = nil,
        in storage: any Storage
    ) async throws -> [UInt64] {
        let query = try SearchQuery(words, isArchived: archived)
        let page = try await storage.search(query, limit: limit, after: after)
        return page.elements.map { ($0.message?.low ?? $0.conversation.id.low) & 0xFFFF }
    }

    static let search = [
        ConformanceCase("a search finds the beginnings of words in titles and messages, newest first") { storage in
            try await add(1, "Sorting in Swift", ["How do I sort an array?", "Thanks!"], to: storage)
            try await add(2, nil, ["Grüße aus Köln", "sorted, at last"], to: storage)
            try await add(3, "東京の天気", ["天気はどうですか", "100% sure_thing"], to: storage)
            #expect(try await found("sort", in: storage) == [201, 100, 1])
            #expect(try await found("SORT swi", in: storage) == [1])
            #expect(try await found("sorting", in: storage) == [1])
            #expect(try await found("grusse", in: storage) == [200])
            #expect(try await found("kóln grü", in: storage) == [200])
            #expect(try await found("天気", in: storage) == [300, 3])
            #expect(try await found("京東", in: storage) == [3])
            #expect(try await found("100 thing", in: storage) == [301])
            #expect(try await found("s", in: storage) == [301, 201, 100, 1])
            #expect(try await found("ort", in: storage) == [])
            #expect(try await found("sort missing", in: storage) == [])
        },
        ConformanceCase("a query without any word finds nothing, and signs that a database may mean are none") {
            storage in
            try await add(1, "and or not near null", ["a 'quoted' \"word\" * and a back\\slash"], to: storage)
            for nothing in ["", " ", "%", "\"", "*", "'", "\\", "!&|", "\u{0}", "\u{1F600}"] {
                #expect(try await found(nothing, in: storage) == [], "\(nothing)")
            }
            for something in ["and", "\"word", "word*", "'quoted' & !", "back\\sl", "AND quo:"] {
                #expect(try await found(something, in: storage).contains(100), "\(something)")
            }
            #expect(try await found("NEAR(or", in: storage) == [1])
            #expect(try await found("a NOT word", in: storage) == [])
        },
        ConformanceCase("a search is for the archived, for the others, or for all") { storage in
            try await add(1, "word", ["word"], to: storage)
            try await add(2, "word", ["word"], archived: true, to: storage)
            #expect(try await found("word", in: storage) == [200, 2, 100, 1])
            #expect(try await found("word", archived: true, in: storage) == [200, 2])
            #expect(try await found("word", archived: false, in: storage) == [100, 1])
            var patch = ConversationPatch(updatedAt: Samples.time(1))
            patch.isArchived = false
            _ = try await storage.updateConversation(Samples.id(2), patch)
            #expect(try await found("word", archived: true, in: storage) == [])
        },
        ConformanceCase("a search is read page by page, after a title or a message") { storage in
            for number: UInt64 in 1...4 { try await add(number, "word", ["word", "other", "words"], to: storage) }
            var all: [UInt64] = []
            var after: SearchHit.Place?
            var pages = 0
            repeat {
                let page = try await storage.search(SearchQuery("word"), limit: 5, after: after)
                all += page.elements.map { ($0.message?.low ?? $0.conversation.id.low) & 0xFFFF }
                after = page.hasMore ? page.elements.last?.place : nil
                pages += 1
            } while after != nil
            #expect(pages == 3)
            #expect(all == [402, 400, 4, 302, 300, 3, 202, 200, 2, 102, 100, 1])
            #expect(try await found("word", limit: 2, after: .title(Samples.id(2)), in: storage) == [102, 100])
            #expect(try await found("word", limit: 0, in: storage) == [402])
            await expect(.notFound) { _ = try await found("word", after: .title(Samples.id(9)), in: storage) }
            await expect(.notFound) { _ = try await found("word", after: .message(Samples.id(9)), in: storage) }
        },
        ConformanceCase("a page of a search has at most a hundred hits") { storage in
            try await add(1, nil, Array(repeating: "word", count: 102), to: storage)
            let page = try await storage.search(SearchQuery("word"), limit: 1000, after: nil)
            #expect(page.elements.count == 100)
            #expect(page.hasMore)
        },
        ConformanceCase("an answer is found when it is at its end, by its text and not by its thoughts") { storage in
            try await add(1, nil, [], to: storage)
            try await storage.addMessage(Samples.answer(1))
            try await storage.commit([
                .createGeneration(Samples.generation(1, making: 1), nil),
                .checkpoint(Samples.id(1), Progress(sequence: 0, text: "early", reasoning: "")),
            ])
            #expect(try await found("early", in: storage) == [])
            let parts: [ContentPart] = [.reasoning(Reasoning("hidden")), .text("sho"), .text("wn")]
            try await storage.commit([.finishMessage(Samples.id(1), Samples.messageEnding(.failed, parts: parts))])
            #expect(try await found("shown", in: storage) == [1])
            #expect(try await found("hidden", in: storage) == [])
            #expect(try await found("early", in: storage) == [])
            var system = Samples.question(2)
            system.role = .system
            system.parts = [.text("shown")]
            try await storage.addMessage(system)
            #expect(try await found("shown", in: storage) == [1])
        },
        ConformanceCase("what recovery keeps of an answer is found") { storage in
            try await add(1, nil, [], to: storage)
            try await storage.addMessage(Samples.answer(1))
            try await storage.commit([
                .createGeneration(Samples.generation(1, making: 1), nil),
                .checkpoint(Samples.id(1), Progress(sequence: 0, text: "kept text", reasoning: "")),
            ])
            _ = try await storage.recover(at: Samples.time(9))
            #expect(try await found("kept", in: storage) == [1])
        },
        ConformanceCase("what is removed or renamed is found no more") { storage in
            try await add(1, "old name", ["first", "second"], to: storage)
            try await add(2, nil, ["first"], to: storage)
            var patch = ConversationPatch(updatedAt: Samples.time(1))
            _ = try await storage.updateConversation(Samples.id(1), patch)
            #expect(try await found("old", in: storage) == [1])
            patch.title = "new name"
            _ = try await storage.updateConversation(Samples.id(1), patch)
            #expect(try await found("old", in: storage) == [])
            #expect(try await found("name", in: storage) == [1])
            try await storage.commit([.deleteMessage(Samples.id(101))])
            #expect(try await found("second", in: storage) == [])
            #expect(try await found("first", in: storage) == [200, 100])
            try await storage.deleteConversation(Samples.id(1))
            #expect(try await found("first", in: storage) == [200])
            #expect(try await found("name", in: storage) == [])
        },
        ConformanceCase("a commit that fails leaves nothing to find") { storage in
            try await add(1, "title", [], to: storage)
            var patch = ConversationPatch(updatedAt: Samples.time(1))
            patch.title = "other"
            var message = Samples.question(1)
            message.parts = [.text("lost")]
            await expect(.notFound) {
                try await storage.commit([
                    .updateConversation(Samples.id(1), patch), .appendMessage(message, movesLeaf: true),
                    .deleteMessage(Samples.id(9)),
                ])
            }
            #expect(try await found("lost", in: storage) == [])
            #expect(try await found("other", in: storage) == [])
            #expect(try await found("title", in: storage) == [1])
        },
        ConformanceCase("a long text is found by its many words") { storage in
            let words = (0..<5000).map { "w\($0)" } + [String(repeating: "x", count: 300)]
            try await add(1, nil, [words.joined(separator: ", ")], to: storage)
            #expect(try await found("w0 w4999", in: storage) == [100])
            #expect(try await found(String(repeating: "x", count: 100), in: storage) == [100])
            #expect(try await found("w5000", in: storage) == [])
        },
        ConformanceCase("a hit shows the conversation and the words with some around them") { storage in
            let filler = String(repeating: "filler ", count: 60)
            try await add(1, "A title", [filler + "and then\nthe needle " + filler], to: storage)
            let hit = try #require(try await storage.search(SearchQuery("need"), limit: 1, after: nil).elements.first)
            #expect(hit.conversation == (try await storage.conversation(Samples.id(1))))
            #expect(hit.message == Samples.id(100))
            #expect(hit.snippet.text.contains("and then the needle filler"))
            #expect(hit.snippet.matches.count == 1)
            let title = try #require(try await storage.search(SearchQuery("titl"), limit: 1, after: nil).elements.first)
            #expect(title.message == nil)
            #expect(title.snippet == Snippet(text: "A title", matches: [2..<7]))
        },
    ]
}
