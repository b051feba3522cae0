import PlenumCore
import PlenumWire
import Testing

@Suite("A body that is passed through")
struct PassthroughTests {
    private func pass(
        _ body: String,
        _ dialect: Dialect = .openAIChat,
        quirks: Quirks = Quirks()
    ) throws -> String {
        let format = try #require(WireFormats.format(for: dialect))
        let bytes = Array(body.utf8)
        let head = try format.scanRequest(bytes)
        let request = CompletionRequest(
            model: "up",
            tag: ModelID(provider: "p", model: "m"),
            stream: head.stream,
            prompt: .verbatim(head.verbatim(bytes))
        )
        return String(decoding: try format.writeRequest(request, quirks: quirks).body, as: UTF8.self)
    }

    @Test("keeps every byte but the model's name")
    func keepsBytes() throws {
        let odd =
            #" {"x":1e3, "y" : 1.0,"id":12345678901234567890,"s":"a\/b\u00e9","s":2,"# + "\t"
            + #""model" : "NAME","messages":[ ] } "#
        #expect(try pass(odd.replacing("NAME", with: "client")) == odd.replacing("NAME", with: "up"))
        #expect(try pass(odd.replacing("NAME", with: "up")) == odd.replacing("NAME", with: "up"))
        let anthropic = #"{"model":"NAME","max_tokens":5,"cache_control":{"type":"ephemeral"},"stream":true}"#
        let passed = try pass(anthropic.replacing("NAME", with: #"a\"b"#), .anthropicMessages)
        #expect(passed == anthropic.replacing("NAME", with: "up"))
        let gemini = #"{ "contents": [ ] , "generationConfig":{"temperature":1.0}}"#
        #expect(try pass(gemini, .gemini) == gemini)
    }

    @Test(
        "loses the gateway's own members and stays JSON, wherever they stand",
        arguments: [
            (#"{"conversation":"c","model":"m"}"#, #"{"model":"up"}"#),
            (#"{"model":"m","conversation":"c"}"#, #"{"model":"up"}"#),
            (#"{"model":"m", "parent":"p" , "models":["a"]}"#, #"{"model":"up"}"#),
            (#"{"a":1,"provider":{"x":[1,2]},"b":2,"model":"m"}"#, #"{"a":1,"b":2,"model":"up"}"#),
            (#"{"model":"first","model":"m"}"#, #"{"model":"up"}"#),
            (#"{"a":1, "plugins":[] ,"conversation":{"id":"c"}, "model":"m","route":"x"}"#, #"{"a":1,"model":"up"}"#),
        ]
    )
    func losesOwnMembers(body: String, expected: String) throws {
        let passed = try pass(body)
        #expect(passed.filter { $0 != " " } == expected)
        _ = try JSONValue(parsing: passed)
    }

    @Test(
        "asks for usage in a stream",
        arguments: [
            (
                #"{"model":"up","stream":true}"#,
                #"{"stream_options":{"include_usage":true},"model":"up","stream":true}"#
            ),
            (
                #"{"model":"up","stream":true,"stream_options":{"include_usage":true}}"#,
                #"{"model":"up","stream":true,"stream_options":{"include_usage":true}}"#
            ),
            (
                #"{"model":"up","stream":true,"stream_options":{"include_usage" : false,"x":1}}"#,
                #"{"model":"up","stream":true,"stream_options":{"include_usage" : true,"x":1}}"#
            ),
            (
                #"{"model":"up","stream":true,"stream_options":{"x":1}}"#,
                #"{"model":"up","stream":true,"stream_options":{"include_usage":true,"x":1}}"#
            ),
            (
                #"{"model":"up","stream":true,"stream_options":null}"#,
                #"{"model":"up","stream":true,"stream_options":{"include_usage":true}}"#
            ),
            (#"{"model":"up","stream":false}"#, #"{"model":"up","stream":false}"#),
        ]
    )
    func asksForUsage(body: String, expected: String) throws {
        #expect(try pass(body) == expected)
    }

    @Test("is given a model's name where it has but a list of them, which is the gateway's")
    func namesModel() throws {
        let body = #"{"models":["a","b"],"messages":[],"stream":true}"#
        let passed = try JSONValue(parsing: try pass(body))
        #expect(passed["model"] == "up" && passed["models"] == nil && passed["messages"] == [])
        #expect(passed["stream_options"]?["include_usage"] == true)
        #expect(try pass(#"{"models":["a"]}"#) == #"{"model":"up"}"#)
        #expect(try pass(#"{ "messages":[] }"#) == #"{"model":"up", "messages":[] }"#)
    }

    @Test("bends to a provider's quirks, and an unknown quirk is an error")
    func quirks() throws {
        let known: JSONValue = ["maxTokensField": "max_tokens", "noStreamOptions": true, "dropFields": ["store"]]
        let quirks = try Quirks(json: try #require(known.object))
        let body = #"{"model":"m","stream":true,"stream_options":{},"max_completion_tokens":5,"store":false}"#
        #expect(try pass(body, quirks: quirks) == #"{"model":"up","stream":true,"max_tokens":5}"#)
        let unknown = JSONObject([("maxTokenField", "x")])
        let error = #expect(throws: PlenumError.self) { try Quirks(json: unknown) }
        #expect(error?.parameter == "quirks.maxTokenField")
    }

    @Test("hides the usage chunk from a client that did not ask for it", arguments: [true, false])
    func hidesUsage(isWanted: Bool) throws {
        let choices = #"[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]"#
        let text = "data: {\"id\":\"1\",\"model\":\"x\",\"choices\":\(choices)}\n\n"
        let counts = #"{"prompt_tokens":1,"completion_tokens":2}"#
        let usage = "data: {\"id\":\"1\",\"model\":\"x\",\"choices\":[],\"usage\":\(counts)}\n\n"
        let done = "data: [DONE]\n\n"
        let prompt = VerbatimRequest(dialect: .openAIChat, body: [], modelSpan: nil, wantsUsage: isWanted)
        let tag = ModelID(provider: "p", model: "m")
        let request = CompletionRequest(model: "x", tag: tag, stream: true, prompt: .verbatim(prompt))
        let reader = OpenAIChatFormat().makeReplyReader(for: request)
        let pieces = try Reading.pieces(Array((text + usage + done).utf8), reader, size: 5)
        let bytes = String(decoding: pieces.flatMap { $0.verbatim ?? [] }, as: UTF8.self)
        let whole = text + (isWanted ? usage : "") + done
        #expect(bytes == whole.replacing(#""model":"x""#, with: #""model":"p/m""#))
        #expect(Reply(pieces.flatMap(\.events)).usage?.total == 3)
    }

    @Test("is looked over in one pass")
    func scans() throws {
        let format = OpenAIChatFormat()
        let body =
            #"{"mod\u0065l":"a/b","stream":true,"n":2,"store":false,"models":["a/b","c/d"],"conversation":{"id":"c"}}"#
        let head = try format.scanRequest(Array(body.utf8))
        #expect(head.model == "a/b" && head.stream && head.n == 2 && head.store == false)
        #expect(head.models == ["a/b", "c/d"] && head.conversation == "c" && !head.wantsUsage)
        let error = #expect(throws: PlenumError.self) { try format.scanRequest(Array(#"{"model":5}"#.utf8)) }
        #expect(error?.parameter == "model")
        let fault = #expect(throws: PlenumError.self) { try format.scanRequest(Array(#"{"model":"x",}"#.utf8)) }
        #expect(fault?.message.contains("byte 13") == true)
    }
}
