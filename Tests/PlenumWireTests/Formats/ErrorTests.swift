import PlenumCore
import PlenumWire
import Testing

@Suite("Errors")
struct ErrorTests {
    private func read(_ status: Int, _ body: String, _ headers: [String: String] = [:]) -> PlenumError {
        OpenAIChatFormat().readError(status: status, header: { headers[$0] }, body: Array(body.utf8), provider: "p")
    }

    @Test(
        "of every shape that providers send are understood",
        arguments: [
            (
                429, #"{"error":{"message":"m","type":"x","code":"insufficient_quota"}}"#,
                PlenumError.Code.quotaExhausted
            ),
            (429, #"{"error":{"message":"m","type":"enforced_spend_limit_reached"}}"#, .quotaExhausted),
            (429, #"{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}"#, .rateLimited),
            (400, #"{"error":{"message":"m","code":"context_length_exceeded"}}"#, .contextLength),
            (400, #"{"error":{"type":"x","message":"prompt is too long: 3 tokens > 2 maximum"}}"#, .contextLength),
            (400, #"{"error":{"type":"x","message":"Your credit balance is too low"}}"#, .quotaExhausted),
            (529, #"{"error":{"type":"overloaded_error","message":"m"}}"#, .overloaded),
            (
                503, #"[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]"#,
                .overloaded
            ),
            (503, "", .unavailable), (502, "<html><body>Bad key=abc</body></html>", .unavailable),
            (504, "upstream timed out", .timeout), (401, #"{"detail":"Unauthorized"}"#, .upstreamAuthentication),
            (403, "{}", .upstreamAuthentication), (422, #"{"detail":[{"msg":"field required"}]}"#, .invalidRequest),
            (400, #"{"code":"x","error":"Incorrect API key provided: x"}"#, .upstreamAuthentication),
            (404, #"{"error":"model \"x\" not found"}"#, .notFound), (413, "too big", .tooLarge),
            (302, "", .badUpstream),
            (400, #"{"object":"error","message":{"detail":[1]},"type":"invalid","code":1800}"#, .invalidRequest),
        ]
    )
    func kinds(status: Int, body: String, code: PlenumError.Code) {
        let error = read(status, body)
        #expect(error.code == code)
        #expect(error.message.hasPrefix("[p] "))
        #expect(!error.message.contains("<"))
        #expect(error.upstream?.status == status)
    }

    @Test("never hold a key, and never more than 500 bytes of what was said")
    func redaction() {
        let keys = "sk-proj-AbC_123***xyz AIzaSyD-abc https://x/?key=SECRET&b=1 Bearer tok.en gsk_77"
        let error = read(400, #"{"error":{"message":"\#(keys) \#(String(repeating: "é", count: 1000))"}}"#)
        for secret in ["AbC_123", "xyz", "SyD", "SECRET", "tok.en", "77"] { #expect(!error.message.contains(secret)) }
        #expect(error.message.contains("sk-[redacted]") && error.message.contains("&b=1"))
        #expect(error.message.utf8.count <= 504)
        #expect(!read(500, String(repeating: "key=SECRET ", count: 400)).message.contains("SECRET"))
    }

    @Test(
        "say when to come back in every form",
        arguments: [
            (["retry-after": "59"], "", 59_000), (["retry-after-ms": "1500", "retry-after": "9"], "", 1500),
            (
                ["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"], "",
                30_000
            ),
            ([:], #"{"error":{"message":"x","details":[{"@type":"RetryInfo","retryDelay":"34.07s"}]}}"#, 34_070),
            ([:], #"{"error":{"message":"Please try again in 644ms. Visit"}}"#, 644),
            ([:], #"{"error":{"message":"Please try again in 6m0.2s."}}"#, 360_200),
        ]
    )
    func retryAfter(headers: [String: String], body: String, milliseconds: Int) {
        #expect(read(429, body, headers).retryAfter == .milliseconds(milliseconds))
        #expect(read(400, body, headers).retryAfter == nil)
    }

    @Test("reach the client in the dialect of its door")
    func doors() throws {
        let error = PlenumError(.rateLimited, "slow", retryAfter: .milliseconds(1200))
        for format in WireFormats.all {
            let wire = format.writeError(error)
            #expect(wire.status == 429)
            #expect(wire.headers.contains { $0.name == "retry-after" && $0.value == "2" })
            #expect(wire.headers.contains { $0.name == "retry-after-ms" && $0.value == "1200" })
            #expect(!wire.headers.contains { $0.name == "x-should-retry" })
            let again = format.readError(status: wire.status, header: { _ in nil }, body: wire.body, provider: "p")
            #expect(again.code == .rateLimited && again.message == "[p] slow")
        }
        let chat = OpenAIChatFormat().writeError(PlenumError(.unsupportedParameter, "no", parameter: "top_k"))
        let body = #"{"message":"no","type":"invalid_request_error","param":"top_k","code":"unsupported_parameter"}"#
        #expect(String(decoding: chat.body, as: UTF8.self) == #"{"error":\#(body)}"#)
        let quota = OpenAIChatFormat().writeError(PlenumError(.quotaExhausted, "no"))
        #expect(quota.status == 429 && quota.headers.contains { $0.name == "x-should-retry" && $0.value == "false" })
        let long = AnthropicMessagesFormat().writeError(PlenumError(.contextLength, "5 > 4"))
        #expect(String(decoding: long.body, as: UTF8.self).contains("prompt is too long"))
        #expect(AnthropicMessagesFormat().writeError(PlenumError(.overloaded, "x")).status == 529)
        #expect(GeminiFormat().writeError(PlenumError(.upstreamAuthentication, "x")).status == 502)
    }

    private static let chatText = #"data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"
    private static let geminiText = #"{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"#

    @Test(
        "in the middle of a stream come after what was said before them",
        arguments: [
            (Dialect.openAIChat, chatText + #"data: {"error":{"message":"boom","code":502}}"# + "\n\n"),
            (
                .openAIChat,
                chatText + "event: error\n" + #"data: {"error":{"message":"boom","status_code":500}}"# + "\n\n"
            ),
            (
                .anthropicMessages,
                #"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}"#
                    + "\n\nevent: error\n"
                    + #"data: {"type":"error","error":{"details":null,"type":"api_error","message":"boom"}      }"#
                    + "\n\n"
            ),
            (
                .gemini,
                "data: \(geminiText)\r\n\r\n{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"boom\"\n  }\n}\n"
            ),
            (.gemini, "[\(geminiText)\n,\r\n" + #"{"error":{"code":500,"message":"boom"}}"# + "\n]"),
        ]
    )
    func inStream(dialect: Dialect, stream: String) throws {
        let format = try #require(WireFormats.format(for: dialect))
        for size in [1, 7, 64, Int.max] {
            let outcome = Reading.outcome(
                Array(stream.utf8),
                format.makeReplyReader(for: Reading.streamed),
                size: size
            )
            #expect(Reply(outcome.events).text == "a")
            #expect(outcome.error?.message == "[p] boom")
            #expect(outcome.error?.isRetryable == true)
        }
    }

    @Test("in the middle of a stream are not passed through: the door writes them itself")
    func notPassedThrough() throws {
        let stream = Self.chatText + #"data: {"error":{"message":"boom"}}"# + "\n\n"
        let prompt = VerbatimRequest(dialect: .openAIChat, body: [], modelSpan: nil)
        let tag = ModelID(provider: "p", model: "m")
        let request = CompletionRequest(model: "x", tag: tag, stream: true, prompt: .verbatim(prompt))
        var reader = OpenAIChatFormat().makeReplyReader(for: request)
        let piece = try reader.feed(Array(stream.utf8))
        #expect(piece.verbatim == Array(Self.chatText.utf8))
        let error = #expect(throws: PlenumError.self) { _ = try reader.feed([]) }
        #expect(error?.message == "[p] boom")
    }

    @Test("break a stream of Chat Completions off as OpenRouter's do: a chunk with an error, and no end that was not")
    func chatChunk() throws {
        var writer = OpenAIChatFormat().makeReplyWriter(as: ReplyIdentity(id: "i", created: 7, model: "p/m"))
        _ = writer.write([.start(id: "i", model: "m"), .text("hello")])
        let error = PlenumError(.upstreamInterrupted, "It broke off.")
        let text = String(decoding: writer.fail(error, isPartial: true), as: UTF8.self)
        let events = text.split(separator: "\n\n").map { $0.dropFirst(6) }
        #expect(events.count == 2 && events[1] == "[DONE]")
        let chunk = try JSONValue(parsing: String(events[0]))
        #expect(chunk["id"] == "i" && chunk["object"] == "chat.completion.chunk" && chunk["model"] == "p/m")
        let choice = chunk["choices"]?.array?.first
        #expect(choice?["finish_reason"] == "error" && choice?["delta"] == ["content": ""] && choice?["index"] == 0)
        #expect(chunk["error"]?["message"] == "It broke off." && chunk["error"]?["code"] == "bad_gateway")
        #expect(chunk["error"]?["retryable"] == true && chunk["error"]?["partial"] == true)
    }

    @Test("take the place of the end when a stream breaks off", arguments: WireFormats.all.map(\.dialect))
    func brokenOff(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        var writer = format.makeReplyWriter(as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let stream = writer.write([.start(id: "i", model: "m"), .text("hello")])
        let outcome = Reading.outcome(stream, format.makeReplyReader(for: Reading.streamed), size: 9)
        #expect(outcome.error?.code == .upstreamInterrupted)
        let failed = stream + writer.fail(PlenumError(.overloaded, "boom"), isPartial: true)
        let told = Reading.outcome(failed, format.makeReplyReader(for: Reading.streamed), size: 9)
        #expect(told.error?.message == "[p] boom" && !told.events.contains(.end))
        #expect(writer.write([.text("more")]).isEmpty)
    }
}
