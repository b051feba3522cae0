import PlenumCore
import PlenumWire
import Testing

/// What models of Anthropic's differ in (wire notes 0, 2.6 and 2.7).
@Suite("A request for a model of Anthropic's")
struct AnthropicModelTests {
    static let newest: JSONValue = [
        "sampling_params": false, "forced_tool_choice": false, "assistant_prefill": false, "thinking_always_on": true,
        "adaptive_thinking": true, "mid_conversation_system": true, "native_structured_output": true,
        "effort_xhigh": true, "effort_max": true,
    ]
    static let opus46: JSONValue = [
        "assistant_prefill": false, "adaptive_thinking": true, "native_structured_output": true, "effort_max": true,
    ]
    static let legacy: JSONValue = [
        "assistant_prefill": true, "adaptive_thinking": false, "native_structured_output": true,
    ]
    static let tool: JSONValue = [["type": "function", "function": ["name": "f", "parameters": ["type": "object"]]]]

    private func write(_ more: JSONValue, _ can: JSONValue, outputLimit: Int? = nil) throws -> Translated {
        try Translated(Translated.chat(more), to: .anthropicMessages, can: can, outputLimit: outputLimit)
    }

    @Test("loses the sampling that the model refuses, and says so")
    func sampling() throws {
        let more: JSONValue = ["temperature": .literal("0.5"), "top_p": .literal("0.9"), "top_k": 5]
        let new = try write(more, Self.newest)
        #expect(new.body["temperature"] == nil && new.body["top_p"] == nil && new.body["top_k"] == nil)
        #expect(new.warnings == ["temperature;dropped", "top_p;dropped", "top_k;dropped"])
        let old = try write(more, Self.legacy)
        #expect(old.body["temperature"]?.number?.text == "0.5" && old.body["top_k"] == 5)
        #expect(old.body["top_p"] == nil && old.warnings == ["top_p;dropped"])
    }

    @Test("has a temperature of 1 at most")
    func hot() throws {
        let hot = try write(["temperature": .literal("1.7")], [:])
        #expect(hot.body["temperature"] == 1 && hot.warnings == ["temperature;downgraded"])
        let one = try write(["temperature": .literal("1.0")], [:])
        #expect(one.body["temperature"]?.number?.text == "1.0" && one.warnings.isEmpty)
    }

    @Test("has no sampling in the version of October 2026")
    func version() throws {
        let body: JSONValue = [
            "model": "m", "max_tokens": 9, "temperature": 1, "messages": [["role": "user", "content": "x"]],
        ]
        for (version, isTaken) in [("2023-06-01", true), ("2026-10-21", false)] {
            let fields = ClientFields(.anthropicMessages, [.init("anthropic-version", version)])
            var request = Translated.request(body, from: .anthropicMessages, fields: fields)
            let format = AnthropicMessagesFormat()
            request.prompt = .chat(try format.readRequest(body.bytes).chat)
            let wire = try format.writeRequest(request, quirks: Quirks())
            #expect((try JSONValue(parsing: wire.body)["temperature"] != nil) == isTaken)
            #expect(wire.warnings.isEmpty == isTaken)
            #expect(wire.headers.first { $0.name == "anthropic-version" }?.value == version)
        }
    }

    @Test("has the usual temperature alone while it thinks within a budget")
    func temperatureOfThoughts() throws {
        for (temperature, isKept) in [("1", true), ("0.2", false)] {
            let sent = try write(["temperature": .literal(temperature), "reasoning_effort": "low"], Self.legacy)
            #expect((sent.body["temperature"] != nil) == isKept)
            #expect(sent.warnings == (isKept ? [] : ["temperature;dropped"]))
        }
    }

