import PlenumCore
import PlenumStorage
import Testing

@testable import PlenumEngine

@Suite("Exporting Markdown")
struct MarkdownExportTests {
    @Test("the path to the leaf is written with models, times and the number of siblings, and code as it is")
    func path() async throws {
        let test = PortabilityUnderTest()
        try await test.fill()
        let conversation = try #require(try await test.storage.conversations().elements.first { $0.isPinned })
        let text = try await test.file(of: conversation, as: .markdown)
        #expect(text.hasPrefix("# Everything \"quoted\" ü"))
        #expect(text.contains("\n## User\n\n*2023-11-14 22:13 UTC*\n\nLook:\n```swift\nlet a = 1\n```\n"))
        #expect(
            text.contains(
                "\n## Assistant · test/a\n\n*2023-11-14 22:13 UTC · 1 of 2 answers*\n\n> Hm.\n> Well.\n"
            )
        )
        #expect(text.contains("\n\nIt is test/a\n"))
        #expect(text.contains("![a.png](https://example.org/a.png)"))
        #expect(text.contains("```json\n{\"a\":1}\n```"))
        #expect(!text.contains("test/b"))
        #expect(!text.contains("aGk="))
    }

    @Test("an answer that was cut off inside code does not swallow what follows")
    func openFence() async throws {
        let test = PortabilityUnderTest()
        let conversation = Conversation(id: test.engine.ids.next(), title: "A\nB", createdAt: test.engine.clock.now())
        var answer = Message(
            id: test.engine.ids.next(),
            conversation: conversation.id,
            role: .assistant,
            parts: [.text("````text\n```\nlet")],
            status: .failed,
            createdAt: test.engine.clock.now()
        )
        answer.error = RecordedError(code: "x", message: "It broke off.", isRetryable: true)
        try await test.storage.commit([.createConversation(conversation), .appendMessage(answer, movesLeaf: true)])
        let text = try await test.file(of: try await test.storage.conversation(conversation.id), as: .markdown)
        #expect(text.hasPrefix("# A B\n\n## Assistant\n"))
        #expect(text.hasSuffix("· failed*\n\n````text\n```\nlet\n````\n\n*It broke off.*\n"))
    }

    @Test(
        "an open fence is told from a closed one",
        arguments: [
            ("```\na\n```", nil), ("```\na", "```"), ("~~~\n```\n", "~~~"), ("````\n```\n", "````"), ("```a`b", nil),
            ("    ```\n", nil), ("   ```\n", "```"), ("```\n``` x\n", "```"), ("```\n`````  \n", nil), ("a ``` b", nil),
        ] as [(String, String?)]
    )
    func fences(_ text: String, _ open: String?) {
        #expect(CodeFence.left(openIn: text) == open)
    }

    @Test("a fence around a text is longer than any in it")
    func around() {
        #expect(CodeFence.around("a\n````\n", language: "c++ `x`") == "`````c++\na\n````\n`````")
    }
}
