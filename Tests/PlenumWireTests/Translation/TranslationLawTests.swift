import PlenumCore
import PlenumWire
import Testing

/// The laws of wire notes 4 for requests to Anthropic and Gemini.
@Suite("Translation keeps its word")
struct TranslationLawTests {
    static let dialects = [Dialect.anthropicMessages, .gemini]

    /// A conversation that has a bit of everything, as rounds: each begins with what the user or a tool says.
    static let rounds: [[JSONValue]] = [
        [
            ["role": "system", "content": "be brief"], ["role": "user", "content": "weather in A and B?"],
            [
                "role": "assistant", "content": "Let me look.",
                "tool_calls": [
                    ["id": "c:1", "type": "function", "function": ["name": "get.w", "arguments": "{\"city\":\"A\"}"]],
                    ["id": "c:2", "type": "function", "function": ["name": "get.w", "arguments": "[1]"]],
                ],
            ],
        ],
        [
            ["role": "tool", "tool_call_id": "c:2", "content": "rain"],
            ["role": "tool", "tool_call_id": "c:1", "content": "sun"],
            ["role": "assistant", "content": "Sun and rain."],
        ],
        [
            ["role": "system", "content": "answer in German"], ["role": "user", "content": "so?"],
            ["role": "user", "content": ""], ["role": "assistant", "content": "Schirm."],
        ],
        [
            [
                "role": "user",
                "content": [["type": "image_url", "image_url": ["url": "data:image/png;base64,iVBORw0KGgo="]]],
            ],
            ["role": "assistant", "content": "", "reasoning_content": "hm"],
        ],
        [
            ["role": "user", "content": "  "],
            [
                "role": "assistant",
                "tool_calls": [["id": "d", "type": "function", "function": ["name": "f", "arguments": "{\"x\":"]]],
            ],
        ],
        [["role": "user", "content": "never mind"], ["role": "assistant", "content": "Fine."]],
        [["role": "tool", "tool_call_id": "gone", "content": "late"], ["role": "user", "content": "bye"]],
    ]

    /// What is asked after so many rounds: the answer to the last of them is still to come.
    private static func ask(after count: Int, _ more: JSONValue = [:]) -> JSONValue {
        var messages = rounds.prefix(count).flatMap { $0 }
        while messages.last?["role"] == "assistant" { messages.removeLast() }
        return Translated.chat(more, messages: .array(messages))
    }

    @Test("pitfall 5: a longer conversation begins with the same bytes", arguments: dialects, [true, false])
    func prefix(dialect: Dialect, takesSystem: Bool) throws {
        let can: JSONValue = ["mid_conversation_system": .bool(takesSystem)]
        var before: [UInt8] = []
        for count in 1...Self.rounds.count {
            let sent = try Translated(Self.ask(after: count), to: dialect, can: can)
            let bytes = JSONValue.array(dialect == .gemini ? sent.contents : sent.messages).bytes
            #expect(bytes.starts(with: before.dropLast()), "round \(count)")
            #expect(bytes.count >= before.count)
            before = bytes
        }
    }

