import PlenumCore
import PlenumWire
import Testing

/// Wire notes 2.6: 5 minutes at Anthropic stand for 30 at OpenAI, 1 hour for 12.
@Suite("Marks for the prompt cache")
struct CacheMarkTests {
    private static let anthropic = #"""
        {"model":"m","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],
         "messages":[{"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}]}]}
        """#

    private func quirks(_ marks: Quirks.CacheMarks) -> Quirks {
        var quirks = Quirks()
        quirks.cacheMarks = marks
        return quirks
    }

    @Test("of Anthropic become breakpoints where the model takes them")
    func toBreakpoint() throws {
        let sent = try Chat.send(
            Self.anthropic,
            from: .anthropicMessages,
            capabilities: JSONObject([("cache_breakpoints", true)])
        )
        let marks = sent.messages.map { $0["content"]?.array?[0]["prompt_cache_breakpoint"] }
        #expect(marks == [["mode": "explicit", "ttl": "12h"], ["mode": "explicit", "ttl": "30m"]])
    }

    @Test("of Anthropic stay as they are at OpenRouter")
    func toControl() throws {
        let sent = try Chat.send(Self.anthropic, from: .anthropicMessages, quirks: quirks(.control))
        let marks = sent.messages.map { $0["content"]?.array?[0]["cache_control"] }
        #expect(marks == [["type": "ephemeral", "ttl": "1h"], ["type": "ephemeral"]])
    }

    @Test("vanish without a word where nobody takes them", arguments: [Quirks.CacheMarks.none, .breakpoint])
    func vanish(marks: Quirks.CacheMarks) throws {
        let sent = try Chat.send(Self.anthropic, from: .anthropicMessages, quirks: quirks(marks))
        #expect(!sent.text.contains("cache_") && sent.warnings.isEmpty)
        #expect(sent.messages.map { $0["content"] } == ["s", "q"])
    }

    @Test("that a client of Chat wrote go on as they came, or in the provider's way")
    func chat() throws {
        let mark = #""prompt_cache_breakpoint":{"mode":"explicit"}"#
        let body =
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"q",\#(mark)},{"type":"text","text":"r"}]}]}"#
        #expect(try Chat.send(body).text.contains(mark))
        let control = try Chat.send(body, quirks: quirks(.control)).text
        #expect(control.contains(#""cache_control":{"type":"ephemeral"}"#) && !control.contains("breakpoint"))
        #expect(try Chat.pass(body, quirks: quirks(.control)).text == control)
    }

    /// A breakpoint of OpenAI's, or none.
    private static func part(_ type: String, _ text: String, _ ttl: JSONValue? = nil) -> JSONValue {
        var part = JSONObject([("type", .string(type)), ("text", .string(text))])
        part["prompt_cache_breakpoint"] = ttl.map { ["mode": "explicit", "ttl": $0] }
        return .object(part)
    }

    private static let long: JSONValue = ["type": "ephemeral", "ttl": "1h"]
    private static let short: JSONValue = ["type": "ephemeral"]

    /// Every place of a conversation in which Chat has parts.
    private static let chat: JSONValue = Translated.chat(
        ["tools": [["type": "function", "function": ["name": "f"]]]],
        messages: [
            ["role": "system", "content": [part("text", "s", "12h")]],
            ["role": "user", "content": [part("text", "q"), part("text", "r", "12h")]],
            [
                "role": "assistant",
                "tool_calls": [["id": "c", "type": "function", "function": ["name": "f", "arguments": "{}"]]],
            ],
            ["role": "tool", "tool_call_id": "c", "content": [part("text", "t", "30m")]],
            ["role": "developer", "content": [part("text", "d", "30m")]],
        ]
    )

    /// The same in Responses.
    private static let responses: JSONValue = [
        "model": "m", "tools": [["type": "function", "name": "f", "parameters": [:], "strict": false]],
        "input": [
            ["role": "system", "content": [part("input_text", "s", "12h")]],
            ["role": "user", "content": [part("input_text", "q"), part("input_text", "r", "12h")]],
            ["type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"],
            ["type": "function_call_output", "call_id": "c", "output": [part("input_text", "t", "30m")]],
            ["role": "developer", "content": [part("input_text", "d", "30m")]],
        ],
    ]

    @Test("of OpenAI become Anthropic's on every kind of message", arguments: [Dialect.openAIChat, .openAIResponses])
    func toAnthropic(from dialect: Dialect) throws {
        let body = dialect == .openAIChat ? Self.chat : Self.responses
        let sent = try Translated(body, from: dialect, to: .anthropicMessages)
        #expect(sent.body["system"]?[0]?["cache_control"] == Self.long)
        let question = sent.messages[0]["content"]
        #expect(question?[0]?["cache_control"] == nil && question?[1]?["cache_control"] == Self.long)
        let result = sent.messages[2]["content"]
        #expect(result?[0]?["type"] == "tool_result" && result?[0]?["cache_control"] == Self.short)
        #expect(result?[1]?["text"] == "[operator note] d" && result?[1]?["cache_control"] == Self.short)
        #expect(!sent.body.text.contains("breakpoint"))
        let inline = try Translated(
            body,
            from: dialect,
            to: .anthropicMessages,
            can: ["mid_conversation_system": true]
        )
        #expect(inline.messages.last?["role"] == "system")
        #expect(inline.messages.last?["content"]?[0]?["cache_control"] == Self.short)
    }

    @Test("that a client of Chat wrote as Anthropic does reach Anthropic")
    func control() throws {
        let messages: JSONValue = [
            ["role": "user", "content": [["type": "text", "text": "q", "cache_control": Self.long]]]
        ]
        let sent = try Translated(Translated.chat(messages: messages), to: .anthropicMessages)
        #expect(sent.messages[0]["content"]?[0]?["cache_control"] == Self.long)
    }

    @Test("come back to where they were on the way from OpenAI to Anthropic and to OpenAI again")
    func thereAndBack() throws {
        let there = try Translated(Self.chat, to: .anthropicMessages, can: ["mid_conversation_system": true])
        func marks(_ dialect: Dialect, _ can: JSONValue) throws -> [JSONValue?] {
            let back = try Translated(there.body, from: .anthropicMessages, to: dialect, can: can)
            let messages = back.body[dialect == .openAIChat ? "messages" : "input"]?.array ?? []
            return messages.filter { $0["tool_calls"] == nil && $0["type"] != "function_call" }.map { message in
                let parts = (message["content"] ?? message["output"])?.array ?? []
                return parts.last?["prompt_cache_breakpoint"]?["ttl"]
            }
        }
        for dialect in [Dialect.openAIChat, .openAIResponses] {
            let found = try marks(dialect, ["cache_breakpoints": true])
            #expect(found.suffix(3) == ["12h", "30m", "30m"], "\(dialect)")
            #expect(try marks(dialect, [:]).allSatisfy { $0 == nil }, "\(dialect)")
        }
    }

    @Test("#6 leave the client's prompt_cache_key as it is")
    func key() throws {
        let body = #"{"model":"m","prompt_cache_key":"k","messages":[{"role":"user","content":"q"}]}"#
        #expect(try Chat.send(body).body["prompt_cache_key"] == "k")
        #expect(try Chat.pass(body, quirks: Quirks()).text == body)
    }
}
