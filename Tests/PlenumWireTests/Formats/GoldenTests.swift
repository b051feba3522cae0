import PlenumCore
import PlenumWire
import Testing

/// The examples of wire notes 2.13.
@Suite("Between the dialects")
struct GoldenTests {
    static let history = #"""
        {"model":"m","messages":[
          {"role":"system","content":"be brief"},
          {"role":"user","content":"weather in A and B?"},
          {"role":"assistant","content":null,"tool_calls":[
            {"id":"c1","type":"function","function":{"name":"w","arguments":"{\"city\":\"A\"}"}},
            {"id":"c2","type":"function","function":{"name":"w","arguments":"{\"city\":\"B\"}"}}]},
          {"role":"tool","tool_call_id":"c2","content":"rain"},
          {"role":"tool","tool_call_id":"c1","content":"sun"},
          {"role":"user","content":"so?"}],
         "tools":[{"type":"function","function":{"name":"w","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],
         "tool_choice":"required","parallel_tool_calls":false,"max_tokens":99,"stop":"END","temperature":1.50}
        """#

    private func translate(_ body: String, from: Dialect, to: Dialect) throws -> JSONValue {
        let prompt = VerbatimRequest(dialect: from, body: Array(body.utf8), modelSpan: nil)
        let tag = ModelID(provider: "p", model: "m")
        let request = CompletionRequest(model: "up", tag: tag, stream: false, prompt: .verbatim(prompt))
        let format = try #require(WireFormats.format(for: to))
        return try JSONValue(parsing: try format.writeRequest(request, quirks: Quirks()).body)
    }

    @Test("results go to Anthropic in the order of the calls, before the question")
    func chatToAnthropic() throws {
        let body = try translate(Self.history, from: .openAIChat, to: .anthropicMessages)
        let messages: JSONValue = [
            ["role": "user", "content": [["type": "text", "text": "weather in A and B?"]]],
            [
                "role": "assistant",
                "content": [
                    ["type": "tool_use", "id": "c1", "name": "w", "input": ["city": "A"]],
                    ["type": "tool_use", "id": "c2", "name": "w", "input": ["city": "B"]],
                ],
            ],
            [
                "role": "user",
                "content": [
                    ["type": "tool_result", "tool_use_id": "c1", "content": "sun"],
                    ["type": "tool_result", "tool_use_id": "c2", "content": "rain"],
                    ["type": "text", "text": "so?"],
                ],
            ],
        ]
        #expect(body["messages"] == messages)
        #expect(body["system"] == [["type": "text", "text": "be brief"]])
        #expect(body["tool_choice"] == ["type": "any", "disable_parallel_tool_use": true])
        #expect(body["max_tokens"] == 99 && body["stop_sequences"] == ["END"] && body["temperature"] == 1)
    }

    @Test("Gemini gets names instead of foreign ids, and a word in place of a foreign signature")
    func chatToGemini() throws {
        let body = try translate(Self.history, from: .openAIChat, to: .gemini)
        let contents: JSONValue = [
            ["role": "user", "parts": [["text": "weather in A and B?"]]],
            [
                "role": "model",
                "parts": [
                    [
                        "functionCall": ["name": "w", "args": ["city": "A"]],
                        "thoughtSignature": "skip_thought_signature_validator",
                    ],
                    ["functionCall": ["name": "w", "args": ["city": "B"]]],
                ],
            ],
            [
                "role": "user",
                "parts": [
                    ["functionResponse": ["name": "w", "response": ["output": "sun"]]],
                    ["functionResponse": ["name": "w", "response": ["output": "rain"]]], ["text": "so?"],
                ],
            ],
        ]
        #expect(body["contents"] == contents)
        #expect(body["toolConfig"]?["functionCallingConfig"]?["mode"] == "ANY")
        #expect(body["generationConfig"]?["temperature"]?.number?.text == "1.50")
    }

    @Test("Responses gets one item for each call and each result, in the order in which they came")
    func chatToResponses() throws {
        let body = try translate(Self.history, from: .openAIChat, to: .openAIResponses)
        let input: JSONValue = [
            ["role": "user", "content": "weather in A and B?"],
            ["type": "function_call", "call_id": "c1", "name": "w", "arguments": #"{"city":"A"}"#],
            ["type": "function_call", "call_id": "c2", "name": "w", "arguments": #"{"city":"B"}"#],
            ["type": "function_call_output", "call_id": "c2", "output": "rain"],
            ["type": "function_call_output", "call_id": "c1", "output": "sun"], ["role": "user", "content": "so?"],
        ]
        #expect(body["input"] == input)
        #expect(body["instructions"] == "be brief" && body["tool_choice"] == "required")
        #expect(body["parallel_tool_calls"] == false && body["max_output_tokens"] == 99 && body["store"] == false)
        #expect(body["tools"]?.array?.first?["strict"] == false && body["stop"] == nil)
        let chat = try OpenAIResponsesFormat().readRequest(body.bytes).chat
        #expect(chat.turns.map(\.role) == [.user, .assistant, .tool, .user])
    }

    @Test(
        "a history that went to Anthropic or Gemini and comes back is the same",
        arguments: [Dialect.anthropicMessages, .gemini]
    )
    func thereAndBack(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        let there = try translate(Self.history, from: .openAIChat, to: dialect)
        let chat = try format.readRequest(there.bytes).chat
        #expect(chat.turns.map(\.role) == [.user, .assistant, .user])
        let calls = chat.turns[1].parts.compactMap(\.toolCall)
        #expect(calls.map(\.arguments) == [#"{"city":"A"}"#, #"{"city":"B"}"#])
        var answers: [String: String] = [:]
        for case .toolResult(let result) in chat.turns[2].parts { answers[result.callID] = result.text }
        #expect(calls.map { answers[$0.id] } == ["sun", "rain"])
        #expect(chat.toolChoice == .required && chat.stop == ["END"] && chat.maxOutputTokens == 99)
    }

    @Test("what has several answers is refused where there is one")
    func several() throws {
        let body = #"{"model":"m","n":2,"messages":[{"role":"user","content":"x"}]}"#
        let error = #expect(throws: PlenumError.self) { try translate(body, from: .openAIChat, to: .gemini) }
        #expect(error?.code == .unsupportedParameter && error?.parameter == "n")
    }

    private func lines(_ bytes: [UInt8]) throws -> [JSONValue] {
        try String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard line.hasPrefix("data: ") else { return nil }
            return line == "data: [DONE]" ? "DONE" : try JSONValue(parsing: String(line.dropFirst(6)))
        }
    }

    @Test("an Anthropic stream becomes Chat chunks")
    func anthropicToChat() throws {
        let events: [ReplyEvent] = [
            .start(id: "msg", model: "x"), .reasoning("t"), .reasoningState(OpaqueState(.anthropicSignature, "S")),
            .text("x"), .toolCall(index: 0, id: "c", name: "w", opaque: nil),
            .toolArguments(index: 0, fragment: #"{"a":1}"#), .usage(Usage(inputUncached: 3, cacheRead: 2, output: 4)),
            .finish(FinishReason(.toolUse)), .end,
        ]
        let identity = ReplyIdentity(id: "i", created: 7, model: "p/m", includeUsage: true)
        var writer = OpenAIChatFormat().makeReplyWriter(as: identity)
        let chunks = try lines(writer.write(events))
        let deltas = chunks.compactMap { $0["choices"]?.array?.first?["delta"] }
        #expect(deltas.count == 7)
        #expect(deltas[0] == ["role": "assistant", "content": ""])
        #expect(deltas[1] == ["reasoning_content": "t"])
        #expect(deltas[2]["reasoning_details"]?.array?.first?["signature"]?.string?.hasPrefix("gw1.") == true)
        #expect(deltas[3] == ["content": "x"])
        let call: JSONValue = ["name": "w", "arguments": ""]
        #expect(deltas[4] == ["tool_calls": [["index": 0, "id": "c", "type": "function", "function": call]]])
        #expect(deltas[5] == ["tool_calls": [["index": 0, "function": ["arguments": #"{"a":1}"#]]]])
        #expect(chunks[6]["choices"]?.array?.first?["finish_reason"] == "tool_calls")
        #expect(chunks[7]["choices"] == [] && chunks[7]["usage"]?["prompt_tokens"] == 5)
        #expect(chunks.last == "DONE")
    }

    @Test("calls that come interleaved become blocks one after another")
    func chatToAnthropicStream() throws {
        let events: [ReplyEvent] = [
            .start(id: nil, model: nil), .toolCall(index: 0, id: "a", name: "f", opaque: nil),
            .toolArguments(index: 0, fragment: "{"), .toolCall(index: 1, id: "b", name: "g", opaque: nil),
            .toolArguments(index: 1, fragment: "{\"x\":"), .toolArguments(index: 0, fragment: "}"),
            .toolArguments(index: 1, fragment: "1}"), .finish(FinishReason(.toolUse)),
            .usage(Usage(inputUncached: 1, output: 2)), .end,
        ]
        var writer = AnthropicMessagesFormat().makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let bytes = writer.write(events)
        let types = try lines(bytes).compactMap { $0["type"]?.string }
        #expect(
            types == [
                "message_start", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_stop", "content_block_start", "content_block_delta", "content_block_stop",
                "message_delta", "message_stop",
            ]
        )
        let reader = AnthropicMessagesFormat().makeReplyReader(for: Reading.streamed)
        let reply = Reply(Reading.outcome(bytes, reader, size: 3).events)
        #expect(reply.toolCalls.map(\.arguments) == ["{}", #"{"x":1}"#])
        #expect(reply.finish?.meaning == .toolUse && reply.usage?.output == 2)
    }

    @Test("a Gemini stream becomes Chat chunks that end with tool_calls")
    func geminiToChat() throws {
        let stream = [
            #"{"candidates":[{"content":{"parts":[{"text":"Hm","thought":true},{"functionCall":{"name":"w","args":{"a":1}},"#
                + #""thoughtSignature":"U0lH"}]}}],"responseId":"r","modelVersion":"g"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"#
                + #""usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":2,"thoughtsTokenCount":3}}"#,
        ].map { "data: \($0)\r\n\r\n" }.joined()
        let reader = GeminiFormat().makeReplyReader(for: Reading.streamed)
        let outcome = Reading.outcome(Array(stream.utf8), reader, size: 11)
        #expect(outcome.error == nil)
        var writer = OpenAIChatFormat().makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let chunks = try lines(writer.write(outcome.events))
        let call = chunks[2]["choices"]?.array?[0]["delta"]?["tool_calls"]?.array?[0]
        #expect(call?["extra_content"]?["google"]?["thought_signature"] == "U0lH")
        #expect(chunks[4]["choices"]?.array?.first?["finish_reason"] == "tool_calls")
        #expect(chunks[5]["usage"]?["completion_tokens"] == 5)
    }
}
