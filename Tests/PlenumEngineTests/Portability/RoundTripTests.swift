import PlenumCore
import PlenumStorage
import Testing

@testable import PlenumEngine

@Suite("Exporting and importing Plenum's own file")
struct RoundTripTests {
    @Test("an export that is imported into an empty storage is exported as the same bytes")
    func sameBytes() async throws {
        let storages: [any Storage] = [.inMemory, try await .sqliteInMemory()]
        for storage in storages {
            let test = PortabilityUnderTest(storage)
            try await test.fill()
            try await test.take(SampleFiles.chatGPT)
            try await test.take(SampleFiles.claude)
            let whole = try await test.whole()
            for target in [.inMemory, try await .sqliteInMemory()] as [any Storage]
            where type(of: target) == type(of: storage) {
                let other = PortabilityUnderTest(target)
                let report = try await other.take(whole)
                #expect(report.format == .plenum)
                #expect(report.conversations.added == 6 && report.conversations.failed == 0)
                #expect(try await other.whole() == whole)
                let again = try await other.take(whole)
                #expect(again.conversations.unchanged == 6 && again.messages.added == 0)
            }
        }
    }

    @Test("nothing of a message is lost")
    func lossless() async throws {
        let (test, other) = (PortabilityUnderTest(), PortabilityUnderTest())
        try await test.fill()
        try await other.take(try await test.whole())
        for conversation in try await test.storage.conversations().elements {
            #expect(try await other.storage.conversation(conversation.id) == conversation)
            let (expected, taken) = (
                try await test.messages(of: conversation), try await other.messages(of: conversation)
            )
            #expect(taken == expected)
        }
    }

    @Test("seconds stand beside milliseconds, and the leaf stays where it was")
    func shape() async throws {
        let test = PortabilityUnderTest()
        try await test.fill()
        let json = try JSONValue(parsing: try await test.whole())
        #expect(json["object"] == "plenum.export")
        #expect(json["version"] == 1)
        let first = try #require(json["conversations"]?.array?.first { $0["items"]?.array?.isEmpty == false })
        #expect(first["conversation"]?["created_at"] == 1_700_000_000)
        #expect(first["conversation"]?["created_at_ms"] == 1_700_000_000_123)
        let items = try #require(first["items"]?.array)
        #expect(items.count == 4)
        #expect(first["conversation"]?["leaf"] == items[1]["id"])
        #expect(items[1]["usage"]?["cache_write_long_tokens"] == 1)
        #expect(items[1]["native_finish_reason"] == "length")
        #expect(items[2]["error"]?["code"] == "overloaded")
        #expect(items[0]["usage"] == .null)
    }

    @Test("what is still being written comes in as interrupted, with what there was of it")
    func inProgress() async throws {
        let (test, other) = (PortabilityUnderTest(), PortabilityUnderTest())
        let conversation = Conversation(id: test.engine.ids.next(), title: "T", createdAt: test.engine.clock.now())
        let answer = Message(
            id: test.engine.ids.next(),
            conversation: conversation.id,
            role: .assistant,
            parts: [.text("half")],
            status: .inProgress,
            createdAt: test.engine.clock.now()
        )
        try await test.storage.commit([.createConversation(conversation), .appendMessage(answer, movesLeaf: true)])
        try await other.take(try await test.file(of: conversation, as: .json))
        let taken = try await other.storage.message(answer.id)
        #expect(taken.status == .interrupted)
        #expect(taken.text == "half")
        #expect(taken.endedAt != nil && taken.error?.code == "interrupted")
    }

    @Test("a large conversation is written and read in pages and batches")
    func large() async throws {
        let test = PortabilityUnderTest(try await .sqliteInMemory())
        let conversation = Conversation(id: test.engine.ids.next(), title: "T", createdAt: test.engine.clock.now())
        var changes: [StorageChange] = [.createConversation(conversation)]
        var parent: MessageID?
        for number in 0..<2500 {
            let text = number % 500 == 0 ? String(repeating: "x", count: 1 << 20) : "message \(number)"
            let message = Message(
                id: test.engine.ids.next(),
                conversation: conversation.id,
                parent: parent,
                role: .user,
                parts: [.text(text)],
                createdAt: test.engine.clock.now()
            )
            changes.append(.appendMessage(message, movesLeaf: true))
            parent = message.id
        }
        try await test.storage.commit(changes)
        var pieces = 0
        var most = 0
        var bytes: [UInt8] = []
        try await test.engine.exportAll { piece in
            pieces += 1
            most = max(most, piece.count)
            bytes += piece
        }
        #expect(pieces > 10)
        #expect(most < 3 << 20)
        let other = PortabilityUnderTest(try await .sqliteInMemory())
        #expect(try await other.take(bytes).messages.added == 2500)
        #expect(try await other.whole() == String(decoding: bytes, as: UTF8.self))
        #expect(try await other.storage.conversation(conversation.id).leaf == parent)
    }

    @Test("one conversation's failure keeps no other back, also when they share a commit")
    func isolation() async throws {
        let test = PortabilityUnderTest()
        try await test.fill()
        let whole = try await test.whole()
        let json = try JSONValue(parsing: whole)
        let all = try #require(json["conversations"]?.array)
        let good = try #require(all.first { $0["items"]?.array?.isEmpty == false })
        var bad = try #require(good.object)
        // Another conversation with the same messages.
        var head = try #require(good["conversation"]?.object)
        head["id"] = .string(ConversationID(high: 5, low: 5).description)
        bad["conversation"] = .object(head)
        let file: JSONValue = [
            "object": "plenum.export", "version": 1, "conversations": [good, .object(bad), all[0], all[1]],
        ]
        let other = PortabilityUnderTest()
        let report = try await other.take(file.text)
        #expect(report.conversations.added == 2)
        #expect(report.conversations.failed == 1)
        #expect(report.conversations.unchanged == 1)
        #expect(try await other.storage.count().messages == 4)
    }
}
