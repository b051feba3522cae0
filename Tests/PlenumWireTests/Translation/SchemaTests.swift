import PlenumCore
import PlenumWire
import Testing

/// Structured answers and the rewriting of schemas (wire notes 2.5).
@Suite("Schemas on their way")
struct SchemaTests {
    private static func format(_ schema: JSONValue) -> JSONValue {
        ["response_format": ["type": "json_schema", "json_schema": ["name": "n", "schema": schema]]]
    }

    private static let old: JSONValue = ["native_structured_output": false]
    private static let simple: JSONValue = [
        "type": "object", "properties": ["a": ["type": "string"]], "required": ["a"], "additionalProperties": false,
    ]

    /// A schema, what Anthropic gets of it, and whether it says less.
    static let strict: [(JSONValue, JSONValue, Bool)] = [
        (simple, simple, false),
        (
            ["type": "object", "properties": [:]],
            ["type": "object", "properties": [:], "additionalProperties": false], false
        ),
        (
            ["type": "object", "additionalProperties": true],
            ["type": "object", "additionalProperties": false], true
        ),
        (
            ["type": "integer", "minimum": 1, "description": "d"],
            ["type": "integer", "description": "d\n\n{minimum: 1}"], true
        ),
        (["type": "string", "format": "uri"], ["type": "string", "format": "uri"], false),
        (["type": "string", "format": "regex"], ["type": "string", "description": "{format: regex}"], true),
        (["type": "array", "minItems": 1, "items": [:]], ["type": "array", "minItems": 1, "items": [:]], false),
        (["oneOf": [["type": "string"]]], ["anyOf": [["type": "string"]]], true),
        (
            ["$defs": ["d": ["type": "object"]], "$ref": "#/$defs/d"],
            ["$defs": ["d": ["type": "object", "additionalProperties": false]], "$ref": "#/$defs/d"], false
        ),
        (
            ["type": "object", "properties": ["minimum": ["type": "string", "enum": ["oneOf"]]]],
            [
                "type": "object", "properties": ["minimum": ["type": "string", "enum": ["oneOf"]]],
                "additionalProperties": false,
            ], false
        ),
    ]

    @Test("pitfall 33: Anthropic's strict subset, with what was taken out in words", arguments: strict)
    func strictSubset(schema: JSONValue, expected: JSONValue, isLoss: Bool) throws {
        let sent = try Translated(Translated.chat(Self.format(schema)), to: .anthropicMessages)
        let found = sent.body["output_config"]?["format"]
        #expect(found?["type"] == "json_schema")
        #expect(RequestTests.differences(found?["schema"] ?? .null, expected) == [])
        #expect(sent.warnings == (isLoss ? ["response_format;converted"] : []))
        let tool: JSONValue = [
            "type": "function", "function": ["name": "f", "strict": true, "parameters": Self.simple],
        ]
        let strict = try Translated(Translated.chat(["tools": [tool]]), to: .anthropicMessages)
        #expect(strict.body["tools"]?[0]?["input_schema"] == Self.simple && strict.body["tools"]?[0]?["strict"] == true)
    }

    @Test("a tool of any schema keeps it, but for a choice at its root")
    func loose() throws {
        let parameters: JSONValue = [
            "anyOf": [
                ["properties": ["a": ["type": "string", "minLength": 2]], "required": ["a", "c"]],
                ["properties": ["b": ["type": "string"]], "required": ["c"]],
            ]
        ]
        let tool: JSONValue = ["type": "function", "function": ["name": "f", "parameters": parameters]]
        let sent = try Translated(Translated.chat(["tools": [tool]]), to: .anthropicMessages)
        let expected: JSONValue = [
            "properties": ["a": ["type": "string", "minLength": 2], "b": ["type": "string"]], "required": ["c"],
            "type": "object",
        ]
        #expect(sent.body["tools"]?[0]?["input_schema"] == expected)
        #expect(sent.warnings == ["tools.parameters;converted"])
    }

    @Test("pitfall 34: Gemini gets plain JSON Schema as it is")
    func plain() throws {
        let schema: JSONValue = [
            "type": "array", "uniqueItems": true, "items": ["$ref": "#/$defs/x"], "$defs": ["x": [:]],
        ]
        let sent = try Translated(Translated.chat(Self.format(schema)), to: .gemini)
        #expect(sent.config?["responseJsonSchema"] == schema && sent.config?["responseSchema"] == nil)
        #expect(sent.config?["responseMimeType"] == "application/json" && sent.warnings.isEmpty)
    }

    /// A schema, what Gemini's old subset has of it, and whether it says less.
    static let subset: [(JSONValue, JSONValue, Bool)] = [
        (["type": ["string", "null"]], ["nullable": true, "type": "STRING"], false),
        (["type": "array", "uniqueItems": true], ["type": "ARRAY"], true),
        (["type": "number", "exclusiveMinimum": 0], ["type": "NUMBER", "minimum": 0], true),
        (["enum": [1, 2]], ["type": "STRING", "enum": ["1", "2"]], true),
        (["enum": ["", "a"]], ["type": "STRING", "enum": ["a"]], true),
        (["const": "a"], ["type": "STRING", "enum": ["a"]], false),
        (["oneOf": [["type": "string"], ["type": "null"]]], ["anyOf": [["type": "STRING"]], "nullable": true], true),
        (["$defs": ["d": ["type": "string"]], "$ref": "#/$defs/d"], ["type": "STRING"], false),
        (["$ref": "#/no"], ["type": "OBJECT"], true),
        (
            [
                "type": "object", "additionalProperties": false,
                "properties": ["b": ["type": "string"], "a": ["type": "null"]],
            ],
            [
                "type": "OBJECT",
                "properties": ["b": ["type": "STRING"], "a": ["type": "NULL"]], "propertyOrdering": ["b", "a"],
            ], false
        ),
    ]

