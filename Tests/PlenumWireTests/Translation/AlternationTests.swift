import PlenumCore
import PlenumWire
import Testing

/// Turns put in order for Anthropic and Gemini (wire notes 2.1 and 2.2).
@Suite("A conversation put in order")
struct AlternationTests {
    private func anthropic(_ messages: JSONValue, can: JSONValue = [:]) throws -> Translated {
        try Translated(Translated.chat(messages: messages), to: .anthropicMessages, can: can)
    }

    private static func call(_ ids: String...) -> JSONValue {
        let calls = ids.map { id -> JSONValue in
            ["id": .string(id), "type": "function", "function": ["name": .string("t_\(id)"), "arguments": "{}"]]
        }
        return ["role": "assistant", "tool_calls": .array(calls)]
    }

    private static func result(_ id: String, _ text: String) -> JSONValue {
        ["role": "tool", "tool_call_id": .string(id), "content": .string(text)]
    }

    private static let ask: JSONValue = ["role": "user", "content": "x"]

    /// What a message of Anthropic's dialect has, and what is sent; `nil` if the message goes.
    static let contents: [(String, JSONValue, JSONValue?)] = [
        ("assistant", "", nil), ("assistant", [], nil), ("assistant", [["type": "text", "text": ""]], nil),
        ("assistant", [["type": "text", "text": " \n"]], nil),
        (
            "assistant", [["type": "text", "text": " "], ["type": "text", "text": "a"]],
            [["type": "text", "text": " "], ["type": "text", "text": "a"]]
        ),
        (
            "assistant", [["type": "text", "text": ""], ["type": "text", "text": "a"]],
            [["type": "text", "text": "a"]]
        ),
        ("user", "", [["type": "text", "text": "."]]), ("user", [], [["type": "text", "text": "."]]),
        ("user", "\n", [["type": "text", "text": "."]]),
        ("user", [["type": "text", "text": "  "]], [["type": "text", "text": "."]]),
    ]

