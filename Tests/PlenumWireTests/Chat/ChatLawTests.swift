import PlenumCore
import PlenumWire
import Testing

@Suite("Laws of Chat")
struct ChatLawTests {
    /// Bodies made at random of all that a client may say, from a seed.
    private struct Maker {
        var random = LawTests.Seeded(state: 11)

        mutating func chance() -> Bool { Bool.random(using: &random) }

        mutating func text() -> JSONValue {
            .string(["a", "Grüße \u{1F600}", "\"\\/\n\t", "{\"a\":1}", "x y"].randomElement(using: &random) ?? "")
        }

        mutating func user() -> JSONValue {
            guard chance() else { return ["role": "user", "content": text()] }
            var parts: [JSONValue] = [["type": "text", "text": text()]]
            parts.append(["type": "image_url", "image_url": ["url": "data:image/png;base64,AA==", "detail": "low"]])
            if chance() { parts.append(["type": "input_audio", "input_audio": ["data": "AA==", "format": "mp3"]]) }
            if chance() { parts.append(["type": "video_url", "video_url": ["url": "https://x/y"]]) }
            if chance() { parts.append(["type": "text", "text": text(), "odd": [1, true, .null]]) }
            return ["role": "user", "name": "n", "content": .array(parts)]
        }

        mutating func exchange(_ number: Int) -> [JSONValue] {
            guard chance() else { return [["role": "assistant", "content": text(), "odd": 1]] }
            let calls: [JSONValue] = [
                [
                    "id": .string("c\(number)"), "type": "function",
                    "function": ["name": "f", "arguments": .string(#"{"a": 1.0}"#)],
                ],
                ["id": .string("d\(number)"), "type": "custom", "custom": ["name": "p", "input": text()]],
            ]
            var results: [JSONValue] = ["c", "d"].map {
                ["role": "tool", "tool_call_id": .string("\($0)\(number)"), "content": text()]
            }
            if chance() { results.reverse() }
            return [["role": "assistant", "content": chance() ? .null : text(), "tool_calls": .array(calls)]] + results
        }

        mutating func body() -> JSONValue {
            var messages: [JSONValue] = []
            if chance() { messages.append(["role": "system", "content": text()]) }
            if chance() { messages.append(["role": "developer", "content": text()]) }
            for number in 0..<Int.random(in: 1...3, using: &random) {
                messages.append(user())
                if chance() { messages.append(["role": "system", "content": text()]) }
                messages += exchange(number)
            }
            messages.append(user())
            var body = JSONObject([("model", "m"), ("messages", .array(messages))])
            let options: [JSONObject.Member] = [
                ("temperature", 1), ("top_p", 1), ("seed", 5), ("presence_penalty", 1), ("frequency_penalty", -1),
                ("max_completion_tokens", 9), ("stop", ["a", "b"]), ("n", 2), ("logprobs", true), ("top_logprobs", 3),
                ("logit_bias", ["1": 2]), ("user", "u"), ("metadata", ["a": "b"]), ("service_tier", "flex"),
                ("store", false), ("verbosity", "low"), ("prompt_cache_key", "k"), ("reasoning_effort", "low"),
                ("prediction", ["type": "content", "content": "x"]), ("x_odd", [["y": .null]]),
                ("response_format", ["type": "json_object"]), ("parallel_tool_calls", false),
                ("tool_choice", ["type": "function", "function": ["name": "f"]]),
            ]
            for (name, value) in options where chance() { body[name] = value }
            let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "number", "minimum": 0]]]
            body["tools"] = [
                [
                    "type": "function",
                    "function": ["name": "f", "description": "d", "parameters": schema, "strict": true],
                ],
                ["type": "custom", "custom": ["name": "p"]],
            ]
            return .object(body)
        }
    }

    @Test("what a client says comes out of reader and writer as it went in, and without a warning")
    func sameTree() throws {
        var maker = Maker()
        for round in 0..<300 {
            let body = maker.body()
            let sent = try Chat.send(body.text)
            #expect(RequestTests.differences(sent.body, body) == [], "round \(round)")
            #expect(sent.warnings == [], "round \(round)")
            #expect(try Chat.send(sent.text).text == sent.text, "what was written once stays")
        }
    }

    @Test("a longer history begins with the same bytes", arguments: ["", "mistral", "deepseek", "groq", "openrouter"])
    func prefixStable(vendor: String) throws {
        let quirks = vendor.isEmpty ? Quirks() : try Vendors.quirks(vendor)
        var maker = Maker()
        for round in 0..<60 {
            guard let all = maker.body()["messages"]?.array else { continue }
            var earlier: [JSONValue] = []
            for end in all.indices where end + 1 == all.count || all[end + 1]["role"] == "assistant" {
                let body: JSONValue = ["model": "m", "messages": .array(Array(all[...end]))]
                let messages = try Chat.send(body.text, quirks: quirks).messages
                #expect(Array(messages.prefix(earlier.count)) == earlier, "round \(round)")
                earlier = messages
            }
        }
    }

    @Test("a reply is the same in whatever pieces it comes, and whatever is called how")
    func pieces() {
        var random = LawTests.Seeded(state: 3)
        for _ in 0..<200 {
            let events = LawTests.events(.openAIChat, &random)
            var echo = RequestEcho()
            if Bool.random(using: &random) { echo.freeformTools = ["f"] }
            let identity = ReplyIdentity(id: "id-1", created: 5, model: "m", request: echo)
            var writer = OpenAIChatFormat().makeReplyWriter(as: identity)
            let bytes = writer.write(events)
            let outcomes = [1, 2, 5, Int.max].map {
                Reading.outcome(bytes, OpenAIChatFormat().makeReplyReader(for: Reading.streamed), size: $0)
            }
            #expect(outcomes.allSatisfy { $0 == outcomes[0] } && outcomes[0].error == nil)
        }
    }

    @Test("whatever a client sends, what a server with quirks gets is JSON, or the client is told its mistake")
    func hostile() throws {
        var kinds = Array(Quirks.servers.values)
        for vendor in ["groq", "mistral", "deepseek", "xai", "openrouter"] { kinds.append(try Vendors.quirks(vendor)) }
        var strange = Quirks.vllm
        strange.stringContentOnly = true
        strange.idLength = 40
        strange.noSchema = true
        kinds.append(strange)
        var (maker, random) = (Maker(), LawTests.Seeded(state: 5))
        let words = ["null", "-1", "[]", "{}", "\"\"", "\"x\"", "true", "\"custom\"", "\"assistant\"", "\"system\""]
        var sent = 0
        for _ in 0..<1000 {
            // A value is put in the place of another: about a quarter of what comes of it can be sent on.
            var pieces = maker.body().text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            let at = Int.random(in: 1..<pieces.count, using: &random)
            let rest = pieces[at].firstIndex(of: ",").map { pieces[at][$0...] } ?? pieces[at][...]
            pieces[at] = (words.randomElement(using: &random) ?? "") + rest
            let body = pieces.joined(separator: ":")
            let quirks = try #require(kinds.randomElement(using: &random))
            for send in [Chat.pass, { try Chat.send($0, quirks: $1) }] {
                do {
                    _ = try send(body, quirks)
                    sent += 1
                } catch let error as PlenumError {
                    #expect([.invalidRequest, .unsupportedParameter].contains(error.code))
                }
            }
        }
        #expect(sent > 300)
        for quirks in kinds {
            #expect(throws: PlenumError.self) { try Chat.pass("{ }", quirks: quirks) }
            _ = try Chat.pass(#"{"models":["a"],"messages":[]}"#, quirks: quirks)
        }
    }
}
