import PlenumCore
import PlenumStorage
import Testing

@testable import PlenumEngine

@Suite("Hostile files")
struct HostileImportTests {
    private func chat(_ nodes: String, id: String = "x", leaf: String = "n0") -> String {
        #"{"title": "T", "conversation_id": "\#(id)", "current_node": "\#(leaf)", "mapping": {\#(nodes)}}"#
    }

    private func node(_ id: String, after parent: String) -> String {
        #""\#(id)": {"parent": "\#(parent)", "message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["\#(id)"]}}}"#
    }

    @Test("a chain of a hundred thousand nodes is taken in, whatever the order of its nodes")
    func longChain() async throws {
        let count = 100_000
        let nodes = (0..<count).reversed().map { node("n\($0)", after: "n\($0 - 1)") }
        let test = PortabilityUnderTest()
        let file = "[" + chat(nodes.joined(separator: ","), leaf: "n\(count - 1)") + "]"
        let report = try await test.take(file)
        #expect(report.messages.added == count)
        let conversation = try await test.conversation("T")
        let leaf = try #require(conversation.leaf)
        let path = try await test.storage.thread(endingAt: leaf, limit: count + 1)
        #expect(path.count == count)
        #expect(path.first?.text == "n0")
        #expect(try await test.take(file).messages.added == 0)
    }

    @Test("circles are cut open, and every node of them is kept")
    func circles() async throws {
        let test = PortabilityUnderTest()
        let circle = ["n0,n2", "n1,n0", "n2,n1", "self,self", "n3,n2"].map {
            let names = $0.split(separator: ",").map(String.init)
            return node(names[0], after: names[1])
        }
        let report = try await test.take("[" + chat(circle.joined(separator: ",")) + "]")
        #expect(report.messages.added == 5)
        let messages = try await test.messages(of: try await test.conversation("T"))
        #expect(messages.count { $0.parent == nil } == 2)
    }

    @Test("a thousand conversations without messages of their own, and numbers between them, are counted")
    func noise() async throws {
        let test = PortabilityUnderTest()
        let all = (0..<300).flatMap { ["\($0)", "null", #"{"mapping": {}, "id": "\#($0)"}"#] }
        let report = try await test.take("[" + all.joined(separator: ",") + "]")
        #expect(report.conversations.failed == 600)
        #expect(report.conversations.unchanged == 300)
        #expect(report.failures.count == ImportReport.failureLimit)
    }

    @Test("the same conversation twice in a file, and the same message twice in a conversation, are one")
    func repeated() async throws {
        let test = PortabilityUnderTest()
        let one = chat(node("n0", after: "") + "," + node("n0", after: "") + "," + node("n1", after: "n0"))
        let report = try await test.take("[\(one), \(one), \(chat(node("n2", after: "")))]")
        #expect(report.conversations.added == 1)
        #expect(report.conversations.unchanged == 1)
        #expect(report.conversations.updated == 1)
        #expect(report.messages.added == 3)
        let claude = """
            [{"uuid": "c", "name": "T2", "chat_messages": [{"uuid": "a", "sender": "human", "text": "1"},
              {"uuid": "a", "sender": "human", "text": "2"}, {"sender": "human", "text": "3"}]}]
            """
        #expect(try await test.take(claude).messages.added == 2)
    }

    @Test("an own file whose messages belong to another conversation here is refused, and nothing else is")
    func stolen() async throws {
        let test = PortabilityUnderTest()
        try await test.fill()
        let own = try await test.whole()
        let conversation = try #require(try await test.storage.conversations().elements.first { $0.isPinned })
        let other = ConversationID(high: 1, low: 2)
        let report = try await test.take(own.replacing(conversation.id.description, with: other.description))
        #expect(report.conversations.failed == 1)
        #expect(report.conversations.unchanged == 1)
        #expect(report.failures.first?.message.contains("another conversation") == true)
        #expect(try await test.whole() == own)
    }

    @Test("a parent that the file does not have makes a root, and a leaf that it does not have is the last message")
    func missing() async throws {
        let test = PortabilityUnderTest()
        try await test.fill()
        let whole = try await test.whole()
        let messages = try await test.messages(
            of: try #require(try await test.storage.conversations().elements.first { $0.isPinned })
        )
        // The question's own id, which is also its answers' parent, is changed where it is an id alone.
        let orphaned = whole.replacing("\"id\":\"\(messages[0].id)\"", with: "\"id\":\"\(MessageID(high: 1, low: 1))\"")
            .replacing("\"leaf\":\"\(messages[1].id)\"", with: "\"leaf\":\"\(MessageID(high: 9, low: 9))\"")
        let other = PortabilityUnderTest()
        #expect(try await other.take(orphaned).messages.added == 4)
        let taken = try await other.storage.conversations().elements.first { $0.isPinned }
        let conversation = try #require(taken)
        #expect(conversation.leaf == messages[3].id)
        #expect(try await other.messages(of: conversation).count { $0.parent == nil } == 3)
    }

    @Test(
        "what is no export is refused with a sentence",
        arguments: [
            "", "5", "[]", "{}", "[[]]", #"{"object": "plenum.export"}"#,
            #"{"object": "plenum.export", "conversations": []}"#,
            #"{"object": "plenum.export", "version": 2, "conversations": []}"#,
            #"{"object": "list", "version": 1, "conversations": []}"#,
            "PK\u{3}\u{4}zipped", "[{\"mapping\": {}}", "[" + String(repeating: "[", count: 200),
            String(repeating: "{\"a\":", count: 200), "\u{FEFF}", "[{\"a\": 1}]",
        ]
    )
    func refused(_ file: String) async throws {
        let error = await #expect(throws: PlenumError.self) { try await PortabilityUnderTest().take(file) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.hasSuffix(".") == true)
    }

    @Test("one conversation by itself, and a mark before the text, are understood")
    func lone() async throws {
        let test = PortabilityUnderTest()
        let report = try await test.take("\u{FEFF}" + chat(node("n0", after: "")))
        #expect(report.conversations.added == 1)
    }

    @Test(
        "times that cannot be are passed over",
        arguments: [
            "-5", "1e300", "-1e300", "99999999999999999999", "\"yesterday\"", "[]", "4102444800",
            "\"9999-12-31T23:59:60Z\"",
        ]
    )
    func times(_ time: String) async throws {
        let test = PortabilityUnderTest()
        let one =
            #"[{"title": "T", "id": "x", "create_time": \#(time), "update_time": \#(time), "mapping": {"a": {"message":"#
            + #"{"author": {"role": "user"}, "create_time": \#(time), "content": {"content_type": "text", "parts": ["a"]}}}}}]"#
        #expect(try await test.take(one).messages.added == 1)
        let conversation = try await test.conversation("T")
        #expect(conversation.updatedAt == test.engine.clock.now())
        #expect(try await test.messages(of: conversation).first?.createdAt == test.engine.clock.now())
        #expect(try await test.take(one).messages.added == 0)
    }
}