    @Test("pitfalls 42 and 43: nothing empty or blank is sent that Anthropic refuses", arguments: contents.indices)
    func empty(index: Int) throws {
        let (role, content, expected) = Self.contents[index]
        let body: JSONValue = [
            "model": "m", "max_tokens": 9,
            "messages": [
                ["role": "user", "content": "q"], ["role": "assistant", "content": "a"],
                ["role": "user", "content": role == "user" ? content : "q"],
                ["role": "assistant", "content": role == "user" ? "a" : content], ["role": "user", "content": "q"],
            ],
        ]
        let chat = try AnthropicMessagesFormat().readRequest(body.bytes).chat
        var request = Translated.request(body, from: .anthropicMessages)
        request.prompt = .chat(chat)
        let sent = try JSONValue(parsing: try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks()).body)
        let messages = sent["messages"]?.array ?? []
        if let expected {
            #expect(messages.count == 5 && messages[role == "user" ? 2 : 3]["content"] == expected)
        } else {
            #expect(messages.count == 3 && messages[2]["content"]?.array?.count == 2)
        }
    }

    @Test("pitfall 42: an empty result and an empty system text are no fault", arguments: ["", " ", "[]"])
    func emptyResult(text: String) throws {
        let content: JSONValue = text == "[]" ? [] : .string(text)
        let body: JSONValue = [
            "model": "m", "max_tokens": 9, "system": text == "" ? "" : [["type": "text", "text": " "]],
            "messages": [
                ["role": "user", "content": "q"],
                ["role": "assistant", "content": [["type": "tool_use", "id": "c", "name": "f", "input": [:]]]],
                ["role": "user", "content": [["type": "tool_result", "tool_use_id": "c", "content": content]]],
            ],
        ]
        let chat = try AnthropicMessagesFormat().readRequest(body.bytes).chat
        var request = Translated.request(body, from: .anthropicMessages)
        request.prompt = .chat(chat)
        let sent = try JSONValue(parsing: try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks()).body)
        #expect(sent["system"] == nil)
        let result = sent["messages"]?[2]?["content"]?[0]
        #expect(result?["tool_use_id"] == "c" && result?["content"]?.string == (text == "[]" ? "" : text))
    }

    @Test("merges turns of one side as parts, never as one text")
    func merged() throws {
        let sent = try anthropic([
            Self.ask, ["role": "user", "content": "y"], ["role": "assistant", "content": "a"], Self.ask,
        ])
        #expect(sent.messages.count == 3)
        #expect(sent.messages[0]["content"] == [["type": "text", "text": "x"], ["type": "text", "text": "y"]])
        #expect(sent.warnings.isEmpty)
    }

    @Test("pitfalls 16, 18 and 19: results are bound by id and stand first, whatever their order")
    func bound() throws {
        let messages: JSONValue = [
            Self.ask, Self.call("a", "b"), ["role": "user", "content": "so?"], Self.result("b", "2"),
            Self.result("a", "1"),
        ]
        let sent = try anthropic(messages)
        let content = sent.messages[2]["content"]
        #expect(content?[0]?["tool_use_id"] == "a" && content?[0]?["content"] == "1")
        #expect(content?[1]?["tool_use_id"] == "b" && content?[1]?["content"] == "2")
        #expect(content?[2]?["text"] == "so?")
    }

    @Test("pitfalls 21 and 22: Gemini's parallel calls and their answers stand in one content each")
    func parallel() throws {
        let messages: JSONValue = [
            Self.ask, Self.call("a", "b"), Self.result("b", "2"), Self.result("a", "1"), Self.ask,
        ]
        let sent = try Translated(Translated.chat(messages: messages), to: .gemini)
        #expect(sent.contents.count == 3)
        #expect(sent.contents[1]["parts"]?.array?.count { $0["functionCall"] != nil } == 2)
        let answers = sent.contents[2]["parts"]?.array?.compactMap { $0["functionResponse"] } ?? []
        #expect(answers.map { $0["name"] } == ["t_a", "t_b"])
        #expect(answers.map { $0["response"] } == [["output": "1"], ["output": "2"]])
    }

    @Test("pitfall 20: a call without a result gets one that says so")
    func unanswered() throws {
        let sent = try anthropic([Self.ask, Self.call("a", "b"), Self.result("a", "1"), Self.ask])
        let missing = sent.messages[2]["content"]?[1]
        #expect(missing?["tool_use_id"] == "b" && missing?["is_error"] == true && missing?["content"] == "(no result)")
        #expect(sent.warnings.contains("messages.tool_result;added"))
    }

    @Test("a result without its call becomes the user's words, and of two results the later counts")
    func orphanAndDouble() throws {
        let orphan = try anthropic([Self.ask, Self.result("z", "9"), ["role": "assistant", "content": "a"], Self.ask])
        #expect(orphan.messages[0]["content"]?[1]?["text"] == "[tool result z] 9")
        #expect(orphan.warnings == ["messages.tool_result;converted"])
        let double = try anthropic([Self.ask, Self.call("a"), Self.result("a", "1"), Self.result("a", "2")])
        #expect(double.messages[2]["content"]?.array?.count == 1)
        #expect(double.messages[2]["content"]?[0]?["content"] == "2")
        #expect(double.warnings.contains("messages.tool_result;dropped"))
    }

    @Test("the user speaks first", arguments: [Dialect.anthropicMessages, .gemini])
    func first(dialect: Dialect) throws {
        let body = Translated.chat(messages: [["role": "assistant", "content": "hi"], Self.ask])
        let sent = try Translated(body, to: dialect)
        let turns = dialect == .gemini ? sent.contents : sent.messages
        #expect(turns.count == 3 && turns[0]["role"] == "user" && sent.warnings == ["messages;added"])
    }

    @Test("system text alone becomes the user's", arguments: [Dialect.anthropicMessages, .gemini])
    func onlySystem(dialect: Dialect) throws {
        let sent = try Translated(Translated.chat(messages: [["role": "system", "content": "go"]]), to: dialect)
        let turn = dialect == .gemini ? sent.contents[0]["parts"] : sent.messages[0]["content"]
        #expect(turn?[0]?["text"] == "go" && sent.warnings == ["messages;moved"])
        #expect(sent.body["system"] == nil && sent.body["systemInstruction"] == nil)
    }

    @Test("a participant's name is dropped, with a warning", arguments: [Dialect.anthropicMessages, .gemini])
    func named(dialect: Dialect) throws {
        let body = Translated.chat(messages: [["role": "user", "content": "x", "name": "Ada"]])
        #expect(try Translated(body, to: dialect).warnings == ["messages.name;dropped"])
    }

    @Test(
        "pitfall 5: system text in mid-conversation is never hoisted",
        arguments: [Dialect.anthropicMessages, .gemini]
    )
    func notHoisted(dialect: Dialect) throws {
        let messages: JSONValue = [
            ["role": "system", "content": "s"], Self.ask, ["role": "assistant", "content": "a"],
            ["role": "system", "content": "now"], ["role": "user", "content": "y"],
        ]
        let sent = try Translated(Translated.chat(messages: messages), to: dialect)
        let turn = dialect == .gemini ? sent.contents[2]["parts"] : sent.messages[2]["content"]
        #expect(turn?[0]?["text"] == "[operator note] now" && turn?[1]?["text"] == "y")
        let system = dialect == .gemini ? sent.body["systemInstruction"]?["parts"] : sent.body["system"]
        #expect(system?.array?.count == 1 && sent.warnings == ["messages.system;converted"])
    }

    /// Roles of turns, and the roles of the messages for a model that takes system text in between.
    static let placements: [([String], [String])] = [
        (["user", "system"], ["user", "system"]),
        (["user", "system", "assistant", "user"], ["user", "system", "assistant", "user"]),
        (["user", "system", "user"], ["user", "system"]),
        (["user", "system", "system"], ["user", "system"]),
        (["user", "assistant", "system"], ["user", "assistant", "user"]),
        (["user", "assistant", "system", "user"], ["user", "assistant", "user", "system"]),
        (["user", "assistant", "system", "assistant", "user"], ["user", "assistant", "user", "assistant", "user"]),
    ]

    @Test("pitfall 47: a model that takes system text in between gets it, where it may stand", arguments: placements)
    func placed(turns: [String], expected: [String]) throws {
        let messages = turns.map { role -> JSONValue in ["role": .string(role), "content": .string(role)] }
        let sent = try anthropic(.array(messages), can: ["mid_conversation_system": true])
        #expect(sent.messages.map { $0["role"]?.string } == expected)
        let written = sent.messages.flatMap { $0["content"]?.array ?? [] }.compactMap { $0["text"]?.string }
        #expect(written.count { $0.contains("system") } == turns.count { $0 == "system" })
    }

    @Test("system text never comes between calls and their results")
    func behindResults() throws {
        let messages: JSONValue = [
            Self.ask, Self.call("a"), ["role": "system", "content": "s"], Self.result("a", "1"),
        ]
        let sent = try anthropic(messages, can: ["mid_conversation_system": true])
        #expect(sent.messages.map { $0["role"] } == ["user", "assistant", "user", "system"])
        #expect(sent.messages[2]["content"]?[0]?["type"] == "tool_result")
        #expect(sent.warnings.contains("messages.system;moved"))
    }

    @Test("pitfall 4: Claude Code's note to the accounts reaches Anthropic alone, as it came")
    func billing() throws {
        let body: JSONValue = [
            "model": "m", "max_tokens": 9, "messages": [["role": "user", "content": "x"]],
            "system": [
                ["type": "text", "text": "x-anthropic-billing-header: cc_version=2; cch=1f2e;"],
                ["type": "text", "text": "be brief"],
            ],
        ]
        let gemini = try Translated(body, from: .anthropicMessages, to: .gemini)
        #expect(gemini.body["systemInstruction"] == ["parts": [["text": "be brief"]]])
        let chat = try Translated(body, from: .anthropicMessages, to: .openAIChat)
        #expect(!chat.body.text.contains("billing"))
        let same = try Translated(body, from: .anthropicMessages, to: .anthropicMessages)
        #expect(same.body == body)
    }
}
