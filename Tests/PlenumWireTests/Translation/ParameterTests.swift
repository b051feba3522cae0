import PlenumCore
import PlenumWire
import Testing

/// Parameters that not every dialect has (wire notes 2.6).
@Suite("Parameters on their way")
struct ParameterTests {
    /// Members of a Chat body, and what Anthropic and Gemini are warned of.
    static let dropped: [(JSONValue, [String], [String])] = [
        (["seed": 7], ["seed;dropped"], []), (["presence_penalty": 1], ["presence_penalty;dropped"], []),
        (["presence_penalty": 0], [], []), (["frequency_penalty": 1], ["frequency_penalty;dropped"], []),
        (["logit_bias": ["1": 2]], ["logit_bias;dropped"], ["logit_bias;dropped"]), (["logit_bias": [:]], [], []),
        (["verbosity": "low"], ["verbosity;dropped"], ["verbosity;dropped"]),
        (["metadata": ["a": "b"]], ["metadata;dropped"], ["metadata;dropped"]),
        (["service_tier": "scale"], ["service_tier;dropped"], ["service_tier;dropped"]),
        (["prompt_cache_key": "k", "safety_identifier": "u", "store": true], [], []),
        (["modalities": ["text"], "stream_options": ["include_usage": true]], [], []),
        (["frobnicate": 1], ["frobnicate;dropped"], ["frobnicate;dropped"]),
        (["a\r\nb: c": 1], ["a__b__c;dropped"], ["a__b__c;dropped"]), (["frobnicate": .null], [], []),
        (["stop": ["a", " "]], ["stop;dropped"], []),
        (["stop": ["a", "b", "c", "d", "e", "f"]], [], ["stop;dropped"]),
        (["temperature": 1, "top_p": 1], ["top_p;dropped"], []),
    ]

    @Test("what cannot be said is dropped with a warning, what loses nothing without", arguments: dropped.indices)
    func drops(index: Int) throws {
        let (more, anthropic, gemini) = Self.dropped[index]
        let first = try Translated(Translated.chat(more), to: .anthropicMessages)
        #expect(first.warnings == anthropic)
        let second = try Translated(Translated.chat(more), to: .gemini)
        #expect(second.warnings == gemini)
    }

    @Test("pitfall 36: nothing of another dialect is sent that the provider does not know")
    func unknown() throws {
        let more: JSONValue = ["frobnicate": 1, "logit_bias": ["1": 2], "prompt_cache_key": "k", "verbosity": "low"]
        let anthropic = try Translated(Translated.chat(more), to: .anthropicMessages)
        #expect(anthropic.body.object?.members.map(\.key) == ["model", "max_tokens", "messages"])
        let gemini = try Translated(Translated.chat(more), to: .gemini)
        #expect(gemini.body.object?.members.map(\.key) == ["contents"])
        let own: JSONValue = [
            "model": "m", "max_tokens": 9, "messages": [["role": "user", "content": "x"]],
            "context_management": ["edits": [["type": "x"]]], "speed": "fast", "metadata": ["user_id": "u"],
        ]
        let over = try Translated(own, from: .anthropicMessages, to: .gemini)
        #expect(over.body.object?.members.map(\.key) == ["contents", "generationConfig"])
        #expect(over.warnings == ["context_management;dropped", "speed;dropped"])
    }

    @Test("a body of thousands of unknown names is told in few words")
    func flood() throws {
        var more = JSONObject()
        for index in 0..<5000 { more["x\(index)"] = 1 }
        let sent = try Translated(Translated.chat(.object(more)), to: .gemini)
        #expect(sent.warnings.count == 33 && sent.warnings.last == "others;dropped")
        more["max_tokens"] = 99
        let anthropic = Translated.chat(.object(more))
        for dialect in [Dialect.openAIChat, .openAIResponses] {
            let sent = try Translated(anthropic, from: .anthropicMessages, to: dialect)
            #expect(sent.warnings.count == 33 && sent.warnings.last == "others;dropped")
        }
    }

    /// Members without which the answer would be another one.
    static let refused: [(JSONValue, String)] = [
        (["n": 2], "n"), (["logprobs": true], "logprobs"), (["prediction": ["type": "content"]], "prediction"),
        (["audio": ["voice": "a"]], "audio"), (["modalities": ["text", "audio"]], "modalities"),
        (["previous_response_id": "r"], "previous_response_id"), (["background": true], "background"),
    ]

