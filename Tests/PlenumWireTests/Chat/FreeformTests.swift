import PlenumCore
import PlenumWire
import Testing

@Suite("Tools that take free text in Chat")
struct FreeformTests {
    private static let body = #"""
        {"model":"m","messages":[{"role":"user","content":"q"},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"custom","custom":{"name":"patch","input":"a\n\"b\""}}]},
          {"role":"tool","tool_call_id":"c","content":"ok"}],
         "tools":[{"type":"custom","custom":{"name":"patch","description":"d","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: x"}}}}],
         "tool_choice":{"type":"custom","custom":{"name":"patch"}}}
        """#

    @Test("are read as such, and written as they were read")
    func native() throws {
        let chat = try OpenAIChatFormat().readRequest(Array(Self.body.utf8)).chat
        #expect(chat.tools[0].freeform == .grammar(syntax: "lark", definition: "start: x"))
        let call = try #require(chat.turns[1].parts.compactMap(\.toolCall).first)
        #expect(call.isFreeform)
        #expect(try JSONValue(parsing: call.arguments) == ["input": "a\n\"b\""])
        let sent = try Chat.send(chat)
        #expect(RequestTests.differences(sent.body, try JSONValue(parsing: Self.body)).isEmpty)
        #expect(sent.warnings.isEmpty && sent.toolNames.isEmpty)
    }

    @Test("become functions with one text where functions alone are known, with a warning")
    func converted() throws {
        var quirks = Quirks()
        quirks.functionsOnly = true
        for sent in [try Chat.send(Self.body, quirks: quirks), try Chat.pass(Self.body, quirks: quirks)] {
            let function = sent.body["tools"]?.array?[0]["function"]
            #expect(function?["parameters"]?["properties"] == ["input": ["type": "string"]])
            #expect(function?["description"]?.string?.contains("start: x") == true)
            #expect(sent.body["tool_choice"] == ["type": "function", "function": ["name": "patch"]])
            let call = sent.messages[1]["tool_calls"]?.array?[0]
            #expect(call?["type"] == "function" && call?["function"]?["arguments"] == #"{"input":"a\n\"b\""}"#)
            #expect(sent.warnings == ["tools.patch;converted"])
            #expect(sent.toolNames == ["patch": "patch"], "the answer's bytes must not be passed on")
        }
    }

    @Test("#40 any other tool that is no function is refused by name where functions alone are known")
    func refused() throws {
        let body = #"""
            {"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"web_search","web_search":{"name":"find"}}]}
            """#
        for send in [Chat.pass, { try Chat.send($0, quirks: $1) }] {
            let error = try #require(throws: PlenumError.self) { _ = try send(body, try Vendors.quirks("deepseek")) }
            #expect(error.code == .unsupportedParameter && error.message.contains("find") && error.parameter == "tools")
        }
        #expect(try Chat.send(body).body["tools"]?.array?[0]["type"] == "web_search")
    }

    @Test(
        "are called with arguments that are JSON, however the text is cut",
        arguments: ["", "x", "a\n\"b\"\\\u{1F600}\u{0}é", #"{"input":"x"}"#]
    )
    func read(text: String) throws {
        let start =
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"custom","custom":{"name":"f","input":""}}]}}]}"#
        let pieces = text.map { letter in
            let input = JSONValue.string(String(letter)).text
            return #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"custom":{"input":\#(input)}}]}}]}"#
        }
        let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#
        let outcome = Chat.read([start] + pieces + [end])
        let call = try #require(Reply(outcome.events).toolCalls.first)
        #expect(try JSONValue(parsing: call.arguments) == ["input": .string(text)])
        #expect(Reply(outcome.events).finish?.meaning == .toolUse)
        let whole = #"""
            {"choices":[{"index":0,"message":{"tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":\#(JSONValue.string(text).text)}}]},"finish_reason":"tool_calls"}]}
            """#
        let reply = Reply(try OpenAIChatFormat().readReply(Array(whole.utf8), request: Reading.streamed).events)
        #expect(try JSONValue(parsing: reply.toolCalls[0].arguments) == ["input": .string(text)])
    }

    @Test("are written with their text, however the arguments are cut", arguments: [1, 2, 5, 100])
    func write(size: Int) throws {
        let text = "a\n\"b\"\\\u{1F600}\u{7F}é"
        let arguments = Array(JSONValue.object(JSONObject([("input", .string(text))])).text)
        var events: [ReplyEvent] = [.start(id: nil, model: nil), .toolCall(index: 0, id: "c", name: "f", opaque: nil)]
        for start in stride(from: 0, to: arguments.count, by: size) {
            let piece = String(arguments[start..<min(start + size, arguments.count)])
            events.append(.toolArguments(index: 0, fragment: piece))
        }
        events += [.finish(FinishReason(.toolUse)), .end]
        let chunks = try Chat.chunks(events, freeform: ["f"])
        let calls = chunks.compactMap { $0["choices"]?.array?.first?["delta"]?["tool_calls"]?.array?.first }
        #expect(calls[0]["type"] == "custom" && calls[0]["custom"]?["name"] == "f" && calls[0]["function"] == nil)
        #expect(calls.compactMap { $0["custom"]?["input"]?.string }.joined() == text)
        #expect(calls.dropFirst().allSatisfy { $0["id"] == nil && $0["custom"]?["name"] == nil })
    }

    @Test("are written with what came in place of their text, if it is none", arguments: ["", "{}", "[1]", "plain"])
    func odd(arguments: String) throws {
        let events: [ReplyEvent] = [
            .start(id: nil, model: nil), .toolCall(index: 0, id: "c", name: "f", opaque: nil),
            .toolArguments(index: 0, fragment: arguments), .finish(FinishReason(.toolUse)), .end,
        ]
        let chunks = try Chat.chunks(events, freeform: ["f"])
        let inputs = chunks.compactMap {
            $0["choices"]?.array?.first?["delta"]?["tool_calls"]?.array?.first?["custom"]?["input"]?.string
        }
        #expect(inputs.joined() == arguments)
    }

    @Test("are written whole beside functions")
    func whole() throws {
        var echo = RequestEcho()
        echo.freeformTools = ["f"]
        let identity = ReplyIdentity(id: "i", created: 0, model: "m", request: echo)
        let reply = Reply([
            .toolCall(index: 0, id: "a", name: "f", opaque: nil),
            .toolArguments(index: 0, fragment: #"{"input":"x\ny"}"#),
            .toolCall(index: 1, id: "b", name: "g", opaque: nil), .finish(FinishReason(.toolUse)), .end,
        ])
        let body = try JSONValue(parsing: OpenAIChatFormat().writeReply(reply, as: identity))
        let calls = body["choices"]?.array?[0]["message"]?["tool_calls"]
        #expect(
            calls == [
                ["id": "a", "type": "custom", "custom": ["name": "f", "input": "x\ny"]],
                ["id": "b", "type": "function", "function": ["name": "g", "arguments": "{}"]],
            ]
        )
    }
}
