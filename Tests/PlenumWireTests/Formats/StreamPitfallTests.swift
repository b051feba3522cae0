import PlenumCore
import Testing

@testable import PlenumWire

/// What went wrong elsewhere with streams and what belongs beside a body (wire notes 3).
@Suite("Pitfalls of streams and headers")
struct StreamPitfallTests {
    private static let whole: [(Dialect, String)] = [
        (
            .openAIChat,
            #"""
            {
              "id": "c", "model": "m",
              "choices": [{"index": 0, "message": {"role": "assistant", "content": "said"}, "finish_reason": "stop"}]
            }
            """#
        ),
        (
            .anthropicMessages,
            #"""
            {"id": "m", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn",
             "content": [{"type": "text", "text": "said"}], "usage": {"input_tokens": 1, "output_tokens": 1}}
            """#
        ),
        (
            .openAIResponses,
            #"""
            {"id": "r", "object": "response", "status": "completed", "model": "m", "output": [
              {"id": "i", "type": "message", "role": "assistant", "status": "completed",
               "content": [{"type": "output_text", "text": "said", "annotations": []}]}]}
            """#
        ),
        (
            .gemini,
            #"""
            {"candidates": [{"content": {"role": "model", "parts": [{"text": "said"}]}, "finishReason": "STOP"}]}
            """#
        ),
    ]

    @Test("pitfall 67: a body in one piece where a stream was asked is an answer, not silence", arguments: whole)
    func oneBody(dialect: Dialect, body: String) throws {
        let format = try #require(WireFormats.format(for: dialect))
        for size in [1, 7, 4096] {
            let outcome = Reading.outcome(Array(body.utf8), format.makeReplyReader(for: Reading.streamed), size: size)
            #expect(outcome.error == nil, "\(dialect) \(size)")
            #expect(Reply(outcome.events).text == "said" && outcome.events.last == .end)
        }
        let torn = Reading.outcome(
            Array(body.utf8.dropLast(2)),
            format.makeReplyReader(for: Reading.streamed),
            size: 4096
        )
        #expect(torn.error?.code == .upstreamInterrupted || torn.error?.code == .badUpstream)
    }

    @Test("pitfall 61: Google's clients get no comments and no names of events")
    func noComments() {
        let format = GeminiFormat()
        #expect(format.keepAlive.isEmpty && !format.takesComments)
        var writer = format.makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let text = String(decoding: writer.write(Self.events), as: UTF8.self)
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) { #expect(line.hasPrefix("data: {")) }
        #expect(!text.contains("[DONE]"))
    }

    @Test("pitfall 63: each event for Anthropic's clients says its name, the one that its data says")
    func named() throws {
        var writer = AnthropicMessagesFormat().makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let text = String(decoding: writer.write(Self.events), as: UTF8.self)
        let blocks = text.split(separator: "\n\n").map { $0.split(separator: "\n") }
        #expect(blocks.count > 5)
        for block in blocks {
            try #require(block.count == 2 && block[0].hasPrefix("event: ") && block[1].hasPrefix("data: "))
            let data = try JSONValue(parsing: Array(block[1].dropFirst(6).utf8))
            #expect(data["type"]?.string == String(block[0].dropFirst(7)))
        }
    }

    @Test("pitfall 65: a thought has one signature, in one piece, before its block ends")
    func oneSignature() {
        var writer = AnthropicMessagesFormat().makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let text = String(decoding: writer.write(Self.events), as: UTF8.self)
        #expect(text.components(of: "signature_delta") == 1)
    }

    @Test("pitfall 44: the version and the features of a body travel with it, and to its own dialect alone")
    func features() throws {
        let body = Array(#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#.utf8)
        let head = try AnthropicMessagesFormat().scanRequest(body)
        var request = CompletionRequest(
            model: "m",
            tag: ModelID(provider: "p", model: "m"),
            stream: false,
            prompt: .verbatim(head.verbatim(body))
        )
        let beta = ClientFields.Field("anthropic-beta", "context-management-2025-06-27,unknown-2031")
        request.fields = ClientFields(
            .anthropicMessages,
            [ClientFields.Field("anthropic-version", "2026-10-21"), beta]
        )
        let own = try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks()).headers
        #expect(own.contains { $0.name == "anthropic-version" && $0.value == "2026-10-21" })
        #expect(own.contains { $0.name == "anthropic-beta" && $0.value == beta.value })
        for format in WireFormats.all where format.dialect != .anthropicMessages {
            let other = try format.writeRequest(request, quirks: Quirks()).headers
            #expect(!other.contains { $0.name.hasPrefix("anthropic") })
        }
    }

    @Test("pitfall 45: a provider gets one credential, in its own field")
    func credentials() {
        let fields = WireFormats.all.map { $0.authorization(key: "k") }
        #expect(fields.allSatisfy { $0.count == 1 })
        #expect(Set(fields.map { $0[0].name }) == ["authorization", "x-api-key", "x-goog-api-key"])
    }

    private static let events: [ReplyEvent] = [
        .start(id: "i", model: "m"), .reasoning("Hm"), .reasoning("."),
        .reasoningState(OpaqueState(.anthropicSignature, "c2ln")), .text("It is "), .text("so."),
        .toolCall(index: 0, id: "c", name: "w", opaque: nil), .toolArguments(index: 0, fragment: "{}"),
        .finish(FinishReason(.toolUse)), .usage(Usage(inputUncached: 1, output: 2)), .end,
    ]
}

extension String {
    /// How often a word stands in the text.
    fileprivate func components(of word: String) -> Int { split(separator: word).count - 1 }
}