    @Test("pitfall 5: the same in both, whatever stands in a conversation", arguments: dialects)
    func randomPrefix(dialect: Dialect) throws {
        var random = LawTests.Seeded(state: 7)
        for _ in 0..<200 {
            var messages: [JSONValue] = []
            var before: [UInt8] = []
            let can: JSONValue = ["mid_conversation_system": .bool(Bool.random(using: &random))]
            for round in 0..<6 {
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    messages.append(Self.utterance(round, &random))
                }
                if messages.allSatisfy({ $0["role"] == "system" }) {
                    messages.append(["role": "user", "content": "x"])
                }
                let sent = try Translated(Translated.chat(messages: .array(messages)), to: dialect, can: can)
                let bytes = JSONValue.array(dialect == .gemini ? sent.contents : sent.messages).bytes
                #expect(bytes.starts(with: before.dropLast()))
                before = bytes
                messages.append(Self.answer(round, &random))
            }
        }
    }

    private static func utterance(_ round: Int, _ random: inout LawTests.Seeded) -> JSONValue {
        switch Int.random(in: 0...3, using: &random) {
        case 0: ["role": "user", "content": .string(["a", "", " "].randomElement(using: &random) ?? "")]
        case 1: ["role": "system", "content": .string("note \(round)")]
        case 2: ["role": "tool", "tool_call_id": .string("c\(Int.random(in: 0...6, using: &random))"), "content": "r"]
        default: ["role": "user", "content": [["type": "text", "text": " "], ["type": "text", "text": "b"]]]
        }
    }

    private static func answer(_ round: Int, _ random: inout LawTests.Seeded) -> JSONValue {
        guard Bool.random(using: &random) else { return ["role": "assistant", "content": "answer"] }
        return [
            "role": "assistant", "content": .null,
            "tool_calls": [
                ["id": .string("c\(round)"), "type": "function", "function": ["name": "f", "arguments": "{}"]]
            ],
        ]
    }

    @Test("one request is always written in the same bytes", arguments: dialects)
    func same(dialect: Dialect) throws {
        let body = Self.ask(after: Self.rounds.count, ["reasoning_effort": "high", "seed": 1])
        #expect(try Translated(body, to: dialect).body.bytes == Translated(body, to: dialect).body.bytes)
    }

    // MARK: There and back

    /// A canonical request, with what is the dialects' own affair made alike: whose turn results are, and thoughts, which
    /// only their maker reads.
    private static func facts(_ chat: ChatRequest) -> [String: String] {
        var facts: [String: String] = [:]
        let sampling: [(String, JSONNumber?)] = [
            ("temperature", chat.sampling.temperature), ("top_p", chat.sampling.topP), ("top_k", chat.sampling.topK),
            ("presence_penalty", chat.sampling.presencePenalty), ("frequency_penalty", chat.sampling.frequencyPenalty),
            ("seed", chat.sampling.seed),
        ]
        for (name, value) in sampling { facts[name] = value?.text }
        facts["system"] = chat.instructions.isEmpty ? nil : chat.instructions.map(\.text).joined(separator: "|")
        facts["stop"] = chat.stop.isEmpty ? nil : chat.stop.joined(separator: "|")
        facts["max_tokens"] = chat.maxOutputTokens.map { "\($0)" }
        facts["tools"] =
            chat.tools.isEmpty ? nil : chat.tools.map { "\($0.name) \($0.description ?? "")" }.joined(separator: "|")
        facts["tools.parameters"] =
            chat.tools.isEmpty ? nil : chat.tools.map { $0.schema?["properties"]?.text ?? "{}" }.joined(separator: "|")
        facts["tools.strict"] = chat.tools.contains { $0.strict == true } ? "true" : nil
        facts["tool_choice"] = chat.toolChoice.map { "\($0)" }
        facts["parallel_tool_calls"] = chat.parallelTools == false ? "false" : nil
        facts["response_format"] = chat.output.map { output in
            // The schema's own name is for logs, and only OpenAI has one.
            if case .jsonSchema(_, let schema, _, _) = output { schema.text } else { "object" }
        }
        facts["reasoning.effort"] = chat.reasoning?.effort
        facts["messages"] = chat.turns.flatMap(\.parts).compactMap(Self.fact).joined(separator: "|")
        facts["messages.name"] = chat.turns.first { $0.name != nil }?.name
        return facts
    }

    private static func fact(_ part: ContentPart) -> String? {
        switch part {
        case .text(let text), .refusal(let text): text.isEmpty ? nil : text
        case .toolCall(let call): "call \(call.name) \(call.argumentsAsWritten)"
        case .toolResult(let result): "result \(result.text)"
        case .image(let media): "image \(media.source)"
        default: nil
        }
    }

    /// Bodies that each say something of their own.
    static let bodies: [JSONValue] = {
        let user: JSONValue = [["role": "user", "content": "x"]]
        let schema: JSONValue = [
            "type": "object", "properties": ["a": ["type": "integer", "minimum": 1]], "required": ["a"],
            "additionalProperties": false,
        ]
        let tool: JSONValue = [
            "type": "function", "function": ["name": "f", "description": "d", "parameters": schema, "strict": true],
        ]
        let loose: JSONValue = ["type": "function", "function": ["name": "g", "parameters": schema]]
        let members: [JSONValue] = [
            ["temperature": .literal("0.70")], ["temperature": .literal("1.9")], ["top_p": .literal("0.5")],
            ["temperature": 1, "top_p": .literal("0.5")], ["top_k": 4], ["seed": 9], ["presence_penalty": 1],
            ["frequency_penalty": -1], ["stop": ["a", "b"]], ["stop": ["1", "2", "3", "4", "5", "6"]],
            ["max_tokens": 77], ["tools": [tool]], ["tools": [loose], "tool_choice": "required"],
            ["tools": [loose], "tool_choice": "none"], ["tools": [loose, tool], "parallel_tool_calls": false],
            ["tools": [loose], "tool_choice": ["type": "function", "function": ["name": "g"]]],
            ["response_format": ["type": "json_object"]],
            ["response_format": ["type": "json_schema", "json_schema": ["name": "n", "schema": schema]]],
            ["reasoning_effort": "low"], ["reasoning_effort": "high"], ["reasoning_effort": "xhigh"],
        ]
        let talks: [JSONValue] = [
            [["role": "user", "content": "x", "name": "Ada"]], [["role": "assistant", "content": "a"]],
            [
                ["role": "user", "content": "x"], ["role": "system", "content": "s"], ["role": "user", "content": "y"],
            ],
            [["role": "system", "content": "alone"]], .array(rounds[0] + rounds[1].prefix(2)),
            .array(rounds[5] + rounds[6]), .array(rounds[3].prefix(1).map { $0 }),
        ]
        return members.map { Translated.chat($0, messages: user) } + talks.map { Translated.chat(messages: $0) }
    }()

    /// The warnings that tell of a difference in a fact, beside those that begin with its own name.
    private static let toldBy: [String: [String]] = [
        "tools.parameters": ["tools"], "tools": ["tools"], "system": ["messages", "response_format"],
        "response_format": ["response_format"],
    ]

    @Test(
        "what does not come back was warned of",
        arguments: dialects,
        [JSONValue.object(JSONObject()), AnthropicModelTests.newest]
    )
    func losses(dialect: Dialect, can: JSONValue) throws {
        for chat in Self.bodies {
            for source in [Dialect.openAIChat, .anthropicMessages, .gemini] where source != dialect {
                let body = source == .openAIChat ? chat : try Translated(chat, to: source).body
                let turns = body["messages"]?.array ?? body["contents"]?.array
                let isBegun = ["assistant", "model"].contains(turns?.last?["role"]?.string)
                if dialect == .anthropicMessages, can["assistant_prefill"] == .bool(false), isBegun { continue }
                try compare(body, source, dialect, can)
            }
        }
    }

    private func compare(_ body: JSONValue, _ source: Dialect, _ dialect: Dialect, _ can: JSONValue) throws {
        let there = try Translated(body, from: source, to: dialect, can: can)
        let format = try #require(WireFormats.format(for: dialect))
        let reader = try #require(WireFormats.format(for: source))
        let given = Self.facts(try reader.readRequest(body.bytes).chat)
        // What goes by another name there is told back with each reply.
        let found = Self.facts(try format.readRequest(there.body.bytes).chat).mapValues { text in
            there.toolNames.reduce(text) { $0.replacing($1.key, with: $1.value) }
        }
        for (name, value) in given where found[name] != value {
            let tellers = [name] + (Self.toldBy[name] ?? [])
            let isTold = there.warnings.contains { warning in tellers.contains { warning.hasPrefix($0) } }
            #expect(isTold, "\(source) \(dialect) \(name): \(value), not \(found[name] ?? "none"); \(there.warnings)")
        }
    }

    // MARK: The same dialect

    /// Bodies in the dialects' own words.
    static let own: [(Dialect, String)] = [
        (
            .anthropicMessages,
            #"{"model":"up","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"#
                + #""messages":[{"role":"user","content":[{"type":"text","text":"a","citations":[]}]},"#
                + #"{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"S"},{"type":"redacted_thinking","data":"D"},"#
                + #"{"type":"server_tool_use","id":"s1","name":"web_search","input":{"q":1.0}},{"type":"tool_use","id":"c","name":"f","input":{"n":12345678901234567890}}]},"#
                + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"r"},{"type":"image","source":{"type":"url","url":"https://x/y.png"}}],"is_error":false},"#
                + #"{"type":"image","source":{"type":"file","file_id":"f1"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"},"title":"t","context":"c"}]},"#
                + #"{"role":"system","content":[{"type":"text","text":"now"}]}],"#
                + #""top_k":5,"stop_sequences":["x"],"metadata":{"user_id":"u"},"#
                + #""tools":[{"name":"f","input_schema":{"type":"object","additionalProperties":true},"strict":true,"defer_loading":true},{"type":"web_search_20250305","name":"web_search"}],"#
                + #""tool_choice":{"type":"auto","disable_parallel_tool_use":false},"thinking":{"type":"enabled","budget_tokens":1024},"#
                + #""output_config":{"effort":"max","format":{"type":"json_schema","schema":{"type":"object","minProperties":1}}},"speed":"fast","unheard_of":{"a":[1e3]}}"#
        ),
        (
            .gemini,
            #"{"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"image/jpg","data":"iVBORw0"}},{"fileData":{"fileUri":"gs://b/c"},"videoMetadata":{"fps":1.0}}]},"#
                + #"{"role":"model","parts":[{"text":"t","thought":true,"thoughtSignature":"UzE="},{"functionCall":{"name":"f","args":{"n":1.0}},"thoughtSignature":"UzI="},{"executableCode":{"code":"1"}}]},"#
                + #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"any":[1]}}}]}],"#
                + #""tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"properties":{"a":{}}},"behavior":"BLOCKING"}]},{"googleSearch":{}}],"#
                + #""toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]},"retrievalConfig":{}},"safetySettings":[{"category":"c"}],"#
                + #""generationConfig":{"temperature":1.50,"topK":3,"stopSequences":["1","2"],"responseModalities":["AUDIO"],"thinkingConfig":{"thinkingLevel":"HIGH"}},"cachedContent":"c/1","labels":{"a":"b"}}"#
        ),
    ]

    @Test("a body of its own dialect is written as the same tree, and nothing is warned of", arguments: own)
    func sameTree(dialect: Dialect, text: String) throws {
        let body = try JSONValue(parsing: text)
        let format = try #require(WireFormats.format(for: dialect))
        var request = Translated.request(body, from: dialect, fields: ClientFields(dialect))
        request.prompt = .chat(try format.readRequest(body.bytes).chat)
        let wire = try format.writeRequest(request, quirks: Quirks())
        #expect(RequestTests.differences(try JSONValue(parsing: wire.body), body) == [])
        #expect(wire.warnings.isEmpty)
    }
}

extension ToolCall {
    /// The arguments with the white space of nobody, so that texts compare.
    fileprivate var argumentsAsWritten: String { (try? JSONValue(parsing: arguments))?.text ?? arguments }
}
