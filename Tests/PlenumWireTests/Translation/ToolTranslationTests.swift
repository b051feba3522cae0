import PlenumCore
import PlenumWire
import Testing

/// Tools, calls and choices (wire notes 2.4).
@Suite("Tools on their way")
struct ToolTranslationTests {
    private static func function(_ name: String, _ more: JSONValue = [:]) -> JSONValue {
        var function = JSONObject([("name", .string(name))])
        for (key, value) in more.object?.members ?? [] { function[key] = value }
        return ["type": "function", "function": .object(function)]
    }

    private static func calls(_ names: [String], arguments: String = "{}", id: String = "c") -> JSONValue {
        let calls = names.enumerated().map { index, name -> JSONValue in
            [
                "id": .string("\(id)\(index)"), "type": "function",
                "function": ["name": .string(name), "arguments": .string(arguments)],
            ]
        }
        let results = names.indices.map { index -> JSONValue in
            ["role": "tool", "tool_call_id": .string("\(id)\(index)"), "content": "r"]
        }
        return .array(
            [["role": "user", "content": "x"], ["role": "assistant", "tool_calls": .array(calls)]] + results
        )
    }

    private static let two: JSONValue = [function("a"), function("b")]

    @Test("a schema is an object's, and what is not said is left out")
    func definitions() throws {
        let tools: JSONValue = [
            Self.function("a", ["description": .null]), Self.function("b", ["parameters": ["properties": ["x": [:]]]]),
        ]
        let anthropic = try Translated(Translated.chat(["tools": tools]), to: .anthropicMessages)
        #expect(anthropic.body["tools"]?[0] == ["name": "a", "input_schema": ["type": "object", "properties": [:]]])
        #expect(anthropic.body["tools"]?[1]?["input_schema"]?["type"] == "object")
        let gemini = try Translated(Translated.chat(["tools": tools]), to: .gemini)
        let functions = gemini.body["tools"]?[0]?["functionDeclarations"]
        #expect(functions?[0] == ["name": "a"])
        #expect(functions?[1]?["parametersJsonSchema"] == ["properties": ["x": [:]]])
    }

    @Test(
        "a call and its result have the same id everywhere, in letters that are taken",
        arguments: ["a b/c", "", "ok-1_"]
    )
    func ids(id: String) throws {
        let call: JSONValue = [
            "id": .string(id), "type": "function", "function": ["name": "f", "arguments": "{}"],
        ]
        let messages: JSONValue = [
            ["role": "user", "content": "x"], ["role": "assistant", "tool_calls": [call]],
            ["role": "tool", "tool_call_id": .string(id), "content": "r"],
        ]
        let anthropic = try Translated(Translated.chat(messages: messages), to: .anthropicMessages)
        let made = try #require(anthropic.messages[1]["content"]?[0]?["id"]?.string)
        #expect(id == "ok-1_" ? made == id : made.utf8.count == 29)
        #expect(!made.contains(" ") && !made.contains("/"))
        #expect(anthropic.messages[2]["content"]?[0]?["tool_use_id"]?.string == made)
        let input = try Translated(Translated.chat(messages: messages), to: .openAIResponses).body["input"]
        let own = try #require(input?[1]?["call_id"]?.string)
        #expect(own == (id.isEmpty ? made : id) && input?[2]?["call_id"]?.string == own)
    }

    @Test("a call in the history of a tool that is no longer offered is never taken for another tool's")
    func formerTools() throws {
        let body = Translated.chat(["tools": [Self.function("a_b")]], messages: Self.calls(["a.b"]))
        for dialect in [Dialect.openAIResponses, .anthropicMessages] {
            let sent = try Translated(body, to: dialect)
            #expect(sent.toolNames == ["a_b_108bf50c": "a.b"], "\(dialect)")
            #expect(sent.body.text.contains(#""name":"a_b_108bf50c""#), "\(dialect)")
        }
        let chat = try Chat.send(body.text)
        #expect(chat.toolNames == ["a_b_108bf50c": "a.b"])
        #expect(chat.messages[1]["tool_calls"]?[0]?["function"]?["name"] == "a_b_108bf50c")
    }

    /// A name, and how each of the two spells it.
    static let names: [(String, String, String)] = [
        ("get_weather", "get_weather", "get_weather"), ("a.b:c", "a_b_c", "a.b:c"), ("9x", "9x", "_9x"),
        ("-x", "-x", "_-x"), ("wetter für", "wetter_f_r", "wetter_f_r"),
    ]

