import PlenumCore
import PlenumWire
import Testing

/// The tables 2.1 to 2.7 of the wire notes, columns C.
@Suite("A request that is written as Chat")
struct ChatRequestTests {
    private static let user = #""messages":[{"role":"user","content":"q"}]"#

    @Test("keeps every system message in its place and role")
    func system() throws {
        let body = #"""
            {"model":"m","messages":[{"role":"developer","content":"a"},{"role":"system","content":"b"},
             {"role":"user","content":"q"},{"role":"developer","content":"c"},{"role":"user","content":"r"}]}
            """#
        let sent = try Chat.send(body)
        #expect(sent.roles == ["developer", "system", "user", "developer", "user"] && sent.warnings.isEmpty)
    }

    @Test("leaves out a system message that says nothing")
    func blankSystem() throws {
        let sent = try Chat.send(
            #"{"model":"m","messages":[{"role":"system","content":"  "},{"role":"user","content":"q"}]}"#
        )
        #expect(sent.roles == ["user"])
    }

    @Test(
        "loses sampling with a warning where the model thinks, and keeps it where it does not",
        arguments: [
            (#""reasoning_effort":"high","#, true, true), (#""reasoning_effort":"none","#, true, false),
            ("", true, true), ("", false, false),
        ]
    )
    func sampling(effort: String, thinks: Bool, isLost: Bool) throws {
        let body = #"{"model":"m",\#(effort)"temperature":0.5,"top_p":0.9,\#(Self.user)}"#
        let capabilities: JSONObject =
            thinks ? JSONObject([("sampling_params", false), ("effort_none", true)]) : JSONObject()
        let sent = try Chat.send(body, capabilities: capabilities)
        #expect((sent.body["temperature"] == nil) == isLost && (sent.body["top_p"] == nil) == isLost)
        #expect(sent.warnings == (isLost ? ["temperature;dropped", "top_p;dropped"] : []))
    }

    @Test("knows a model that thinks only when it is told to")
    func defaultEffort() throws {
        let body = #"{"model":"m","temperature":0.5,\#(Self.user)}"#
        let known = JSONObject([("sampling_params", false), ("effort_none", true), ("default_effort", "none")])
        #expect(try Chat.send(body, capabilities: known).body["temperature"] != nil)
    }

    @Test("loses penalties, biases and stops where the model takes none")
    func penalties() throws {
        let body = #"""
            {"model":"m","stop":["a"],"presence_penalty":1,"frequency_penalty":1,"logit_bias":{"1":2},\#(Self.user)}
            """#
        let sent = try Chat.send(
            body,
            capabilities: JSONObject([("penalties", false), ("stop_sequences", false)])
        )
        #expect(
            Set(sent.warnings) == [
                "stop;dropped", "presence_penalty;dropped", "frequency_penalty;dropped", "logit_bias;dropped",
            ]
        )
        #expect(sent.body["stop"] == nil && sent.body["logit_bias"] == nil)
        #expect(try Chat.send(body).warnings.isEmpty)
    }

    @Test("keeps four stops, and tells of the rest")
    func stops() throws {
        let sent = try Chat.send(#"{"model":"m","stop":["a","b","c","d","e"],\#(Self.user)}"#)
        #expect(sent.body["stop"] == ["a", "b", "c", "d"] && sent.warnings == ["stop;downgraded"])
    }

    @Test("says top_k only where it is understood")
    func topK() throws {
        let body = #"{"model":"m","top_k":5,\#(Self.user)}"#
        let sent = try Chat.send(body)
        #expect(sent.body["top_k"] == nil && sent.warnings == ["top_k;dropped"])
        var quirks = Quirks()
        quirks.topK = true
        #expect(try Chat.send(body, quirks: quirks).body["top_k"] == 5)
    }

    @Test(
        "asks for the nearest effort that the model takes",
        arguments: [
            ("none", ["none"], "minimal"), ("none", ["none", "minimal"], "low"), ("minimal", ["minimal"], "low"),
            ("xhigh", ["xhigh"], "high"), ("max", ["max"], "xhigh"), ("max", ["max", "xhigh"], "high"),
            ("low", ["minimal", "low", "medium"], "high"), ("high", [], "high"), ("odd", ["none"], "odd"),
        ]
    )
    func efforts(asked: String, refused: [String], expected: String) throws {
        let capabilities = JSONObject(refused.map { ("effort_\($0)", false) })
        let sent = try Chat.send(
            #"{"model":"m","reasoning_effort":"\#(asked)",\#(Self.user)}"#,
            capabilities: capabilities
        )
        #expect(sent.body["reasoning_effort"] == .string(expected))
        #expect(sent.warnings == (asked == expected ? [] : ["reasoning.effort;downgraded"]))
    }

    @Test("says no effort to a model that takes none")
    func noEffort() throws {
        let body = #"{"model":"m","reasoning_effort":"high",\#(Self.user)}"#
        let none = JSONObject(
            ["none", "minimal", "low", "medium", "high", "xhigh", "max"].map { ("effort_\($0)", false) }
        )
        for capabilities in [none, JSONObject([("reasoning", false)])] {
            let sent = try Chat.send(body, capabilities: capabilities)
            #expect(sent.body["reasoning_effort"] == nil && sent.warnings == ["reasoning.effort;dropped"])
        }
    }

    @Test("turns a budget of thoughts into an effort", arguments: [(1, "minimal"), (2048, "low"), (9000, "high")])
    func budget(tokens: Int, effort: String) throws {
        var chat = ChatRequest(prompt: "q")
        chat.reasoning = ReasoningRequest(budgetTokens: tokens)
        #expect(try Chat.send(chat).body["reasoning_effort"] == .string(effort))
    }

    @Test("does not think beside functions where OpenAI refuses that")
    func toolsNeedResponses() throws {
        let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
        let known = JSONObject([("tools_need_responses", true), ("effort_none", true)])
        let sent = try Chat.send(#"{"model":"m",\#(tools),\#(Self.user)}"#, capabilities: known)
        #expect(sent.body["reasoning_effort"] == "none" && sent.warnings == ["reasoning.effort;downgraded"])
        let without = try Chat.send(#"{"model":"m",\#(Self.user)}"#, capabilities: known)
        #expect(without.body["reasoning_effort"] == nil && without.warnings.isEmpty)
    }

    @Test("leaves a choice of tools out where there are none")
    func choiceWithoutTools() throws {
        var chat = ChatRequest(prompt: "q")
        chat.toolChoice = .auto
        chat.parallelTools = false
        let sent = try Chat.send(chat)
        #expect(sent.body["tool_choice"] == nil && sent.body["parallel_tool_calls"] == nil)
    }

    @Test("asks for a form without strict where the client did not say it")
    func form() throws {
        let format = #"{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}"#
        let sent = try Chat.send(#"{"model":"m","response_format":\#(format),\#(Self.user)}"#)
        #expect(sent.body["response_format"]?.text == format)
        var chat = ChatRequest(prompt: "q")
        chat.output = .jsonSchema(name: nil, schema: ["type": "object"], strict: nil, description: nil)
        #expect(try Chat.send(chat).body["response_format"]?["json_schema"]?["name"] == "response")
    }

    @Test("asks for the usage of a stream")
    func usage() throws {
        #expect(
            try Chat.send(#"{"model":"m","stream":true,\#(Self.user)}"#).body["stream_options"] == [
                "include_usage": true
            ]
        )
    }

    @Test("refuses a document by address and a sound it has no name for, and says a text document as text")
    func documents() throws {
        func send(_ part: ContentPart) throws -> Chat.Sent {
            var chat = ChatRequest()
            chat.turns = [Turn(.user, [part])]
            return try Chat.send(chat)
        }
        for part in [
            ContentPart.document(Media(.url("https://x/a.pdf"))), .audio(Media(.base64("AA=="), mimeType: "audio/ogg")),
            .image(Media(.file("f"))),
        ] {
            let error = #expect(throws: PlenumError.self) { try send(part) }
            #expect(error?.code == .unsupportedParameter)
        }
        let text = Media(.base64("aGk="), mimeType: "text/plain", filename: "a.txt")
        let sent = try send(.document(text))
        #expect(sent.messages[0]["content"] == "a.txt\n\nhi" && sent.warnings == ["messages.document;converted"])
    }

    @Test("tells that an answer which the request begins is only history")
    func prefill() throws {
        var chat = ChatRequest(prompt: "q")
        chat.turns.append(Turn(.assistant, [.text("It is")]))
        #expect(try Chat.send(chat).warnings == ["messages.prefill;downgraded"])
        #expect(try Chat.send(chat, capabilities: JSONObject([("assistant_prefill", true)])).warnings.isEmpty)
    }

    @Test("spells the names of tools as OpenAI allows them, everywhere, and gives them back")
    func names() throws {
        let long = String(repeating: "n", count: 80)
        var chat = ChatRequest(prompt: "q")
        chat.tools = [Tool("a.b"), Tool("a_b"), Tool("c:d"), Tool(long)]
        chat.toolChoice = .tool("c:d")
        chat.turns.append(Turn(.assistant, [.toolCall(ToolCall(id: "1", name: "c:d", arguments: ""))]))
        chat.turns.append(Turn(.tool, [.toolResult(ToolResult(callID: "1", parts: [.text("x")]))]))
        let sent = try Chat.send(chat)
        let names = sent.body["tools"]?.array?.compactMap { $0["function"]?["name"]?.string } ?? []
        #expect(names == ["a_b_108bf50c", "a_b", "c_d", String(repeating: "n", count: 55) + "_eafb2c05"])
        #expect(names.allSatisfy { $0.utf8.count <= 64 })
        #expect(sent.body["tool_choice"]?["function"]?["name"] == "c_d")
        #expect(sent.messages[1]["tool_calls"]?.array?[0]["function"]?["name"] == "c_d")
        #expect(sent.toolNames == [names[0]: "a.b", names[2]: "c:d", names[3]: long])
        #expect(Set(sent.warnings) == ["tools.a.b;converted", "tools.c:d;converted", "tools.\(long);converted"])
    }

    @Test("reads and writes a list of allowed tools")
    func allowed() throws {
        let choice = #"""
            {"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"c"}}]}}
            """#
        let tools =
            #""tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"c"}}]"#
        let body = #"{"model":"m",\#(tools),"tool_choice":\#(choice),\#(Self.user)}"#
        let chat = try OpenAIChatFormat().readRequest(Array(body.utf8)).chat
        #expect(chat.toolChoice == .allowed(required: true, ["f", "c"]))
        #expect(try Chat.send(chat).body["tool_choice"]?.text == choice)
        var quirks = Quirks()
        quirks.functionsOnly = true
        let fewer = body.replacing(#",{"type":"custom","custom":{"name":"c"}}]}}"#, with: "]}}")
        let sent = try Chat.send(fewer, quirks: quirks)
        #expect(sent.body["tool_choice"] == "required" && sent.body["tools"]?.array?.count == 1)
        #expect(sent.warnings == ["tool_choice;converted"])
    }

    @Test("#36 says nothing of another dialect but what means the same, and tells what is lost")
    func foreignFields() throws {
        let anthropic = #"""
            {"model":"m","max_tokens":9,"service_tier":"standard_only","container":"c","cache_control":{"type":"ephemeral"},
             "messages":[{"role":"user","content":"q"}]}
            """#
        let sent = try Chat.send(anthropic, from: .anthropicMessages)
        #expect(sent.body["service_tier"] == "default" && sent.warnings == ["container;dropped"])
        #expect(sent.body.object?.count == 4)
        let gemini = #"""
            {"contents":[{"role":"user","parts":[{"text":"q"}]}],"safetySettings":[{"category":"c"}],"serviceTier":"FLEX"}
            """#
        let other = try Chat.send(gemini, from: .gemini)
        #expect(other.body["service_tier"] == "flex" && other.warnings == ["safetySettings;dropped"])
        var chat = ChatRequest(prompt: "q")
        let fields: JSONObject = JSONObject([
            ("metadata", ["a": "b"]), ("text", ["verbosity": "low"]), ("background", true),
        ])
        chat.extra = DialectFields(.openAIResponses, fields)
        let responses = try Chat.send(chat)
        #expect(responses.body["metadata"] == ["a": "b"] && responses.body["verbosity"] == "low")
        #expect(responses.warnings == ["background;dropped"])
    }
}