    @Test("is not made to call a tool where the model cannot be, nor while it thinks within a budget")
    func forced() throws {
        let more: JSONValue = ["tools": Self.tool, "tool_choice": "required"]
        #expect(try write(more, Self.opus46).body["tool_choice"] == ["type": "any"])
        let new = try write(more, Self.newest)
        #expect(new.body["tool_choice"] == ["type": "auto"] && new.warnings == ["tool_choice;downgraded"])
        let named: JSONValue = [
            "tools": Self.tool, "tool_choice": ["type": "function", "function": ["name": "f"]],
            "reasoning_effort": "low",
        ]
        let old = try write(named, Self.legacy)
        #expect(old.body["tool_choice"] == ["type": "auto"] && old.warnings == ["tool_choice;downgraded"])
        #expect(old.body["thinking"]?["type"] == "enabled")
    }

    /// An effort, the model, and what becomes of it: thinking, effort, warnings.
    static let efforts: [(String, JSONValue, JSONValue?, String?, [String])] = [
        ("none", newest, nil, "low", ["reasoning.effort;downgraded"]),
        ("minimal", newest, ["type": "adaptive"], "low", []),
        ("medium", newest, ["type": "adaptive"], "medium", []),
        ("xhigh", newest, ["type": "adaptive"], "xhigh", []),
        ("none", opus46, ["type": "disabled"], nil, []),
        ("xhigh", opus46, ["type": "adaptive"], "high", ["reasoning.effort;downgraded"]),
        ("max", opus46, ["type": "adaptive"], "max", []),
        ("none", legacy, nil, nil, []),
        ("minimal", legacy, ["type": "enabled", "budget_tokens": 1024], nil, []),
        ("low", legacy, ["type": "enabled", "budget_tokens": 1024], nil, []),
        ("medium", legacy, ["type": "enabled", "budget_tokens": 8192], nil, []),
        ("high", legacy, ["type": "enabled", "budget_tokens": 16384], nil, []),
        ("xhigh", legacy, ["type": "enabled", "budget_tokens": 24576], nil, []),
        ("none", [:], ["type": "disabled"], nil, []),
        ("max", [:], ["type": "adaptive"], "max", []),
    ]