    @Test("a name that cannot be spelled has one other spelling everywhere, and is told back", arguments: names)
    func spelled(name: String, anthropic: String, gemini: String) throws {
        let more: JSONValue = [
            "tools": [Self.function(name)], "tool_choice": ["type": "function", "function": ["name": .string(name)]],
        ]
        let body = Translated.chat(more, messages: Self.calls([name]))
        let first = try Translated(body, to: .anthropicMessages)
        #expect(first.body["tools"]?[0]?["name"]?.string == anthropic)
        #expect(first.body["tool_choice"]?["name"]?.string == anthropic)
        #expect(first.messages[1]["content"]?[0]?["name"]?.string == anthropic)
        #expect(first.toolNames == (name == anthropic ? [:] : [anthropic: name]))
        let second = try Translated(body, to: .gemini)
        #expect(second.body["tools"]?[0]?["functionDeclarations"]?[0]?["name"]?.string == gemini)
        #expect(second.body["toolConfig"]?["functionCallingConfig"]?["allowedFunctionNames"] == [.string(gemini)])
        #expect(second.contents[1]["parts"]?[0]?["functionCall"]?["name"]?.string == gemini)
        #expect(second.contents[2]["parts"]?[0]?["functionResponse"]?["name"]?.string == gemini)
        #expect(second.toolNames == (name == gemini ? [:] : [gemini: name]))
    }

    @Test("no two tools get one spelling, and none is too long")
    func distinct() throws {
        let long = String(repeating: "n", count: 200)
        let tools = ["a b", "a_b", "a.b", long, long + "2", "", "é"].map { Self.function($0) }
        let sent = try Translated(Translated.chat(["tools": .array(tools)]), to: .anthropicMessages)
        let names = sent.body["tools"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(Set(names).count == 7 && names[1] == "a_b")
        let isLegal = names.allSatisfy { name in
            (1...128).contains(name.utf8.count)
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        }
        #expect(isLegal)
        let again = try Translated(Translated.chat(["tools": .array(tools)]), to: .anthropicMessages)
        #expect(again.body == sent.body)
    }

    @Test("a call's id that Anthropic refuses is the same other one in call and result")
    func ids() throws {
        let sent = try Translated(Translated.chat(messages: Self.calls(["f"], id: "call:1/")), to: .anthropicMessages)
        let id = sent.messages[1]["content"]?[0]?["id"]?.string ?? ""
        #expect(!id.isEmpty && id.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
        #expect(sent.messages[2]["content"]?[0]?["tool_use_id"]?.string == id)
    }

    /// Arguments, what is sent, and whether that is a loss.
    static let arguments: [(String, JSONValue, Bool)] = [
        ("", [:], false), (" ", [:], false), ("{\"a\":1.0}", ["a": .literal("1.0")], false),
        ("[1]", ["value": [1]], true), ("3", ["value": 3], true), ("{\"a\":", ["INVALID_JSON": "{\"a\":"], true),
    ]

    @Test("arguments that are no object are put in one", arguments: arguments)
    func argued(text: String, object: JSONValue, isLoss: Bool) throws {
        let body = Translated.chat(messages: Self.calls(["f"], arguments: text))
        let warning = "messages.tool_calls.arguments;converted"
        let anthropic = try Translated(body, to: .anthropicMessages)
        #expect(anthropic.messages[1]["content"]?[0]?["input"] == object)
        #expect(anthropic.warnings.contains(warning) == isLoss)
        let gemini = try Translated(body, to: .gemini)
        #expect(gemini.contents[1]["parts"]?[0]?["functionCall"]?["args"] == object)
        #expect(gemini.warnings.contains(warning) == isLoss)
    }

    @Test("a history with calls gets definitions where the request has none")
    func synthesised() throws {
        let body = Translated.chat(messages: Self.calls(["f", "f", "g"]))
        let anthropic = try Translated(body, to: .anthropicMessages)
        #expect(anthropic.body["tools"]?.array?.map { $0["name"] } == ["f", "g"])
        #expect(anthropic.body["tool_choice"] == nil && anthropic.warnings == ["tools;added"])
        let gemini = try Translated(body, to: .gemini)
        #expect(gemini.body["tools"]?[0]?["functionDeclarations"] == [["name": "f"], ["name": "g"]])
        #expect(gemini.warnings == ["tools;added"])
    }

    @Test("a tool that takes free text becomes a function of one string, with its grammar in words")
    func freeform() throws {
        let grammar: JSONValue = ["type": "grammar", "grammar": ["syntax": "lark", "definition": "start: /a+/"]]
        let tool: JSONValue = ["type": "custom", "custom": ["name": "f", "description": "Runs.", "format": grammar]]
        for dialect in [Dialect.anthropicMessages, .gemini] {
            let sent = try Translated(Translated.chat(["tools": [tool]]), to: dialect)
            let definition =
                dialect == .gemini ? sent.body["tools"]?[0]?["functionDeclarations"]?[0] : sent.body["tools"]?[0]
            let words = definition?["description"]?.string ?? ""
            #expect(words.hasPrefix("Runs.") && words.contains("lark") && words.hasSuffix("start: /a+/"))
            let schema = definition?["input_schema"] ?? definition?["parametersJsonSchema"]
            #expect(schema?["properties"]?["input"]?["type"] == "string" && schema?["required"] == ["input"])
            #expect(sent.warnings == ["tools.freeform;converted"])
        }
    }

    @Test("pitfall 17: a choice among some of the tools is kept as well as it can be")
    func allowed() throws {
        var chat = try OpenAIChatFormat().readRequest(Translated.chat(["tools": Self.two]).bytes).chat
        for isRequired in [true, false] {
            chat.toolChoice = .allowed(required: isRequired, ["b"])
            var request = Translated.request(Translated.chat())
            request.prompt = .chat(chat)
            let anthropic = try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks())
            let body = try JSONValue(parsing: anthropic.body)
            #expect(body["tools"]?.array?.map { $0["name"] } == ["b"])
            #expect(body["tool_choice"] == ["type": isRequired ? "any" : "auto"])
            #expect(anthropic.warnings.map(\.description) == ["tool_choice;converted"])
            let gemini = try GeminiFormat().writeRequest(request, quirks: Quirks())
            let calling = try JSONValue(parsing: gemini.body)["toolConfig"]?["functionCallingConfig"]
            #expect(calling == ["mode": isRequired ? "ANY" : "VALIDATED", "allowedFunctionNames": ["b"]])
            #expect(gemini.warnings.isEmpty)
        }
    }