    @Test("what would give another answer is refused", arguments: refused)
    func refuses(more: JSONValue, field: String) {
        for dialect in [Dialect.anthropicMessages, .gemini] {
            let refusal = Translated.refusal(Translated.chat(more), to: dialect)
            #expect(refusal?.code == .unsupportedParameter && refusal?.parameter == field)
        }
    }

    @Test(
        "what Gemini alone can do is refused elsewhere",
        arguments: [
            "responseLogprobs": JSONValue.bool(true), "responseModalities": ["AUDIO"], "speechConfig": ["a": 1],
            "candidateCount": 2, "responseMimeType": "text/x.enum",
        ]
    )
    func geminiAlone(name: String, value: JSONValue) {
        let config = JSONValue.object(JSONObject([(name, value)]))
        let body: JSONValue = ["contents": [["parts": [["text": "x"]]]], "generationConfig": config]
        #expect(Translated.refusal(body, from: .gemini, to: .anthropicMessages)?.parameter == name)
        let cached: JSONValue = ["contents": [["parts": [["text": "x"]]]], "cachedContent": "c/1"]
        #expect(Translated.refusal(cached, from: .gemini, to: .anthropicMessages)?.parameter == "cachedContent")
    }

    @Test("the end user is told to Anthropic by any of their names")
    func user() throws {
        for name in ["user", "safety_identifier"] {
            let more = JSONValue.object(JSONObject([(name, "u1")]))
            let sent = try Translated(Translated.chat(more), to: .anthropicMessages)
            #expect(sent.body["metadata"] == ["user_id": "u1"] && sent.warnings.isEmpty)
        }
    }

    /// A tier of OpenAI's, Anthropic's and Google's.
    static let tiers: [(String, String?, String?)] = [
        ("auto", "auto", nil), ("default", "standard_only", "standard"), ("flex", "standard_only", "flex"),
        ("priority", "auto", "priority"),
    ]

    @Test("the service tier goes over", arguments: tiers)
    func tier(word: String, anthropic: String?, gemini: String?) throws {
        let given = Translated.chat(["service_tier": .string(word)])
        #expect(try Translated(given, to: .anthropicMessages).body["service_tier"]?.string == anthropic)
        #expect(try Translated(given, to: .gemini).body["serviceTier"]?.string == gemini)
        #expect(try Translated(given, to: .openAIResponses).body["service_tier"]?.string == word)
    }

    @Test("marks for the cache go over with their time, four at most, no long one behind a short one")
    func marks() throws {
        func part(_ text: String, _ ttl: String?) -> JSONValue {
            guard let ttl else { return ["type": "text", "text": .string(text)] }
            return [
                "type": "text", "text": .string(text),
                "prompt_cache_breakpoint": ["mode": "explicit", "ttl": .string(ttl)],
            ]
        }
        let messages: JSONValue = [
            ["role": "system", "content": [part("s", "12h")]],
            ["role": "user", "content": [part("a", "30m"), part("b", nil), part("c", "12h")]],
        ]
        let sent = try Translated(Translated.chat(messages: messages), to: .anthropicMessages)
        #expect(sent.body["system"]?[0]?["cache_control"] == ["type": "ephemeral", "ttl": "1h"])
        let content = sent.messages[0]["content"]
        #expect(content?[0]?["cache_control"] == ["type": "ephemeral"] && content?[1]?["cache_control"] == nil)
        #expect(content?[2]?["cache_control"] == ["type": "ephemeral"] && sent.warnings.isEmpty)
        let many: JSONValue = [
            ["role": "user", "content": .array((0..<6).map { part("\($0)", "30m") })]
        ]
        let few = try Translated(Translated.chat(messages: many), to: .anthropicMessages)
        let marked = few.messages[0]["content"]?.array?.map { $0["cache_control"] != nil }
        #expect(marked == [false, false, true, true, true, true])
    }

    @Test("Gemini's members are known in either spelling")
    func snake() throws {
        let body: JSONValue = [
            "contents": [["parts": [["text": "x"]]]], "safety_settings": [["category": "c"]],
            "generation_config": ["response_modalities": ["TEXT"], "media_resolution": "LOW"],
        ]
        let sent = try Translated(body, from: .gemini, to: .anthropicMessages)
        #expect(sent.warnings == ["safety_settings;dropped", "media_resolution;dropped"])
    }
}