    @Test("has the effort in the words of the model", arguments: efforts.indices)
    func effort(index: Int) throws {
        let (effort, can, thinking, word, warnings) = Self.efforts[index]
        let sent = try write(["reasoning_effort": .string(effort)], can, outputLimit: 64000)
        #expect(sent.body["thinking"] == thinking)
        #expect(sent.body["output_config"]?["effort"]?.string == word)
        #expect(sent.warnings == warnings)
        if let budget = thinking?["budget_tokens"]?.int { #expect(sent.body["max_tokens"]?.int ?? 0 > budget) }
    }

    @Test("has a budget from another client as the nearest effort, or as it is where the model goes by budgets")
    func budgets() throws {
        for (budget, word) in [(500, "low"), (2048, "low"), (8000, "medium"), (20000, "high"), (40000, "xhigh")] {
            let body: JSONValue = [
                "contents": [["role": "user", "parts": [["text": "x"]]]],
                "generationConfig": ["thinkingConfig": ["thinkingBudget": .literal("\(budget)")]],
            ]
            let sent = try Translated(body, from: .gemini, to: .anthropicMessages, can: Self.newest)
            #expect(sent.body["output_config"]?["effort"]?.string == word)
            let old = try Translated(body, from: .gemini, to: .anthropicMessages, can: Self.legacy, outputLimit: 64000)
            #expect(old.body["thinking"]?["budget_tokens"]?.int == max(1024, budget))
            #expect(old.body["max_tokens"]?.int ?? 0 > max(1024, budget))
        }
    }

    @Test("never lets the budget reach the limit on tokens")
    func budgetUnderLimit() throws {
        let more: JSONValue = ["reasoning_effort": "high", "max_tokens": 1000]
        let raised = try write(more, Self.legacy, outputLimit: 64000)
        #expect(raised.body["max_tokens"] == 17384 && raised.warnings.isEmpty)
        let lowered = try write(more, Self.legacy, outputLimit: 8000)
        #expect(lowered.body["max_tokens"] == 8000 && lowered.body["thinking"]?["budget_tokens"] == 7999)
        #expect(lowered.warnings == ["reasoning.budget;downgraded"])
        let none = try write(more, Self.legacy, outputLimit: 1000)
        #expect(none.body["thinking"] == nil && none.body["max_tokens"] == 1000)
        #expect(none.warnings == ["reasoning;dropped"])
    }

    @Test("shows thoughts to a client that shows them")
    func display() throws {
        let shown = try write(["reasoning": ["effort": "high"]], Self.newest)
        #expect(shown.body["thinking"] == ["type": "adaptive", "display": "summarized"])
        let plain = try write(["reasoning_effort": "high"], Self.newest)
        #expect(plain.body["thinking"] == ["type": "adaptive"])
    }

    @Test("does not ask for thoughts in a tool loop whose thoughts are lost")
    func lostThoughts() throws {
        let messages: JSONValue = [
            ["role": "user", "content": "x"],
            [
                "role": "assistant",
                "tool_calls": [["id": "c", "type": "function", "function": ["name": "f", "arguments": "{}"]]],
            ],
            ["role": "tool", "tool_call_id": "c", "content": "1"],
        ]
        let body = Translated.chat(["reasoning_effort": "high", "tools": Self.tool], messages: messages)
        let old = try Translated(body, to: .anthropicMessages, can: Self.legacy)
        #expect(old.body["thinking"] == nil && old.warnings == ["reasoning;dropped"])
        let new = try Translated(body, to: .anthropicMessages, can: Self.newest)
        #expect(new.body["thinking"]?["type"] == "adaptive" && new.warnings.isEmpty)
    }

    @Test("goes on with an answer that it begins, or is refused")
    func prefill() throws {
        let messages: JSONValue = [
            ["role": "user", "content": "x"], ["role": "assistant", "content": "It is  \n"],
        ]
        let sent = try Translated(Translated.chat(messages: messages), to: .anthropicMessages, can: Self.legacy)
        #expect(sent.messages.last?["content"]?[0]?["text"] == "It is")
        let refusal = Translated.refusal(Translated.chat(messages: messages), to: .anthropicMessages, can: Self.opus46)
        #expect(refusal?.code == .unsupportedParameter && refusal?.parameter == "messages")
    }

    @Test("has what a client of the dialect says of thoughts made fit for a model that refuses it")
    func ownThinking() throws {
        let body: JSONValue = [
            "model": "m", "max_tokens": 9000, "messages": [["role": "user", "content": "x"]],
            "thinking": ["type": "enabled", "budget_tokens": 5000],
        ]
        let chat = try AnthropicMessagesFormat().readRequest(body.bytes).chat
        var request = Translated.request(body, from: .anthropicMessages, can: Self.newest)
        request.prompt = .chat(chat)
        let new = try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks())
        let sent = try JSONValue(parsing: new.body)
        #expect(sent["thinking"] == ["type": "adaptive", "display": "summarized"])
        #expect(sent["output_config"]?["effort"] == "medium")
        #expect(new.warnings.map(\.description) == ["thinking;converted"])
        request.capabilities = ModelCapabilities(Self.legacy.object ?? JSONObject())
        let old = try AnthropicMessagesFormat().writeRequest(request, quirks: Quirks())
        #expect(try JSONValue(parsing: old.body)["thinking"] == body["thinking"])
    }

    @Test("names a limit where the client names none")
    func defaultLimit() throws {
        for (stream, limit, tokens) in [(false, 64000, 16384), (true, 64000, 32000), (true, 8000, 8000)] {
            let sent = try Translated(
                Translated.chat(),
                to: .anthropicMessages,
                stream: stream,
                outputLimit: limit
            )
            #expect(sent.body["max_tokens"]?.int == tokens)
        }
    }
}