    @Test("pitfall 17: one call at a time is asked for where that can be asked")
    func parallel() throws {
        let more: JSONValue = ["tools": Self.two, "parallel_tool_calls": false]
        let anthropic = try Translated(Translated.chat(more), to: .anthropicMessages)
        #expect(anthropic.body["tool_choice"] == ["type": "auto", "disable_parallel_tool_use": true])
        let none = try Translated(
            Translated.chat(["tools": Self.two, "parallel_tool_calls": false, "tool_choice": "none"]),
            to: .anthropicMessages
        )
        #expect(none.body["tool_choice"] == ["type": "none"] && none.body["tools"]?.array?.count == 2)
        let gemini = try Translated(Translated.chat(more), to: .gemini)
        #expect(gemini.warnings == ["parallel_tool_calls;dropped"])
    }

    @Test("Gemini's choice among several is read as one")
    func readAllowed() throws {
        for (mode, names, expected) in [
            ("ANY", ["a", "b"], ToolChoice.allowed(required: true, ["a", "b"])), ("ANY", ["a"], .tool("a")),
            ("VALIDATED", ["a"], .allowed(required: false, ["a"])), ("VALIDATED", [], .auto), ("ANY", [], .required),
        ] {
            let calling: JSONValue = [
                "mode": .string(mode), "allowedFunctionNames": .array(names.map { .string($0) }),
            ]
            let body: JSONValue = ["contents": [], "toolConfig": ["functionCallingConfig": calling]]
            #expect(try GeminiFormat().readRequest(body.bytes).chat.toolChoice == expected)
        }
    }

    @Test("a search of the web goes over roughly, other hosted tools not at all")
    func hosted() throws {
        let options = Translated.chat(["web_search_options": ["search_context_size": "low"]])
        let anthropic = try Translated(options, to: .anthropicMessages)
        #expect(anthropic.body["tools"] == [["type": "web_search_20250305", "name": "web_search"]])
        let gemini = try Translated(options, to: .gemini)
        #expect(gemini.body["tools"] == [["googleSearch": [:]]] && gemini.warnings == ["tools.web_search;converted"])
        let searching: JSONValue = ["contents": [["parts": [["text": "x"]]]], "tools": [["googleSearch": [:]]]]
        let over = try Translated(searching, from: .gemini, to: .anthropicMessages)
        #expect(over.body["tools"]?[0]?["name"] == "web_search" && over.warnings == ["tools.web_search;converted"])
        let running: JSONValue = ["contents": [["parts": [["text": "x"]]]], "tools": [["codeExecution": [:]]]]
        #expect(Translated.refusal(running, from: .gemini, to: .anthropicMessages)?.parameter == "tools")
    }
}
