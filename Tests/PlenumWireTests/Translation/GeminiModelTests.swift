import PlenumCore
import PlenumWire
import Testing

/// What models of Google's differ in (wire notes 1.4 and 2.7).
@Suite("A request for a model of Google's")
struct GeminiModelTests {
    static let gemini25: JSONValue = [
        "thinking_levels": false, "media_in_tool_results": false, "schema_with_tools": false,
    ]
    static let pro25: JSONValue = ["thinking_levels": false, "effort_none": false, "effort_xhigh": true]
    static let argon: JSONValue = ["effort_minimal": false]

    private func write(_ more: JSONValue, _ can: JSONValue) throws -> Translated {
        try Translated(Translated.chat(more), to: .gemini, can: can)
    }

    /// An effort, the model, and what it becomes.
    static let efforts: [(String, JSONValue, JSONValue, [String])] = [
        ("none", [:], ["thinkingLevel": "MINIMAL"], []),
        ("none", argon, ["thinkingLevel": "LOW"], ["reasoning.effort;downgraded"]),
        ("minimal", argon, ["thinkingLevel": "LOW"], []), ("minimal", [:], ["thinkingLevel": "MINIMAL"], []),
        ("medium", [:], ["thinkingLevel": "MEDIUM"], []), ("high", [:], ["thinkingLevel": "HIGH"], []),
        ("xhigh", [:], ["thinkingLevel": "HIGH"], ["reasoning.effort;downgraded"]),
        ("xhigh", ["effort_xhigh": true], ["thinkingLevel": "XHIGH"], []),
        ("none", gemini25, ["thinkingBudget": 0], []),
        ("none", pro25, ["thinkingBudget": 128], ["reasoning.effort;downgraded"]),
        ("minimal", gemini25, ["thinkingBudget": 512], []), ("low", gemini25, ["thinkingBudget": 1024], []),
        ("medium", gemini25, ["thinkingBudget": 8192], []), ("high", gemini25, ["thinkingBudget": 24576], []),
        ("xhigh", gemini25, ["thinkingBudget": 24576], []), ("xhigh", pro25, ["thinkingBudget": 32768], []),
    ]

    @Test("has the effort as a level or a budget", arguments: efforts.indices)
    func effort(index: Int) throws {
        let (effort, can, thinking, warnings) = Self.efforts[index]
        let sent = try write(["reasoning_effort": .string(effort)], can)
        #expect(sent.config?["thinkingConfig"] == thinking && sent.warnings == warnings)
    }

    @Test("has a budget of Anthropic's client as the nearest level, or as it is")
    func budget() throws {
        let body: JSONValue = [
            "model": "m", "max_tokens": 9000, "messages": [["role": "user", "content": "x"]],
            "thinking": ["type": "enabled", "budget_tokens": 5000],
        ]
        let new = try Translated(body, from: .anthropicMessages, to: .gemini)
        #expect(new.config?["thinkingConfig"] == ["includeThoughts": true, "thinkingLevel": "MEDIUM"])
        let old = try Translated(body, from: .anthropicMessages, to: .gemini, can: Self.gemini25)
        #expect(old.config?["thinkingConfig"] == ["includeThoughts": true, "thinkingBudget": 5000])
    }

    @Test("loses the sampling that the model refuses, and keeps seed and penalties")
    func sampling() throws {
        let more: JSONValue = ["temperature": 1, "top_p": 1, "top_k": 5, "seed": 3, "presence_penalty": 1]
        let sent = try write(more, ["sampling_params": false])
        #expect(sent.config == ["seed": 3, "presencePenalty": 1])
        #expect(sent.warnings == ["temperature;dropped", "top_p;dropped", "top_k;dropped"])
    }

    @Test("goes on with an answer that it begins")
    func prefill() throws {
        let messages: JSONValue = [["role": "user", "content": "x"], ["role": "assistant", "content": "It is "]]
        let sent = try Translated(Translated.chat(messages: messages), to: .gemini)
        #expect(sent.contents.last == ["role": "model", "parts": [["text": "It is "]]])
    }

    @Test("pitfall 25: Google's signature goes back on its own call, another's is replaced by the word for none")
    func signature() throws {
        func call(_ id: String, _ signature: String?) -> JSONValue {
            var call = JSONObject([
                ("id", .string(id)), ("type", "function"), ("function", ["name": "f", "arguments": "{}"]),
            ])
            if let signature { call["extra_content"] = ["google": ["thought_signature": .string(signature)]] }
            return .object(call)
        }
        for (given, sent) in [("U0lH", "U0lH"), (nil, "skip_thought_signature_validator")] {
            let messages: JSONValue = [
                ["role": "user", "content": "x"],
                ["role": "assistant", "tool_calls": [call("a", given), call("b", nil)]],
                ["role": "tool", "tool_call_id": "a", "content": "1"],
                ["role": "tool", "tool_call_id": "b", "content": "2"],
            ]
            let body = try Translated(Translated.chat(messages: messages), to: .gemini)
            let parts = body.contents[1]["parts"]
            #expect(parts?[0]?["thoughtSignature"]?.string == sent && parts?[1]?["thoughtSignature"] == nil)
        }
    }
}
