import PlenumCore
import PlenumWire
import Testing

@Suite("A simulated answer in a provider's dress")
struct SimulatedReplyTests {
    private static let thoughts: [ReplyEvent] = [.start(id: nil, model: "m"), .reasoning("a "), .reasoning("b ")]
    private static let end: [ReplyEvent] = [.usage(Usage(inputUncached: 1, output: 3, reasoning: 2)), .end]
    private static let calls: [ReplyEvent] = [
        .toolCall(index: 0, id: "call_simulated_1", name: "f", opaque: nil), .toolArguments(index: 0, fragment: "{}"),
        .toolCall(index: 1, id: "call_simulated_12", name: "g", opaque: nil), .toolArguments(index: 1, fragment: "{}"),
        .finish(FinishReason(.toolUse)),
    ]
    private static let words: [ReplyEvent] = [.text("c "), .finish(FinishReason(.endTurn))]

    private func dressed(_ events: [ReplyEvent], _ dialect: Dialect) -> Reply {
        Reply(SimulatedReply(events: Self.thoughts + events + Self.end).dressed(for: dialect).events)
    }

    @Test(
        "has its thoughts' state where the dialect has it",
        arguments: [
            (Dialect.anthropicMessages, OpaqueState.Kind.anthropicSignature), (.openAIResponses, .openAIEncrypted),
        ]
    )
    func sealed(dialect: Dialect, kind: OpaqueState.Kind) throws {
        for events in [Self.words, Self.calls] {
            let reply = dressed(events, dialect)
            let thought = try #require(reply.parts.first?.reasoning)
            #expect(thought.text == "a b " && thought.opaque?.kind == kind)
            #expect(reply.toolCalls.allSatisfy { $0.opaque == nil && $0.id.hasPrefix("call_simulated_") })
        }
        let first = dressed(Self.words, dialect).parts.first?.reasoning?.opaque
        let other = Reply(SimulatedReply(events: [.reasoning("other"), .end]).dressed(for: dialect).events)
        #expect(first != other.parts.first?.reasoning?.opaque)
    }

    @Test("signs Gemini's first call alone, or the end of its text, and gives ids of Google's form")
    func gemini() {
        let called = dressed(Self.calls, .gemini)
        #expect(called.toolCalls.map(\.id) == ["sim00001", "sim00012"])
        #expect(called.toolCalls.map { $0.opaque?.kind } == [.geminiSignature, nil])
        #expect(called.parts.first?.reasoning?.opaque == nil)
        let said = dressed(Self.words, .gemini)
        #expect(said.parts.last?.reasoning?.opaque?.kind == .geminiSignature)
        let plain = Reply(SimulatedReply(events: Self.calls + Self.end).dressed(for: .gemini).events)
        #expect(plain.toolCalls.allSatisfy { $0.opaque == nil })
    }

    @Test("is as it was in Chat Completions, and anywhere without thoughts or calls")
    func plain() {
        let reply = SimulatedReply(events: Self.thoughts + Self.calls + Self.end)
        #expect(reply.dressed(for: .openAIChat) == reply)
        let words = SimulatedReply(events: Self.words + Self.end)
        for dialect in Dialect.allCases { #expect(words.dressed(for: dialect) == words) }
    }

    @Test("gives the same vectors for the same text, in numbers and in base64, and counts as nobody would guess")
    func sides() throws {
        let body = #"{"model": "m", "input": ["one", "two"], "dimensions": 3}"#
        let listed = try SimulatedSideCalls.embeddings(Array(body.utf8))
        let vectors = try #require(listed["data"]?.array).map {
            $0["embedding"]?.array?.compactMap { $0.number?.double }
        }
        #expect(vectors.map { $0?.count } == [3, 3] && vectors[0] != vectors[1])
        #expect(listed["usage"]?["prompt_tokens"] == 2 && listed["model"] == "m")
        let batch = #"{"requests": [{"content": {"parts": [{"text": "two"}]}, "outputDimensionality": 3}]}"#
        let googles = try SimulatedSideCalls.batchEmbeddings(Array(batch.utf8))
        #expect(googles["embeddings"]?.array?.first?["values"]?.array?.compactMap { $0.number?.double } == vectors[1])
        let asked = #"{"model": "m", "input": "two", "dimensions": 3, "encoding_format": "base64"}"#
        let packed = try SimulatedSideCalls.embeddings(Array(asked.utf8))["data"]?.array?.first?["embedding"]?.string
        // Three floats are 12 bytes, which are 16 letters.
        #expect(packed?.utf8.count == 16)
        for wrong in [#"{"input": "x", "dimensions": 0}"#, #"{"input": 1}"#, "{}", "["] {
            #expect(throws: PlenumError.self) { try SimulatedSideCalls.embeddings(Array(wrong.utf8)) }
        }
        let chat = ChatRequest(prompt: "eight by")
        #expect(SimulatedSideCalls.tokens(chat, in: .gemini) == ["totalTokens": 1002])
        #expect(SimulatedSideCalls.tokens(chat, in: .anthropicMessages) == ["input_tokens": 1002])
        #expect(SimulatedSideCalls.tokens(chat, in: .openAIResponses)["input_tokens"] == 1002)
    }
}
