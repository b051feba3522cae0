import PlenumCore
import PlenumWire
import Testing

/// Section 3 of the wire notes, as far as Chat and the transport of streams are concerned; the numbers are its own.
@Suite("What went wrong with Chat elsewhere")
struct ChatPitfallTests {
    private func delta(_ delta: String, _ finish: String = "null") -> String {
        #"{"id":"r","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }

    private func reply(_ chunks: [String]) -> Reply { Reply(Chat.read(chunks).events) }

    private static let call =
        #"{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}"#

    @Test("#3 #9 a wrong or empty finish reason does not hide the calls", arguments: [#""stop""#, #""""#, "null"])
    func wrongFinish(word: String) {
        let read = reply([delta(Self.call), delta("{}", word)])
        #expect(read.finish?.meaning == .toolUse && read.toolCalls.count == 1)
    }

    @Test("#11 a call that is cut off is not one to make, whatever the finish reason says")
    func hiddenLength() {
        let cut = Self.call.replacing(#""{}""#, with: #""{\"a\":\"b\\\"}""#)
        #expect(reply([delta(cut), delta("{}", #""tool_calls""#)]).finish?.meaning == .maxTokens)
        #expect(reply([delta(Self.call), delta("{}", #""tool_calls""#)]).finish?.meaning == .toolUse)
        #expect(reply([delta(Self.call), delta("{}", #""length""#)]).finish?.meaning == .maxTokens)
    }

    @Test("#13 #14 calls without an index, each whole in one chunk, stay apart")
    func noIndex() {
        let call = #"{"tool_calls":[{"id":"ID","function":{"name":"f","arguments":"{\"n\":ID}"}}]}"#
        let chunks = ["1", "2"].map { delta(call.replacing("ID", with: $0)) }
        let read = reply(chunks + [delta("{}", #""stop""#)])
        #expect(read.toolCalls.map(\.id) == ["1", "2"])
        #expect(read.toolCalls.map(\.arguments) == [#"{"n":1}"#, #"{"n":2}"#])
        #expect(read.finish?.meaning == .toolUse)
    }

    @Test("#15 a stream that never says why it ended ends all the same")
    func noFinish() {
        #expect(reply([delta(#"{"content":"x"}"#)]).finish?.meaning == .endTurn)
        #expect(reply([delta(Self.call)]).finish?.meaning == .toolUse)
    }

    @Test("#49 a stream that breaks off is an error, not a short answer")
    func brokenOff() {
        let outcome = Chat.read([delta(#"{"content":"x"}"#)], done: false)
        #expect(outcome.error?.code == .upstreamInterrupted && !outcome.events.contains(.end))
    }

    @Test("#50 a chunk with an error is not an answer, and its words are told")
    func errorChunk() {
        let error =
            #"{"id":"r","error":{"code":502,"message":"Provider broke"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#
        let outcome = Chat.read([delta(#"{"content":"x"}"#), error])
        #expect(outcome.error?.message == "[p] Provider broke" && outcome.error?.isRetryable == true)
        #expect(!outcome.events.contains { if case .finish = $0 { true } else { false } })
    }

    @Test("#51 a finish reason may be an error too", arguments: ["error", "insufficient_system_resource"])
    func errorFinish(word: String) {
        let outcome = Chat.read([delta(#"{"content":"x"}"#), delta("{}", "\"\(word)\"")])
        #expect(outcome.error?.isRetryable == true && !outcome.events.contains(.end))
        let whole = #"{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":"\#(word)"}]}"#
        #expect(throws: PlenumError.self) {
            try OpenAIChatFormat().readReply(Array(whole.utf8), request: Reading.streamed)
        }
    }

    @Test(
        "#52 vLLM's errors are read in each of their shapes, in a stream too",
        arguments: [
            #"{"object":"error","message":"too many","type":"BadRequestError","param":null,"code":400}"#,
            #"{"error":{"message":"too many","type":"BadRequestError","param":null,"code":400}}"#,
        ]
    )
    func vllmErrors(body: String) {
        let error = OpenAIChatFormat().readError(
            status: 400,
            header: { _ in nil },
            body: Array(body.utf8),
            provider: "p"
        )
        #expect(error.message == "[p] too many" && error.code == .invalidRequest)
        #expect(Chat.read([body], done: false).error != nil)
    }

    @Test("#54 a letter that is cut at the border of two pieces is whole")
    func cutLetters() {
        let text = "é\u{1F600}\u{2028}日本"
        let outcome = Chat.read([delta(#"{"content":"\#(text)"}"#), delta("{}", #""stop""#)])
        #expect(Reply(outcome.events).text == text)
    }

    @Test("#62 what is kept alive with comments and empty events reads on")
    func keepAlive() throws {
        let text = ": OPENROUTER PROCESSING\n\n\n\nevent: ping\n\ndata:\n\ndata:"
        let outcome = Chat.read(raw: text + delta(#"{"content":"x"}"#) + "\n\n: keep-alive\n\ndata: [DONE]\n\n")
        #expect(Reply(outcome.events).text == "x" && outcome.error == nil)
        #expect(
            OpenAIChatFormat().keepAlive.first == UInt8(ascii: ":"),
            "clients get comments, never events without data"
        )
    }

    @Test("#64 a name that is repeated in every chunk is said once")
    func repeatedName() throws {
        let first = #"{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"c1","arguments":"{"}}]}"#
        let second = first.replacing(#""{""#, with: #""}""#)
        let outcome = Chat.read([delta(first), delta(second), delta("{}", #""tool_calls""#)])
        #expect(Reply(outcome.events).toolCalls.map(\.name) == ["c1"])
        let chunks = try Chat.chunks(outcome.events)
        let names = chunks.compactMap {
            $0["choices"]?.array?.first?["delta"]?["tool_calls"]?.array?.first?["function"]?["name"]
        }
        #expect(names == ["c1"])
    }

    @Test("#66 usage that comes before the finish counts")
    func earlyUsage() {
        let usage = #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#
        let read = reply([delta(#"{"content":"x"}"#), usage, delta("{}", #""stop""#)])
        #expect(read.usage?.total == 3 && read.finish?.meaning == .endTurn && read.isEnded)
    }

    @Test("#46 a page in place of an answer is an error that says so, and no page")
    func page() {
        let page = Array("<!doctype html><html><body>Sign in</body></html>".utf8)
        let whole = #expect(throws: PlenumError.self) {
            try OpenAIChatFormat().readReply(page, request: Reading.streamed)
        }
        #expect(whole?.code == .badUpstream && whole?.message.contains("<") == false)
        let streamed = Chat.read(raw: String(decoding: page, as: UTF8.self))
        #expect(streamed.error != nil && streamed.events.isEmpty)
    }

    @Test("#29 DeepSeek gets the thoughts of a loop of calls back, and its own word for thinking")
    func deepSeek() throws {
        let quirks = try Vendors.quirks("deepseek")
        let body = #"""
            {"model":"m","reasoning_effort":"high","messages":[{"role":"user","content":"q"},
             {"role":"assistant","content":"","reasoning_content":"t","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"1","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}]}
            """#
        for sent in [try Chat.send(body, quirks: quirks), try Chat.pass(body, quirks: quirks)] {
            #expect(sent.messages[1]["reasoning_content"] == "t")
            #expect(sent.body["thinking"] == ["type": "enabled"] && sent.warnings.isEmpty)
        }
    }

    private static let details =
        #"[{"type":"reasoning.text","text":"ab","signature":"S","format":"f","index":0},{"type":"reasoning.encrypted","data":"D","id":"r","format":"f","index":1}]"#

    @Test("#30 OpenRouter gets its reasoning_details back, unchanged and in order")
    func openRouter() throws {
        let chunks = [
            #"{"reasoning":"a","reasoning_details":[{"type":"reasoning.text","text":"a","format":"f","index":0}]}"#,
            #"{"reasoning":"b","reasoning_details":[{"type":"reasoning.text","text":"b","format":null,"index":0}]}"#,
            #"{"reasoning_details":[{"type":"reasoning.text","signature":"S","index":0}]}"#,
            #"{"reasoning_details":[{"type":"reasoning.encrypted","data":"D","id":"r","format":"f","index":1}]}"#,
            #"{"content":"x"}"#,
        ]
        let read = reply(chunks.map { delta($0) } + [delta("{}", #""stop""#)])
        #expect(read.reasoningText == "ab" && read.text == "x")
        var parts = read.parts
        let state = try #require(parts[0].reasoning?.opaque)
        #expect(
            RequestTests.differences(try JSONValue(parsing: state.payload), try JSONValue(parsing: Self.details)) == []
        )
        let tag = ModelID(provider: "openrouter", model: "a/b")
        parts[0] = .reasoning(Reasoning("ab", opaque: OpaqueState(state.kind, state.payload, origin: tag)))
        var chat = ChatRequest(prompt: "q")
        chat.turns += [Turn(.assistant, parts), Turn(.user, [.text("r")])]
        let quirks = try Vendors.quirks("openrouter")
        let sent = try Chat.send(chat, quirks: quirks, tag: tag)
        #expect(sent.messages[1]["reasoning_details"]?.text == state.payload)
        let other = try Chat.send(chat, quirks: quirks)
        #expect(!other.text.contains("reasoning"), "another model gets nothing of it")
        #expect(try !Chat.send(chat, tag: tag).text.contains("reasoning"), "nor another vendor")
    }

    @Test("#30 they come back from a client too, in the gateway's envelope or as they are")
    func openRouterRoundTrip() throws {
        let tag = ModelID(provider: "openrouter", model: "a/b")
        let state = OpaqueState(.openRouterDetails, Self.details, origin: tag)
        let answer = Reply([
            .reasoning("ab"), .reasoningState(state), .text("x"), .finish(FinishReason(.endTurn)), .end,
        ])
        let body = OpenAIChatFormat().writeReply(answer, as: ReplyIdentity(id: "i", created: 0, model: "m"))
        let message = try #require(try JSONValue(parsing: body)["choices"]?.array?[0]["message"]?.object)
        for details in [message["reasoning_details"], try JSONValue(parsing: Self.details)] {
            var again = message
            again["reasoning_details"] = details
            let user: JSONValue = ["role": "user", "content": "q"]
            let request: JSONValue = ["model": "m", "messages": [user, .object(again), user]]
            let chat = try OpenAIChatFormat().readRequest(request.bytes).chat
            let sent = try Chat.send(chat, quirks: Vendors.quirks("openrouter"), tag: tag)
            #expect(sent.messages[1]["reasoning_details"]?.text == Self.details)
        }
    }

    @Test("vLLM says which text ended the answer")
    func stopText() {
        let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop","stop_reason":"END"}]}"#
        #expect(reply([delta(#"{"content":"x"}"#), end]).finish?.meaning == .stopSequence)
        let token = end.replacing(#""END""#, with: "2")
        #expect(reply([delta(#"{"content":"x"}"#), token]).finish?.meaning == .endTurn)
    }
}
