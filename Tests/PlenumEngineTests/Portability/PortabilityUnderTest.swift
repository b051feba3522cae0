import Logging
import PlenumCore
import PlenumStorage
import Testing

@testable import PlenumEngine

/// An engine without models on an empty storage, for the length of a test of import and export.
struct PortabilityUnderTest {
    let engine: Engine
    var storage: any Storage { engine.storage }

    init(_ storage: any Storage = .inMemory, now: Int64 = 1_800_000_000_000) {
        let clock = EngineClock(now: { Timestamp(milliseconds: now) }, ticks: EngineClock.system.ticks)
        engine = Engine(catalogue: Catalogue([]), storage: storage, clock: clock, logger: Logger(label: "test"))
    }

    /// A digest that needs no library; it tells apart what the tests import.
    static let digest = ImportDigest { bytes in
        var state: [UInt64] = [0xCBF2_9CE4_8422_2325, 0x6C62_272E_07BB_0142]
        for byte in bytes {
            for index in state.indices {
                state[index] = (state[index] ^ UInt64(byte)) &* (0x100_0000_01B3 + UInt64(2 * index))
            }
        }
        return state.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * $0)) } }
    }

    @discardableResult
    func take(_ file: String) async throws(PlenumError) -> ImportReport { try await take(Array(file.utf8)) }

    @discardableResult
    func take(_ file: [UInt8]) async throws(PlenumError) -> ImportReport {
        try await engine.importConversations(file, digest: Self.digest)
    }

    /// Everything as one file.
    func whole() async throws -> String {
        var bytes: [UInt8] = []
        try await engine.exportAll { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One conversation as a file.
    func file(of conversation: Conversation, as format: PortableFormat) async throws -> String {
        var bytes: [UInt8] = []
        try await engine.export(conversation, as: format) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The conversation with a title.
    func conversation(_ title: String) async throws -> Conversation {
        try #require(try await storage.conversations().elements.first { $0.title == title })
    }

    /// All messages of a conversation.
    func messages(of conversation: Conversation) async throws -> [Message] {
        try await storage.messages(in: conversation.id, page: PageRequest(limit: 1000, order: .ascending)).elements
    }

    /// A conversation with every kind of part, two answers, a failure and exact numbers, and one without anything.
    func fill() async throws {
        var conversation = Conversation(
            id: engine.ids.next(),
            title: "Everything \"quoted\" ü",
            model: "test/a",
            isPinned: true,
            metadata: try #require(JSONValue(parsing: #"{"own": {"deep": [1.0, "x", 1e3]}}"#).object),
            createdAt: Timestamp(milliseconds: 1_700_000_000_123)
        )
        conversation.updatedAt = Timestamp(milliseconds: 1_700_000_099_999)
        let question = message(.user, in: conversation, after: nil, Self.asked)
        let first = answer("test/a", to: question)
        var second = answer("test/b", to: question)
        second.status = .failed
        second.error = RecordedError(code: "overloaded", message: "Too much.", isRetryable: true)
        let seen = ToolResult(callID: "call-1", name: "look", parts: [.text("seen")], isError: false)
        let result = message(.tool, in: conversation, after: first.id, [.toolResult(seen)])
        var changes: [StorageChange] = [.createConversation(conversation)]
        for message in [question, first, second, result] {
            changes.append(.appendMessage(message, movesLeaf: message.id == first.id))
        }
        try await storage.commit(changes)
        try await storage.createConversation(
            Conversation(id: engine.ids.next(), isArchived: true, createdAt: Timestamp(milliseconds: 1_700_000_000_000))
        )
    }

    private func message(
        _ role: Turn.Role,
        in conversation: Conversation,
        after parent: MessageID?,
        _ parts: [ContentPart]
    ) -> Message {
        Message(
            id: engine.ids.next(),
            conversation: conversation.id,
            parent: parent,
            role: role,
            parts: parts,
            createdAt: Timestamp(milliseconds: 1_700_000_000_456)
        )
    }

    private func answer(_ model: String, to question: Message) -> Message {
        var answer = Message(
            id: engine.ids.next(),
            conversation: question.conversation,
            parent: question.id,
            role: .assistant,
            parts: Self.answered + [.text("It is \(model)")],
            createdAt: Timestamp(milliseconds: 1_700_000_001_000)
        )
        answer.model = model
        answer.provider = "test"
        answer.run = engine.ids.next()
        answer.seat = 1
        answer.generation = engine.ids.next()
        answer.finish = FinishReason(.maxTokens, native: "length")
        answer.usage = Usage(inputUncached: 7, cacheRead: 3, cacheWrite: 2, cacheWriteLong: 1, output: 5, reasoning: 4)
        answer.usage?.reportedCost = Money(nanoDollars: 1)
        answer.cost = Money(nanoDollars: 123_456_789)
        answer.endedAt = Timestamp(milliseconds: 1_700_000_002_001)
        return answer
    }

    private static let asked: [ContentPart] = [
        .text("Look:\n```swift\nlet a = 1\n```"),
        .image(Media(.base64("aGk="), mimeType: "image/png", detail: "low")),
        .image(Media(.url("https://example.org/a.png"), filename: "a.png")),
        .document(Media(.file("file-1"), mimeType: "application/pdf")),
        .audio(Media(.base64("aGk="), mimeType: "audio/wav")),
    ]

    private static let answered: [ContentPart] = [
        .reasoning(Reasoning("Hm.\nWell.", opaque: OpaqueState(.anthropicSignature, "sig"))),
        .toolCall(ToolCall(id: "call-1", name: "look", arguments: #"{"a":1}"#)),
        .opaque(.gemini, ["x": [true, .null]]),
        .refusal("no"),
    ]
}
