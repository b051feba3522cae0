import PlenumCore
import PlenumWire
import Testing

/// Finish reasons, usage and blocks on the way back (wire notes 2.8, 2.9 and 2.11).
@Suite("Replies on their way")
struct ReplyTranslationTests {
    private static let identity = ReplyIdentity(id: "i", created: 0, model: "p/m", includeUsage: true)

    /// The events of a stream of one dialect as the JSON that a client of another reads.
    private func stream(_ events: [ReplyEvent], to dialect: Dialect) throws -> [JSONValue] {
        let format = try #require(WireFormats.format(for: dialect))
        var writer = format.makeReplyWriter(as: Self.identity)
        return try Self.lines(writer.write(events))
    }

    private static func lines(_ bytes: [UInt8]) throws -> [JSONValue] {
        try String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard line.hasPrefix("data: "), line != "data: [DONE]" else { return nil }
            return try JSONValue(parsing: String(line.dropFirst(6)))
        }
    }

    private func read(_ chunks: [String], _ dialect: Dialect, named: Bool = false) throws -> [ReplyEvent] {
        let format = try #require(WireFormats.format(for: dialect))
        let text = chunks.map { "data: \($0)\n\n" }.joined()
        let outcome = Reading.outcome(Array(text.utf8), format.makeReplyReader(for: Reading.streamed), size: 7)
        #expect(outcome.error == nil)
        return outcome.events
    }

    private static func gemini(_ parts: String, finish: String? = nil) -> String {
        let reason = finish.map { #","finishReason":"\#($0)""# } ?? ""
        return #"{"candidates":[{"content":{"role":"model","parts":[\#(parts)]}\#(reason)}],"responseId":"r"}"#
    }

    @Test("pitfall 7: the tools of one Gemini stream count on across its chunks")
    func geminiIndexes() throws {
        let call = #"{"functionCall":{"name":"f","args":{}}}"#
        let events = try read([Self.gemini(call), Self.gemini("\(call),\(call)", finish: "STOP")], .gemini)
        let chunks = try stream(events, to: .openAIChat)
        let indexes = chunks.compactMap { $0["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
            .filter { $0["id"] != nil }.map { $0["index"] }
        #expect(indexes == [0, 1, 2])
    }

    @Test("pitfall 8: a text block before a tool does not shift the tool's index")
    func anthropicIndexes() throws {
        let events = try read(
            [
                #"{"type":"message_start","message":{"id":"i","model":"m","usage":{"input_tokens":1}}}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c","name":"f","input":{}}}"#,
                #"{"type":"content_block_stop","index":1}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}"#,
                #"{"type":"message_stop"}"#,
            ],
            .anthropicMessages
        )
        let chunks = try stream(events, to: .openAIChat)
        let calls = chunks.compactMap { $0["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
        #expect(calls.allSatisfy { $0["index"] == 0 } && calls.first?["id"] == "c")
        #expect(calls.compactMap { $0["function"]?["arguments"]?.string }.joined() == "{}")
    }

    @Test("pitfall 10: a call and the end of a Gemini stream in two chunks finish as calls")
    func geminiFinish() throws {
        let call = #"{"functionCall":{"name":"f","args":{}}}"#
        let events = try read([Self.gemini(call), Self.gemini(#"{"text":""}"#, finish: "STOP")], .gemini)
        #expect(Reply(events).finish?.meaning == .toolUse)
        let anthropic = try stream(events, to: .anthropicMessages)
        #expect(anthropic.first { $0["type"] == "message_delta" }?["delta"]?["stop_reason"] == "tool_use")
    }

    @Test("pitfall 12: a limit that was met is told, also behind calls")
    func limit() throws {
        let call = #"{"functionCall":{"name":"f","args":{}}}"#
        let events = try read([Self.gemini(call, finish: "MAX_TOKENS")], .gemini)
        let chat = try stream(events, to: .openAIChat)
        #expect(chat.contains { $0["choices"]?[0]?["finish_reason"] == "length" })
        let anthropic = try stream(events, to: .anthropicMessages)
        #expect(anthropic.first { $0["type"] == "message_delta" }?["delta"]?["stop_reason"] == "max_tokens")
    }

    /// What it means, Anthropic's word and Google's.
    static let finishes: [(FinishReason, String, String)] = [
        (FinishReason(.endTurn), "end_turn", "STOP"), (FinishReason(.stopSequence), "stop_sequence", "STOP"),
        (FinishReason(.toolUse), "tool_use", "STOP"), (FinishReason(.maxTokens), "max_tokens", "MAX_TOKENS"),
        (FinishReason(.contextExceeded), "model_context_window_exceeded", "MAX_TOKENS"),
        (FinishReason(.refusal), "refusal", "SAFETY"), (FinishReason(.contentFilter), "refusal", "SAFETY"),
        (FinishReason(.contentFilter, native: "RECITATION"), "refusal", "RECITATION"),
        (FinishReason(.pause), "pause_turn", "STOP"),
        (FinishReason(.malformedCall), "end_turn", "MALFORMED_FUNCTION_CALL"),
        (FinishReason(.malformedCall, native: "UNEXPECTED_TOOL_CALL"), "end_turn", "UNEXPECTED_TOOL_CALL"),
        (FinishReason(.unknown, native: "odd"), "end_turn", "OTHER"),
    ]

    @Test("why it ended is told in each dialect's word", arguments: finishes)
    func finish(reason: FinishReason, anthropic: String, gemini: String) throws {
        let events: [ReplyEvent] = [.start(id: "i", model: "m"), .text("a"), .finish(reason), .end]
        let first = try stream(events, to: .anthropicMessages)
        #expect(first.first { $0["type"] == "message_delta" }?["delta"]?["stop_reason"]?.string == anthropic)
        let second = try stream(events, to: .gemini)
        #expect(second.last?["candidates"]?[0]?["finishReason"]?.string == gemini)
        let wholes: [(any WireFormat, String, String)] = [
            (AnthropicMessagesFormat(), "stop_reason", anthropic), (GeminiFormat(), "finishReason", gemini),
        ]
        for (format, name, word) in wholes {
            let whole = try JSONValue(parsing: format.writeReply(Reply(events), as: Self.identity))
            #expect((whole[name] ?? whole["candidates"]?[0]?[name])?.string == word)
        }
    }

    @Test("pitfalls 9 and 15: without a reason, calls that were made are waited for")
    func noReason() throws {
        let events: [ReplyEvent] = [
            .start(id: "i", model: "m"), .toolCall(index: 0, id: "c", name: "f", opaque: nil), .end,
        ]
        let sent = try stream(events, to: .anthropicMessages)
        #expect(sent.first { $0["type"] == "message_delta" }?["delta"]?["stop_reason"] == "tool_use")
    }

    @Test("the text that ended the answer, and the words of a refusal, are kept")
    func details() throws {
        for (delta, name) in [
            (#"{"stop_reason":"stop_sequence","stop_sequence":"END"}"#, "stop_sequence"),
            (
                #"{"stop_reason":"refusal","stop_details":{"type":"refusal","category":null,"explanation":"no"}}"#,
                "stop_details"
            ),
        ] {
            let events = try read(
                [
                    #"{"type":"message_start","message":{"id":"i","model":"m"}}"#,
                    #"{"type":"message_delta","delta":\#(delta)}"#, #"{"type":"message_stop"}"#,
                ],
                .anthropicMessages
            )
            let given = try JSONValue(parsing: delta)
            let streamed = try stream(events, to: .anthropicMessages).first { $0["type"] == "message_delta" }
            #expect(streamed?["delta"]?[name] == given[name])
            let whole = try JSONValue(
                parsing: AnthropicMessagesFormat().writeReply(Reply(events), as: Self.identity)
            )
            #expect(whole[name] == given[name])
            let again = Reply(try AnthropicMessagesFormat().readReply(whole.bytes, request: Reading.streamed).events)
            #expect(again.finish == Reply(events).finish)
        }
    }

    @Test("a prompt that Google blocked has no candidate, and its usage")
    func blocked() throws {
        let chunk = #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":4}}"#
        let events = try read([chunk], .gemini)
        let finish = Reply(events).finish
        #expect(finish?.meaning == .contentFilter && finish?.native == "PROHIBITED_CONTENT")
        let whole = try JSONValue(parsing: GeminiFormat().writeReply(Reply(events), as: Self.identity))
        for response in try stream(events, to: .gemini) + [whole] {
            #expect(response["promptFeedback"]?["blockReason"] == "PROHIBITED_CONTENT")
            #expect(response["candidates"] == nil && response["usageMetadata"]?["promptTokenCount"] == 4)
        }
        let anthropic = try stream(events, to: .anthropicMessages)
        #expect(anthropic.first { $0["type"] == "message_delta" }?["delta"]?["stop_reason"] == "refusal")
    }

    @Test("Gemini's finish waits for the usage that comes after it")
    func heldFinish() throws {
        let usage = Usage(inputUncached: 5, cacheRead: 2, output: 9, reasoning: 4)
        let events: [ReplyEvent] = [
            .start(id: "i", model: "m"), .text("a"), .finish(FinishReason(.endTurn)), .usage(usage), .end,
        ]
        let chunks = try stream(events, to: .gemini)
        #expect(chunks.count == 2 && chunks[0]["candidates"]?[0]?["finishReason"] == nil)
        #expect(chunks[1]["candidates"]?[0]?["finishReason"] == "STOP")
        let expected: JSONValue = [
            "promptTokenCount": 7, "cachedContentTokenCount": 2, "candidatesTokenCount": 5, "thoughtsTokenCount": 4,
            "totalTokenCount": 16,
        ]
        #expect(chunks[1]["usageMetadata"] == expected)
    }

    @Test("pitfall 1: cached tokens are counted once on the way from Anthropic to Chat")
    func countedOnce() throws {
        let events = try read(
            [
                #"{"type":"message_start","message":{"id":"i","model":"m","usage":{"input_tokens":5,"#
                    + #""cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":1}}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":5,"#
                    + #""cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":7}}"#,
                #"{"type":"message_stop"}"#,
            ],
            .anthropicMessages
        )
        let usage = try stream(events, to: .openAIChat).compactMap { $0["usage"] }.last { !$0.isNull }
        #expect(usage?["prompt_tokens"] == 125 && usage?["completion_tokens"] == 7 && usage?["total_tokens"] == 132)
        #expect(usage?["prompt_tokens_details"]?["cached_tokens"] == 100)
        let gemini = try stream(events, to: .gemini).last?["usageMetadata"]
        #expect(gemini?["promptTokenCount"] == 125 && gemini?["cachedContentTokenCount"] == 100)
    }

    @Test("pitfall 2: the end of a translated Anthropic stream has the true counters of the input")
    func trueCounters() throws {
        let usage = Usage(inputUncached: 3, cacheRead: 40, cacheWrite: 5, output: 6)
        let events: [ReplyEvent] = [
            .start(id: "i", model: "m"), .text("a"), .finish(FinishReason(.endTurn)), .usage(usage), .end,
        ]
        let last = try stream(events, to: .anthropicMessages).first { $0["type"] == "message_delta" }?["usage"]
        let expected: JSONValue = [
            "input_tokens": 3, "cache_creation_input_tokens": 5, "cache_read_input_tokens": 40, "output_tokens": 6,
        ]
        #expect(last == expected)
    }

    @Test("pitfall 28: thoughts without text open a thinking block for Anthropic's clients")
    func thoughtsAlone() throws {
        let events: [ReplyEvent] = [
            .start(id: "i", model: "m"), .reasoning("hm"), .finish(FinishReason(.maxTokens)), .end,
        ]
        let sent = try stream(events, to: .anthropicMessages)
        #expect(sent.first { $0["type"] == "content_block_start" }?["content_block"]?["type"] == "thinking")
        #expect(sent.contains { $0["delta"]?["thinking"] == "hm" })
    }

    @Test(
        "pitfalls 24, 26 and 27: thoughts come back to Anthropic byte for byte, through any client",
        arguments: [Dialect.openAIChat, .anthropicMessages, .gemini]
    )
    func thoughtsReturn(door: Dialect) throws {
        let model = ModelID(provider: "p", model: "m")
        var reply = Reply()
        reply.apply(.start(id: "i", model: "m"))
        reply.apply(.reasoning("  Let me \"think\"\n"))
        reply.apply(.reasoningState(OpaqueState(.anthropicSignature, "EqQBCgIYAg==", origin: model)))
        reply.apply(.toolCall(index: 0, id: "toolu_1", name: "f", opaque: nil))
        reply.apply(.toolArguments(index: 0, fragment: #"{"a":1.0}"#))
        reply.apply(.finish(FinishReason(.toolUse)))
        let format = try #require(WireFormats.format(for: door))
        let written = try JSONValue(parsing: format.writeReply(reply, as: Self.identity))
        let body: JSONValue =
            switch door {
            case .openAIChat: Translated.chat(messages: [Self.ask, written["choices"]?[0]?["message"] ?? .null])
            case .gemini:
                [
                    "contents": [
                        ["role": "user", "parts": [["text": "x"]]], written["candidates"]?[0]?["content"] ?? .null,
                    ]
                ]
            default:
                [
                    "model": "m", "max_tokens": 9,
                    "messages": [Self.ask, ["role": "assistant", "content": written["content"] ?? .null]],
                ]
            }
        var request = Translated.request(body, from: door)
        request.prompt = .chat(try format.readRequest(body.bytes).chat)
        let sent = try JSONValue(parsing: try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks()).body)
        let expected: JSONValue = [
            ["type": "thinking", "thinking": "  Let me \"think\"\n", "signature": "EqQBCgIYAg=="],
            ["type": "tool_use", "id": "toolu_1", "name": "f", "input": ["a": .literal("1.0")]],
        ]
        #expect(sent["messages"]?[1]?["content"] == expected)
    }

    private static let ask: JSONValue = ["role": "user", "content": "x"]

    @Test("calls that all begin before their arguments come keep them, in the order of the calls")
    func beginTogether() throws {
        var events: [ReplyEvent] = [.start(id: "i", model: "m")]
        for index in 0..<3 { events.append(.toolCall(index: index, id: "c\(index)", name: "f", opaque: nil)) }
        for fragment in ["{\"a\":", "1}"] {
            for index in [2, 0] { events.append(.toolArguments(index: index, fragment: fragment)) }
        }
        events += [.finish(FinishReason(.toolUse)), .end]
        for dialect in [Dialect.anthropicMessages, .gemini] {
            let format = try #require(WireFormats.format(for: dialect))
            var writer = format.makeReplyWriter(as: Self.identity)
            var bytes: [UInt8] = []
            for event in events { bytes += writer.write([event]) }
            let reply = Reply(Reading.outcome(bytes, format.makeReplyReader(for: Reading.streamed), size: 9).events)
            #expect(reply.toolCalls.map(\.id) == ["c0", "c1", "c2"])
            #expect(reply.toolCalls.map(\.arguments) == [#"{"a":1}"#, "{}", #"{"a":1}"#])
        }
    }

    @Test("a silent provider is covered by a ping for Anthropic's clients, by nothing for Google's")
    func keepAlive() {
        let anthropic = AnthropicMessagesFormat().keepAlive
        #expect(String(decoding: anthropic, as: UTF8.self) == "event: ping\ndata: {\"type\": \"ping\"}\n\n")
        #expect(GeminiFormat().keepAlive.isEmpty)
    }
}
