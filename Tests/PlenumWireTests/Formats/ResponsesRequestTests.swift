import PlenumCore
import PlenumWire
import Testing

@Suite("A Responses request")
struct ResponsesRequestTests {
    static let format = OpenAIResponsesFormat()

    static func write(
        _ chat: ChatRequest,
        capabilities: JSONObject = JSONObject(),
        quirks: Quirks = Quirks()
    ) throws -> (body: JSONValue, wire: WireRequest) {
        let tag = ModelID(provider: "p", model: "m")
        var request = CompletionRequest(model: "up", tag: tag, stream: true, prompt: .chat(chat))
        request.capabilities = ModelCapabilities(capabilities)
        let wire = try format.writeRequest(request, quirks: quirks)
        return (try JSONValue(parsing: wire.body), wire)
    }

    static func read(_ body: String) throws -> DoorRequest { try format.readRequest(Array(body.utf8)) }

    /// One of each thing that a client can say.
    static let everything = #"""
        {"model":"up","stream":true,"store":false,"instructions":"be brief","input":[
          {"role":"developer","content":"d"},
          {"type":"message","role":"system","content":[{"type":"input_text","text":"s","x":1}]},
          {"role":"user","content":"hello"},
          {"type":"message","role":"user","content":[{"type":"input_text","text":"look"},
            {"type":"input_image","image_url":"data:image/png;base64,QUJD","detail":"low"},
            {"type":"input_image","file_id":"file_1"},{"type":"input_image","image_url":"https://x/y.png"},
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"},
            {"type":"input_file","file_url":"https://x/y.pdf"},{"type":"input_file","file_id":"file_2"},
            {"type":"input_audio","input_audio":{"data":"QUJD","format":"mp3"}},{"type":"input_new","y":1.0}]},
          {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],
            "encrypted_content":"E1"},
          {"type":"message","id":"msg_1","role":"assistant","status":"completed","phase":"commentary",
            "content":[{"type":"output_text","text":"t","annotations":[],"logprobs":[]},{"type":"refusal","refusal":"no"}]},
          {"role":"assistant","content":"easy"},
          {"type":"web_search_call","id":"ws_1","status":"completed"},
          {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"raw"}],"encrypted_content":"E2"},
          {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"a\":1.0}","status":"completed"},
          {"type":"custom_tool_call","call_id":"c2","name":"patch","input":"*** \"x\"\n"},
          {"type":"local_shell_call","id":"ls_1","call_id":"c3"},
          {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"o"},
            {"type":"input_image","image_url":"https://x/z.png"}]},
          {"type":"custom_tool_call_output","call_id":"c2","output":"done"},
          {"type":"local_shell_call_output","id":"ls_1","output":"ok"},
          {"role":"developer","content":"in the middle"},
          {"role":"system","content":"also"},
          {"role":"user","content":"go on"}],
         "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true,"description":"d","defer_loading":true},
           {"type":"function","name":"g","parameters":null},
           {"type":"custom","name":"patch","format":{"type":"grammar","syntax":"lark","definition":"start: x"}},
           {"type":"custom","name":"free","format":{"type":"text"}},{"type":"custom","name":"bare"},
           {"type":"web_search","search_context_size":"low"}],
         "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"},{"type":"custom","name":"patch"}]},
         "parallel_tool_calls":false,"temperature":0.50,"top_p":1.0,"max_output_tokens":5,"user":"u","safety_identifier":"s",
         "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},
         "reasoning":{"effort":"high","summary":"auto"},"include":["reasoning.encrypted_content"],"truncation":"auto",
         "metadata":{"a":"b"},"prompt_cache_key":"k","service_tier":"flex","max_tool_calls":3,"new_member":[1e3]}
        """#

    @Test("comes out of its own reader and writer as it went in, whatever is in it")
    func comesBack() throws {
        let given = try JSONValue(parsing: Self.everything)
        let sent = try Self.write(try Self.read(Self.everything).chat)
        #expect(RequestTests.differences(sent.body, given) == [])
        #expect(sent.wire.warnings == [] && sent.wire.path == "/responses")
        let text = try Self.read(#"{"model":"up","input":"hello"}"#)
        #expect(try Self.write(text.chat).body["input"] == "hello")
    }

    @Test("becomes turns: one for what a model said in a row, one for the results of its calls")
    func becomesTurns() throws {
        let chat = try Self.read(Self.everything).chat
        #expect(chat.turns.map(\.role) == [.user, .user, .assistant, .tool, .system, .system, .user])
        #expect(chat.instructions.map(\.text) == ["be brief", "d", "s"])
        #expect(chat.instructions.map(\.role) == [.system, .developer, .system])
        let said = chat.turns[2].parts
        #expect(said.count == 9)
        #expect(said[0].reasoning == Reasoning("a\n\nb", opaque: OpaqueState(.openAIEncrypted, "E1")))
        #expect(said[1].text == "t" && said[2] == .refusal("no") && said[3].text == "easy")
        #expect(said[6].toolCall?.arguments == #"{"a":1.0}"# && said[6].toolCall?.isFreeform == false)
        #expect(said[7].toolCall?.arguments == #"{"input":"*** \"x\"\n"}"# && said[7].toolCall?.isFreeform == true)
        guard case .toolResult(let result)? = chat.turns[3].parts.first else { throw Complaint("no result") }
        #expect(result.text == "o" && result.parts.count == 2 && result.callID == "c1")
        #expect(chat.toolChoice == .allowed(required: true, ["f", "patch"]))
        #expect(chat.tools.map(\.name) == ["f", "g", "patch", "free", "bare", "web_search"])
        #expect(chat.tools[2].freeform == .grammar(syntax: "lark", definition: "start: x"))
        #expect(chat.tools[3].freeform == .text && chat.tools[4].freeform == .text)
        #expect(chat.reasoning == ReasoningRequest(effort: "high", includeText: true))
        #expect(chat.user == "s" && chat.maxOutputTokens == 5)
    }

    @Test(
        "that cannot be meant is refused with the place at fault",
        arguments: [
            (#"{"model":"m"}"#, "input"), (#"{"model":"m","input":5}"#, "input"),
            (#"{"input":[{"type":"item_reference","id":"msg_9"}]}"#, "input[0]"),
            (#"{"input":[{"role":"robot","content":"x"}]}"#, "input[0].role"),
            (#"{"input":[{"id":"x"}]}"#, "input[0].type"),
            (#"{"input":[{"type":"function_call","name":"f"}]}"#, "input[0].call_id"),
            (#"{"input":"x","tools":[{"type":"function"}]}"#, "tools[0].name"),
            (#"{"input":"x","text":{"format":{"type":"xml"}}}"#, "text.format"),
            (#"{"input":"x","previous_response_id":5}"#, "previous_response_id"),
        ]
    )
    func refuses(body: String, place: String) {
        let error = #expect(throws: PlenumError.self) { try Self.read(body) }
        #expect(error?.code == .invalidRequest && error?.parameter == place)
    }

    @Test("tells the gateway what is its own")
    func head() throws {
        let body = #"{"model":"m","previous_response_id":"resp_1","background":true,"store":true,"stream":true}"#
        let head = try Self.format.scanRequest(Array(body.utf8))
        #expect(head.previousResponse == "resp_1" && head.isBackground && head.store == true && head.stream)
        #expect(head.ownMembers.count == 2)
        #expect(try Self.read(body).chat.turns.isEmpty, "what went before may be all that there is")
        #expect(try Self.format.scanRequest(Array(#"{"conversation":{"id":"c"}}"#.utf8)).conversation == "c")
    }

    @Test(
        "that is passed through is kept by nobody else, and loses what is the gateway's own",
        arguments: [
            (#"{"model":"m","input":"x"}"#, #"{"store":false,"model":"up","input":"x"}"#),
            (#"{"model":"m", "store" : true ,"input":"x"}"#, #"{"model":"up", "store" : false ,"input":"x"}"#),
            (#"{"store":false,"model":"m"}"#, #"{"store":false,"model":"up"}"#),
            (#"{"store":null,"model":"m","store":true}"#, #"{"model":"up","store":false}"#),
            (
                #"{"previous_response_id":"r","model":"m","background":false,"conversation":"c"}"#,
                #"{"store":false,"model":"up"}"#
            ),
            (#"{"models":["a"],"input":"x"}"#, #"{"model":"up","store":false,"input":"x"}"#),
            ("{ }", #"{"model":"up","store":false }"#),
            (#"{"background":true}"#, #"{"model":"up","store":false}"#),
        ]
    )
    func passesThrough(body: String, expected: String) throws {
        let bytes = Array(body.utf8)
        let head = try Self.format.scanRequest(bytes)
        let request = CompletionRequest(
            model: "up",
            tag: ModelID(provider: "p", model: "m"),
            stream: false,
            prompt: .verbatim(head.verbatim(bytes))
        )
        let sent = String(decoding: try Self.format.writeRequest(request, quirks: Quirks()).body, as: UTF8.self)
        #expect(sent == expected)
        _ = try JSONValue(parsing: sent)
    }

    @Test("of another dialect says what it can, and warns of the rest")
    func warns() throws {
        var chat = ChatRequest(prompt: "x")
        chat.sampling.topK = JSONNumber(3)
        chat.sampling.seed = JSONNumber(1)
        chat.sampling.temperature = JSONNumber(1)
        chat.stop = ["END"]
        chat.maxOutputTokens = 3
        chat.user = "u"
        chat.turns[0].name = "n"
        let fields = JSONObject([("logit_bias", [:]), ("verbosity", "low"), ("metadata", ["a": "b"]), ("x\r\ny", 1)])
        chat.extra = DialectFields(.openAIChat, fields)
        let sent = try Self.write(chat)
        #expect(
            sent.wire.warnings.map(\.description) == [
                "name;dropped", "top_k;dropped", "seed;dropped", "stop;dropped", "max_output_tokens;converted",
                "logit_bias;dropped", "x__y;dropped",
            ]
        )
        #expect(sent.body["max_output_tokens"] == 16 && sent.body["safety_identifier"] == "u")
        #expect(sent.body["text"] == ["verbosity": "low"] && sent.body["metadata"] == ["a": "b"])
        #expect(sent.body["store"] == false && sent.body["stream"] == true && sent.body["temperature"] == 1)
        let fixed = try Self.write(chat, capabilities: JSONObject([("sampling_params", false)]))
        #expect(fixed.body["temperature"] == nil)
        #expect(fixed.wire.warnings.contains { $0.description == "temperature;dropped" })
        chat.extra = DialectFields(.openAIChat, JSONObject([("n", 2)]))
        #expect(throws: PlenumError.self) { try Self.write(chat) }
    }

    @Test("asks for encrypted thoughts where there are any, and for an effort that the model knows")
    func reasoning() throws {
        var chat = ChatRequest(prompt: "x")
        #expect(try Self.write(chat).body["include"] == nil)
        let thinks = JSONObject([
            ("effort_low", true), ("effort_high", true), ("effort_minimal", false), ("effort_none", true),
        ])
        #expect(try Self.write(chat, capabilities: thinks).body["include"] == ["reasoning.encrypted_content"])
        chat.reasoning = ReasoningRequest(effort: "minimal", includeText: true)
        let sent = try Self.write(chat, capabilities: thinks)
        #expect(sent.body["reasoning"] == ["effort": "low", "summary": "auto"])
        #expect(sent.wire.warnings.map(\.description) == ["reasoning.effort;downgraded"])
        #expect(try Self.write(chat).body["reasoning"]?["effort"] == "minimal")
        // A model of which the catalogue names the highest effort alone has those between all the same.
        let few = JSONObject([("effort_minimal", false), ("effort_none", true), ("effort_xhigh", true)])
        #expect(try Self.write(chat, capabilities: few).body["reasoning"]?["effort"] == "low")
        chat.reasoning = ReasoningRequest(effort: "none", includeText: true)
        #expect(try Self.write(chat).body["include"] == nil)
        #expect(try Self.write(chat).body["reasoning"] == ["effort": "none"])
        chat.reasoning = ReasoningRequest(budgetTokens: 5000)
        #expect(try Self.write(chat).body["reasoning"] == ["effort": "medium"])
    }

    @Test("says of tools that they are not strict, and spells names and ids that are not legal")
    func tools() throws {
        var chat = ChatRequest(prompt: "x")
        let long = String(repeating: "n", count: 70)
        chat.tools = [Tool("a.b"), Tool("a_b", strict: true), Tool(long), Tool("patch")]
        chat.tools[3].freeform = .text
        chat.toolChoice = .tool("patch")
        let id = String(repeating: "i", count: 65)
        chat.turns += [
            Turn(.assistant, [.toolCall(ToolCall(id: id, name: "a.b", arguments: ""))]),
            Turn(.tool, [.toolResult(ToolResult(callID: id, parts: [.text("r")]))]),
            Turn(.assistant, [.toolCall(ToolCall(id: "c", name: "patch", arguments: #"{"input":"p"}"#))]),
            Turn(.tool, [.toolResult(ToolResult(callID: "c", parts: [.text("s")]))]),
        ]
        let sent = try Self.write(chat)
        let tools = try #require(sent.body["tools"]?.array)
        let names = tools.compactMap { $0["name"]?.string }
        #expect(Set(names).count == 4 && names.allSatisfy { $0.count <= 64 })
        #expect(tools.map { $0["strict"]?.bool } == [false, true, false, nil])
        #expect(tools[0]["parameters"] == ["type": "object", "properties": [:]])
        #expect(sent.wire.toolNames == [names[0]: "a.b", names[2]: long])
        #expect(sent.body["tool_choice"] == ["type": "custom", "name": "patch"])
        let items = try #require(sent.body["input"]?.array)
        #expect(items[1]["name"]?.string == names[0] && items[1]["arguments"] == "{}")
        let spelled = try #require(items[1]["call_id"]?.string)
        #expect(spelled.count <= 64 && spelled != id && items[2]["call_id"]?.string == spelled)
        #expect(items[3] == ["type": "custom_tool_call", "call_id": "c", "name": "patch", "input": "p"])
        #expect(items[4] == ["type": "custom_tool_call_output", "call_id": "c", "output": "s"])
    }

    @Test("gives thoughts back to the model that had them alone, before what they led to, and never an empty id")
    func thoughts() throws {
        let own = ModelID(provider: "p", model: "m")
        func thought(_ payload: String, _ origin: ModelID?) -> ContentPart {
            .reasoning(Reasoning("", opaque: OpaqueState(.openAIEncrypted, payload, origin: origin)))
        }
        var chat = ChatRequest(prompt: "x")
        chat.turns.append(
            Turn(
                .assistant,
                [
                    thought("A", own), thought("B", ModelID(provider: "q", model: "m")), .text("t"),
                    .reasoning(Reasoning("loud", opaque: OpaqueState(.anthropicSignature, "S"))),
                    .reasoning(Reasoning("unsigned")), thought("C", nil),
                    .toolCall(ToolCall(id: "c", name: "f", arguments: "{}")), thought("D", own),
                ]
            )
        )
        chat.turns.append(Turn(.tool, [.toolResult(ToolResult(callID: "c", parts: [.text("r")]))]))
        let items = try #require(try Self.write(chat).body["input"]?.array)
        #expect(
            items.map { $0["type"]?.string ?? $0["role"]?.string } == [
                "user", "reasoning", "assistant", "reasoning", "function_call", "function_call_output",
            ]
        )
        #expect(items[1] == ["type": "reasoning", "summary": [], "encrypted_content": "A"])
        #expect(items[3]["encrypted_content"] == "C")
        let body =
            #"{"model":"m","input":[{"type":"reasoning","id":"","summary":[],"encrypted_content":"E"},{"role":"assistant","content":"t"}]}"#
        let again = try #require(try Self.write(try Self.read(body).chat).body["input"]?.array)
        #expect(again[0] == ["type": "reasoning", "summary": [], "encrypted_content": "E"])
    }

    @Test("changed at random never traps, and what is written of it is JSON")
    func hostile() throws {
        var random = LawTests.Seeded(state: 5)
        let words = ["null", "[]", "{}", "\"\"", "1e999", "\\ud800", "\"gw1.e30\"", "\"$item\":1,", "\"type\":\"x\","]
        let tag = ModelID(provider: "p", model: "m")
        let body = Array(Self.everything.utf8)
        var readable = 0
        for _ in 0..<1500 {
            var text = body
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<text.count, using: &random)
                let length = min(Int.random(in: 0...9, using: &random), text.count - at)
                text.replaceSubrange(at..<at + length, with: Array(words.randomElement(using: &random)!.utf8))
            }
            guard let head = try? Self.format.scanRequest(text) else { continue }
            let verbatim = head.verbatim(text)
            let passed = CompletionRequest(model: "m", tag: tag, stream: true, prompt: .verbatim(verbatim))
            let sent = try Self.format.writeRequest(passed, quirks: Quirks())
            #expect(try JSONValue(parsing: sent.body)["store"] == false)
            guard let door = try? Self.format.readRequest(text) else { continue }
            readable += 1
            for other in WireFormats.all {
                let request = CompletionRequest(model: "m", tag: tag, stream: true, prompt: .chat(door.chat))
                guard let sent = try? other.writeRequest(request, quirks: Quirks()) else { continue }
                #expect((try? JSONValue(parsing: sent.body)) != nil)
            }
        }
        #expect(readable > 20)
    }

    @Test("begins as a shorter history did")
    func prefix() throws {
        let chat = try Self.read(Self.everything).chat
        var shorter: [JSONValue] = []
        for count in 0...chat.turns.count {
            var part = chat
            part.turns = Array(chat.turns.prefix(count))
            part.instructions.removeFirst()
            let items = try Self.write(part).body["input"]?.array ?? []
            #expect(Array(items.prefix(shorter.count)) == shorter)
            shorter = items
        }
        #expect(shorter.count == 18)
    }

    @Test("answers calls that have no result, and tells results that have no call as text")
    func adjacency() throws {
        var chat = ChatRequest(prompt: "x")
        chat.turns += [
            Turn(.assistant, [.toolCall(ToolCall(id: "a", name: "f", arguments: "{}"))]), Turn(.user, [.text("so?")]),
            Turn(.tool, [.toolResult(ToolResult(callID: "z", parts: [.text("r")]))]),
        ]
        let sent = try Self.write(chat)
        let items = try #require(sent.body["input"]?.array)
        #expect(items[2] == ["type": "function_call_output", "call_id": "a", "output": "(no result)"])
        #expect(items[4] == ["role": "user", "content": "[tool result z] r"])
        #expect(sent.wire.warnings.map(\.description) == ["tool_result;added", "tool_result;converted"])
    }

    @Test("that has system text alone asks it")
    func systemAlone() throws {
        var chat = ChatRequest()
        chat.instructions = [SystemText("say hello")]
        let sent = try Self.write(chat)
        #expect(sent.body["instructions"] == nil)
        #expect(sent.body["input"] == [["role": "user", "content": "say hello"]])
        chat.turns = [Turn(.user, [.text("x")])]
        #expect(try Self.write(chat).body["instructions"] == "say hello")
        chat.instructions.append(SystemText("and more", role: .developer))
        let items: JSONValue = [
            ["role": "developer", "content": "say hello"], ["role": "developer", "content": "and more"],
            ["role": "user", "content": "x"],
        ]
        #expect(try Self.write(chat).body["input"] == items)
    }
}
