import PlenumCore
import PlenumWire
import Testing

/// Each quirk, for a body that is passed on and for one that is written.
@Suite("A quirk")
struct QuirksTests {
    /// Writes a body both ways; what comes of it must be the same tree, the order of members apart.
    private func both(_ body: String, _ json: JSONValue) throws -> Chat.Sent {
        let quirks = try Quirks(json: try #require(json.object))
        let (written, passed) = (try Chat.send(body, quirks: quirks), try Chat.pass(body, quirks: quirks))
        #expect(RequestTests.differences(passed.body, written.body) == [])
        #expect(Set(passed.warnings) == Set(written.warnings))
        return passed
    }

    private func message(_ messages: String, _ rest: String = "") -> String {
        #"{"model":"m","messages":[\#(messages)]\#(rest)}"#
    }

    private static let user = #"{"role":"user","content":"q"}"#

    @Test("names the members of limit and seed")
    func names() throws {
        let sent = try both(
            message(Self.user, #","max_completion_tokens":5,"seed":7"#),
            ["maxTokensField": "max_tokens", "seedField": "random_seed"]
        )
        #expect(sent.body["max_tokens"] == 5 && sent.body["random_seed"] == 7 && sent.body.object?.count == 4)
    }

    @Test("leaves members out with a warning, and those that say nothing without")
    func drops() throws {
        let sent = try both(
            message(Self.user, #","logit_bias":{"1":2},"logprobs":false,"top_logprobs":null"#),
            ["dropFields": ["logit_bias", "logprobs", "top_logprobs"]]
        )
        #expect(sent.body.object?.count == 2 && sent.warnings == ["logit_bias;dropped"])
    }

    @Test("adds members that a request has not")
    func adds() throws {
        let quirk: JSONValue = ["addFields": ["usage": ["include": true]]]
        #expect(try both(message(Self.user), quirk).body["usage"] == ["include": true])
        #expect(try both(message(Self.user, #","usage":{"include":false}"#), quirk).body["usage"]?["include"] == false)
    }

    @Test("#37 keeps null from a server that refuses it")
    func nulls() throws {
        let answer = #"{"role":"assistant","content":"a","function_call":null,"tool_calls":null,"refusal":null}"#
        let body = message("\(Self.user),\(answer),\(Self.user)", #","tools":null,"stop":null"#)
        #expect(try !both(body, ["nullFields": false]).text.contains("null"))
    }

    @Test("makes the developer the system")
    func developer() throws {
        let body = message(#"{"role":"developer","content":"s"},\#(Self.user)"#)
        #expect(try both(body, ["developerRole": false]).roles == ["system", "user"])
    }

    @Test("#48 puts all system text first, and what comes later into the user's")
    func systemFirst() throws {
        let body = message(
            #"{"role":"system","content":"a"},{"role":"system","content":"b"},\#(Self.user),{"role":"system","content":"c"},{"role":"assistant","content":"x"},{"role":"system","content":"d"},\#(Self.user)"#
        )
        let sent = try both(body, ["systemOnlyFirst": true])
        #expect(sent.roles == ["system", "user", "assistant", "user"])
        #expect(sent.messages[0]["content"] == "a\n\nb")
        #expect(sent.messages[1]["content"]?.array?.map { $0["text"] } == ["q", "[operator note] c"])
        #expect(sent.messages[3]["content"]?.array?.map { $0["text"] } == ["[operator note] d", "q"])
        #expect(sent.warnings == ["system;moved"])
    }

    @Test("joins texts where a template takes a string alone")
    func strings() throws {
        let body = message(#"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#)
        #expect(try both(body, ["stringContentOnly": true]).messages[0]["content"] == "a\n\nb")
    }

    @Test("#38 leaves out members of messages")
    func messageMembers() throws {
        let sent = try both(
            message(#"{"role":"user","name":"Eva","content":"q"}"#),
            ["dropMessageFields": ["name"]]
        )
        #expect(sent.messages[0] == ["role": "user", "content": "q"] && sent.warnings == ["messages.name;dropped"])
    }

    @Test("#23 gives ids of nine letters and digits, the same to a call and to its result")
    func ids() throws {
        let calls =
            #"[{"id":"call_abc","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"vAKGXGFZD","type":"function","function":{"name":"f","arguments":"{}"}}]"#
        let results =
            #"{"role":"tool","tool_call_id":"vAKGXGFZD","content":"a"},{"role":"tool","tool_call_id":"call_abc","content":"b"}"#
        let body = message(#"\#(Self.user),{"role":"assistant","content":"","tool_calls":\#(calls)},\#(results)"#)
        let sent = try both(body, ["idLength": 9])
        let ids = sent.messages[1]["tool_calls"]?.array?.compactMap { $0["id"]?.string } ?? []
        #expect(ids[1] == "vAKGXGFZD", "a good id stays")
        #expect(ids[0].utf8.count == 9 && ids[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        #expect(
            sent.messages[2]["tool_call_id"]?.string == ids[1] && sent.messages[3]["tool_call_id"]?.string == ids[0]
        )
        #expect(ids[0] == "WFH8yRA8u", "and it is the same on every machine")
        let error = #expect(throws: PlenumError.self) { try Quirks(json: JSONObject([("idLength", 1)])) }
        #expect(error?.parameter == "quirks.idLength")
    }

    @Test("marks an answer that is to be gone on with")
    func prefix() throws {
        let body = message(#"\#(Self.user),{"role":"assistant","content":"It"}"#)
        let sent = try both(body, ["prefix": true])
        #expect(sent.messages[1]["prefix"] == true && sent.warnings.isEmpty)
    }

    @Test("leaves out an answer that says nothing")
    func empty() throws {
        let body = message(#"\#(Self.user),{"role":"assistant","content":""},\#(Self.user)"#)
        #expect(try both(body, ["emptyAssistant": false]).roles == ["user", "user"])
        #expect(try both(body, [:]).roles == ["user", "assistant", "user"])
    }

    private static let tool =
        #""tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"$schema":"x","type":"object","properties":{"a":{"$id":"y"}}}}}]"#

    @Test("#39 leaves strict out of tools, and what a schema may not have")
    func strict() throws {
        let sent = try both(
            message(Self.user, ",\(Self.tool)"),
            ["noStrictTools": true, "dropSchemaFields": ["$schema", "$id"]]
        )
        let function = sent.body["tools"]?.array?[0]["function"]
        #expect(function == ["name": "f", "parameters": ["type": "object", "properties": ["a": [:]]]])
    }

    @Test("has its own word for a call that must be")
    func required() throws {
        let body = message(Self.user, #","tool_choice":"required",\#(Self.tool)"#)
        #expect(try both(body, ["requiredToolChoice": "any"]).body["tool_choice"] == "any")
    }

    @Test("says nothing of several calls at once where that is refused")
    func parallel() throws {
        let body = message(Self.user, #","parallel_tool_calls":false,\#(Self.tool)"#)
        let sent = try both(body, ["noParallelTools": true])
        #expect(sent.body["parallel_tool_calls"] == nil && sent.warnings == ["parallel_tool_calls;dropped"])
    }

    private static let form =
        #","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}"#

    @Test("asks for any object where schemas are refused, and tells the schema in words")
    func noSchema() throws {
        let sent = try both(message(Self.user, Self.form), ["noSchema": true])
        #expect(sent.body["response_format"] == ["type": "json_object"])
        #expect(sent.roles == ["system", "user"] && sent.warnings == ["response_format;downgraded"])
        #expect(sent.messages[0]["content"]?.string?.hasSuffix(#"JSON schema: {"type":"object"}"#) == true)
    }

    @Test("drops a schema beside tools or in a stream")
    func schemaBeside() throws {
        let quirk: JSONValue = ["noSchemaWithTools": true, "noSchemaWithStream": true]
        for rest in [",\(Self.tool)", #","stream":true"#] {
            let sent = try both(message(Self.user, Self.form + rest), quirk)
            #expect(sent.body["response_format"] == nil && sent.warnings == ["response_format;dropped"])
        }
        #expect(try both(message(Self.user, Self.form), quirk).body["response_format"] != nil)
    }

    @Test(
        "says how much to think in its own way",
        arguments: [
            ("effort", "high", #"{"reasoning_effort":"high"}"#),
            ("thinking", "high", #"{"thinking":{"type":"enabled"},"reasoning_effort":"high"}"#),
            ("thinking", "none", #"{"thinking":{"type":"disabled"}}"#),
            ("template", "none", #"{"chat_template_kwargs":{"enable_thinking":false}}"#),
            ("none", "high", "{}"),
        ]
    )
    func thinking(control: String, effort: String, expected: String) throws {
        let body = message(Self.user, #","reasoning_effort":"\#(effort)""#)
        let sent = try both(body, ["reasoningControl": .string(control)])
        var rest = try #require(sent.body.object)
        for name in ["model", "messages"] { rest[name] = nil }
        #expect(try JSONValue.object(rest) == JSONValue(parsing: expected))
        #expect(sent.warnings == (control == "none" ? ["reasoning.effort;dropped"] : []))
    }

    @Test("says thoughts to OpenRouter as an object, whose highest effort is xhigh")
    func object() throws {
        var quirks = Quirks()
        quirks.reasoningControl = .object
        var chat = ChatRequest(prompt: "q")
        chat.reasoning = ReasoningRequest(effort: "max", includeText: false)
        #expect(try Chat.send(chat, quirks: quirks).body["reasoning"] == ["effort": "xhigh", "exclude": true])
        chat.reasoning = ReasoningRequest(budgetTokens: 5000)
        #expect(try Chat.send(chat, quirks: quirks).body["reasoning"] == ["max_tokens": 5000])
    }

    @Test("that does not concern a body leaves its bytes alone")
    func bytes() throws {
        let odd = #" {"model" : "m", "x":1.0,"messages":[ {"role":"user" ,"content":"\u00e9\/"} ] } "#
        for server in Quirks.servers.values { #expect(try Chat.pass(odd, quirks: server).text == odd) }
        for vendor in ["groq", "mistral", "deepseek", "xai"] {
            #expect(try Chat.pass(odd, quirks: Vendors.quirks(vendor)).text == odd, "\(vendor)")
        }
    }

    @Test(
        "of an unknown name or value is refused with its place",
        arguments: [
            (#"{"odd":1}"#, "quirks.odd"), (#"{"prefix":"yes"}"#, "quirks.prefix"),
            (#"{"cacheMarks":"all"}"#, "quirks.cacheMarks"), (#"{"like":"x"}"#, "quirks.like"),
            (#"{"dropFields":"x"}"#, "quirks.dropFields"),
        ]
    )
    func mistakes(json: String, place: String) throws {
        let object = try #require(try JSONValue(parsing: json).object)
        let error = #expect(throws: PlenumError.self) { try Quirks(json: object) }
        #expect(error?.parameter == place)
    }

    @Test("of a server can be begun with and gone beyond")
    func like() throws {
        let json: JSONValue = ["stringContentOnly": true, "like": "vllm", "topK": false]
        let quirks = try Quirks(json: try #require(json.object))
        var expected = Quirks.vllm
        expected.stringContentOnly = true
        expected.topK = false
        #expect(quirks == expected)
    }
}
