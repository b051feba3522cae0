import PlenumCore
import PlenumStorage
import Testing

@testable import PlenumEngine

@Suite("Importing files of other programs")
struct ForeignImportTests {
    @Test("a ChatGPT file keeps every branch, the models and the times, and passes over what is hidden")
    func chatGPT() async throws {
        let test = PortabilityUnderTest()
        let report = try await test.take(SampleFiles.chatGPT)
        #expect(report.format == .chatGPT)
        #expect(report.conversations.added == 2)
        #expect(report.conversations.failed == 1)
        #expect(report.failures.map(\.conversation) == ["Broken"])
        #expect(report.messages.added == 7)
        #expect(report.messages.skipped == 4)
        let birds = try await test.conversation("Birds")
        #expect(birds.createdAt.milliseconds == 1_715_000_000_250)
        #expect(birds.updatedAt.milliseconds == 1_715_000_900_500)
        #expect(birds.metadata["imported_from"]?["id"] == "conv-birds")
        let messages = try await test.messages(of: birds)
        #expect(messages.map(\.role) == [.user, .assistant, .assistant, .user, .assistant])
        let byText = Dictionary(uniqueKeysWithValues: messages.map { ($0.text, $0) })
        let question = try #require(byText["How do birds navigate?"])
        let stars = try #require(byText["By the stars."])
        let sun = try #require(byText["By the sun."])
        #expect(question.parent == nil)
        #expect(question.createdAt.milliseconds == 1_715_000_000_500)
        #expect([stars.parent, sun.parent] == [question.id, question.id])
        #expect(stars.model == "openai/gpt-4o")
        #expect(stars.provider == "openai")
        #expect(stars.finish == FinishReason(.endTurn, native: "stop"))
        #expect(sun.model == "openai/o3")
        #expect(sun.parts.first?.reasoning?.text == "Thinking of stars\nOr the sun?")
        #expect(sun.status == .incomplete)
        let picture = try #require(messages.first { $0.parent == stars.id })
        #expect(
            picture.text.hasPrefix("[image: file-service://file-1]\n\nWhat is on this picture?\n\nand say it aloud")
        )
        #expect(picture.text.contains("notes.pdf") && !picture.text.contains("bird.png"))
        let code = try #require(messages.last)
        #expect(code.parent == picture.id)
        #expect(code.text == "```python\nprint('a bird')\n```")
        #expect(birds.leaf == code.id)
    }

    @Test("what a file does not say of title, times and leaf is found elsewhere")
    func sparse() async throws {
        let test = PortabilityUnderTest()
        try await test.take(SampleFiles.chatGPT)
        let conversation = try await test.conversation("Hello there")
        let messages = try await test.messages(of: conversation)
        #expect(messages.map(\.text) == ["Hello there", "Hello yourself"])
        #expect(messages[1].parent == messages[0].id)
        #expect(conversation.leaf == messages[1].id)
        #expect(conversation.createdAt == test.engine.clock.now())
        #expect(messages[1].model == nil)
    }

    @Test("a Claude file is read as a list or as a tree, with thoughts, attachments and artifacts")
    func claude() async throws {
        let test = PortabilityUnderTest()
        let report = try await test.take(SampleFiles.claude)
        #expect(report.format == .claude)
        #expect(report.conversations.added == 2)
        #expect(report.conversations.unchanged == 1, "an empty conversation is not worth adding")
        #expect(report.messages.added == 6)
        #expect(report.messages.skipped == 1)
        let sorting = try await test.conversation("Sorting")
        #expect(sorting.createdAt.milliseconds == 1_714_996_800_123)
        let list = try await test.messages(of: sorting)
        #expect(list.map(\.role) == [.user, .assistant, .user])
        #expect(list[1].createdAt.milliseconds == 1_714_989_605_500, "a zone counts")
        #expect(list[0].text == "Sort this[attachment: list.txt]\n\n```\n3\n1\n2\n```[attachment: shot.png]")
        #expect(list[1].parts.first?.reasoning?.text == "Easy.")
        #expect(list[1].text == "1 2 3[artifacts: sort.py]\n\n```python\nsorted(x)\n```")
        #expect(list[2].text == "Thanks")
        #expect([list[1].parent, list[2].parent] == [list[0].id, list[1].id])
        #expect(sorting.leaf == list[2].id)
        let tree = try await test.conversation("Once more")
        let branches = try await test.messages(of: tree)
        #expect(branches.map(\.text) == ["Once more", "First", "Second"])
        #expect(branches[1].parent == branches[0].id && branches[2].parent == branches[0].id)
        #expect(branches[1].model == "anthropic/claude-3-opus")
        #expect(tree.leaf == branches[1].id)
    }

    @Test("importing twice adds nothing", arguments: [SampleFiles.chatGPT, SampleFiles.claude])
    func twice(_ file: String) async throws {
        let test = PortabilityUnderTest(try await .sqliteInMemory())
        let first = try await test.take(file)
        let whole = try await test.whole()
        let second = try await test.take(file)
        #expect(second.conversations.added == 0 && second.conversations.updated == 0)
        #expect(second.conversations.unchanged == first.conversations.added + first.conversations.unchanged)
        #expect(second.messages.added == 0)
        #expect(second.messages.skipped == first.messages.added + first.messages.skipped)
        #expect(try await test.whole() == whole)
    }

    @Test("a file that has grown adds what is new, and goes on there unless somebody has gone on here")
    func grown() async throws {
        for hasGoneOn in [false, true] {
            let test = PortabilityUnderTest()
            try await test.take(SampleFiles.chatGPT)
            let before = try await test.conversation("Birds")
            if hasGoneOn {
                try await test.storage.addMessage(
                    Message(
                        id: test.engine.ids.next(),
                        conversation: before.id,
                        parent: before.leaf,
                        role: .user,
                        parts: [.text("Gone on here")],
                        createdAt: test.engine.clock.now()
                    )
                )
            }
            let report = try await test.take(SampleFiles.grownChatGPT)
            #expect(report.conversations.updated == 1)
            #expect(report.messages.added == 2)
            let after = try await test.conversation("Birds")
            let leaf = try await test.storage.message(try #require(after.leaf))
            #expect(leaf.text == (hasGoneOn ? "Gone on here" : "By smell."))
            let added = try #require(try await test.messages(of: after).first { $0.text == "And fish?" })
            #expect(added.parent == before.leaf)
        }
    }

    @Test("ids begin with the conversation's time, are of version 8, and differ by home, conversation and message")
    func identity() throws {
        let time = Timestamp(milliseconds: 1_715_000_000_250)
        let identity = ForeignIdentity(of: "a", createdAt: time, in: .chatGPT, PortabilityUnderTest.digest)
        let id = identity.conversationID
        #expect(id.high >> 16 == 1_715_000_000_250)
        #expect(id.high >> 12 & 0xF == 8)
        #expect(id.low >> 62 == 2)
        let other = ForeignIdentity(of: "a", createdAt: time, in: .claude, PortabilityUnderTest.digest)
        let split = ForeignIdentity(of: "a1:b", createdAt: time, in: .chatGPT, PortabilityUnderTest.digest)
        #expect(id != other.conversationID)
        #expect(
            Set([identity.messageID("b"), identity.messageID("c"), split.messageID(""), other.messageID("b")]).count
                == 4
        )
        #expect(identity.messageID("b") == identity.messageID("b"))
    }
}