    @Test("pitfalls 34 and 35: a model that knows Google's subset alone gets that", arguments: subset)
    func googleSubset(schema: JSONValue, expected: JSONValue, isLoss: Bool) throws {
        let sent = try Translated(Translated.chat(Self.format(schema)), to: .gemini, can: ["schema_subset": true])
        #expect(RequestTests.differences(sent.config?["responseSchema"] ?? .null, expected) == [])
        #expect(sent.warnings == (isLoss ? ["response_format;converted"] : []))
    }

    @Test("a schema that names itself ends, and one that doubles itself is bounded")
    func recursive() throws {
        let tree: JSONValue = [
            "type": "object", "properties": ["next": ["$ref": "#/$defs/n"]],
            "$defs": ["n": ["type": "object", "properties": ["next": ["$ref": "#/$defs/n"]]]],
        ]
        let sent = try Translated(Translated.chat(Self.format(tree)), to: .gemini, can: ["schema_subset": true])
        let next = sent.config?["responseSchema"]?["properties"]?["next"]?["properties"]?["next"]
        #expect(next == ["type": "OBJECT"] && sent.warnings == ["response_format;converted"])
        var defs = JSONObject([("d0", ["type": "string"])])
        for level in 1...30 {
            let below: JSONValue = ["$ref": .string("#/$defs/d\(level - 1)")]
            defs["d\(level)"] = ["type": "object", "properties": ["a": below, "b": below]]
        }
        let bomb: JSONValue = ["$ref": "#/$defs/d30", "$defs": .object(defs)]
        let small = try Translated(Translated.chat(Self.format(bomb)), to: .gemini, can: ["schema_subset": true])
        #expect(small.body.bytes.count < 2_000_000 && small.warnings == ["response_format;converted"])
    }

    @Test("Google's subset becomes plain schema for others, data in it untouched")
    func fromGoogle() throws {
        let schema: JSONValue = [
            "type": "OBJECT", "propertyOrdering": ["type"],
            "properties": [
                "type": ["type": "STRING", "nullable": true], "enum": ["type": "INTEGER", "enum": ["TYPE"]],
            ],
        ]
        let body: JSONValue = [
            "contents": [["parts": [["text": "x"]]]],
            "tools": [["functionDeclarations": [["name": "f", "parameters": schema]]]],
        ]
        let sent = try Translated(body, from: .gemini, to: .anthropicMessages)
        let expected: JSONValue = [
            "type": "object",
            "properties": [
                "type": ["type": ["string", "null"]], "enum": ["type": "integer", "enum": ["TYPE"]],
            ],
        ]
        #expect(sent.body["tools"]?[0]?["input_schema"] == expected && sent.warnings.isEmpty)
    }

    @Test("a model without schemas answers in a tool's arguments, which the client reads as text")
    func answerTool() throws {
        let given = Translated.chat(Self.format(Self.simple))
        let sent = try Translated(given, to: .anthropicMessages, can: Self.old)
        #expect(sent.body["output_config"] == nil && sent.warnings.isEmpty)
        #expect(
            sent.body["tools"]?[0]?["name"] == "json_output" && sent.body["tools"]?[0]?["input_schema"] == Self.simple
        )
        #expect(sent.body["tool_choice"]?["name"] == "json_output")
        let request = Translated.request(given, can: Self.old, stream: true)
        let events: [ReplyEvent] = [
            .start(id: "i", model: "m"), .toolCall(index: 0, id: "c", name: "json_output", opaque: nil),
            .toolArguments(index: 0, fragment: #"{"a":"#), .toolArguments(index: 0, fragment: #""b"}"#),
            .finish(FinishReason(.toolUse)), .end,
        ]
        var writer = AnthropicMessagesFormat().makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let reader = AnthropicMessagesFormat().makeReplyReader(for: request)
        let streamed = Reply(Reading.outcome(writer.write(events), reader, size: 5).events)
        #expect(streamed.text == #"{"a":"b"}"# && streamed.toolCalls.isEmpty && streamed.finish?.meaning == .endTurn)
        let whole = AnthropicMessagesFormat().writeReply(
            Reply(events),
            as: ReplyIdentity(id: "i", created: 0, model: "m")
        )
        let read = Reply(try AnthropicMessagesFormat().readReply(whole, request: request).events)
        #expect(read.text == #"{"a":"b"}"# && read.toolCalls.isEmpty && read.finish?.meaning == .endTurn)
    }

    @Test("a model that can neither is told in words")
    func inWords() throws {
        let can: JSONValue = ["native_structured_output": false, "forced_tool_choice": false]
        let sent = try Translated(Translated.chat(Self.format(Self.simple)), to: .anthropicMessages, can: can)
        #expect(sent.body["system"]?[0]?["text"]?.string?.hasSuffix(Self.simple.text) == true)
        #expect(sent.warnings == ["response_format;converted"])
        let object = try Translated(
            Translated.chat(["response_format": ["type": "json_object"]]),
            to: .anthropicMessages
        )
        #expect(object.body["system"]?[0]?["text"] == "Answer with one JSON object only.")
        #expect(object.warnings == ["response_format;converted"])
        var more = Self.format(Self.simple).object ?? JSONObject()
        more["tools"] = [["type": "function", "function": ["name": "f"]]]
        let gemini = try Translated(Translated.chat(.object(more)), to: .gemini, can: ["schema_with_tools": false])
        #expect(gemini.config == nil && gemini.warnings == ["response_format;converted"])
        #expect(gemini.body["systemInstruction"]?["parts"]?[0]?["text"]?.string?.hasSuffix(Self.simple.text) == true)
    }
}
