import PlenumCore
import PlenumWire
import Testing

@Suite("A Responses stream that is read")
struct ResponsesReaderTests {
    private let format = OpenAIResponsesFormat()

    private func stream(_ events: [String]) -> [UInt8] {
        Array(events.map { "event: x\ndata: \($0)\n\n" }.joined().utf8)
    }

    /// Reads events whole and byte by byte, which must be the same.
    private func read(_ events: [String]) -> Reading.Outcome {
        let bytes = stream(events)
        let outcome = Reading.outcome(bytes, format.makeReplyReader(for: Reading.streamed), size: .max)
        for size in [1, 13] {
            let cut = Reading.outcome(bytes, format.makeReplyReader(for: Reading.streamed), size: size)
            #expect(cut == outcome)
        }
        return outcome
    }

    private static let created =
        #"{"type":"response.created","response":{"id":"r","model":"x","status":"in_progress"}}"#
    private static let completed =
        #"{"type":"response.completed","response":{"id":"r","model":"x","status":"completed","output":[],"#
        + #""usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":5,"#
        + #""cache_write_tokens_details":{"ttl_30m_tokens":1,"ttl_12h_tokens":4}},"output_tokens":3}}}"#

    private static func added(_ index: Int, _ item: String) -> String {
        #"{"item":\#(item),"output_index":\#(index),"type":"response.output_item.added"}"#
    }

    private static func done(_ index: Int, _ item: String) -> String {
        #"{"type":"response.output_item.done","output_index":\#(index),"item":\#(item)}"#
    }

    private static func delta(_ type: String, _ index: Int, _ text: String) -> String {
        #"{"type":"response.\#(type).delta","output_index":\#(index),"content_index":0,"delta":"\#(text)"}"#
    }

    @Test("whose end says more than its deltas did is completed, and what was said is not said again")
    func repairs() {
        let message = #"{"type":"message","id":"m","content":[{"type":"output_text","text":"abcd"}]}"#
        let outcome = read([
            Self.created, Self.added(0, #"{"type":"message","id":"m","content":[]}"#),
            Self.delta("output_text", 0, "ab"),
            #"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"abc"}"#,
            Self.done(0, message), Self.completed.replacing(#""output":[]"#, with: "\"output\":[\(message)]"),
        ])
        #expect(Reply(outcome.events).parts == [.text("abcd")])
        #expect(outcome.events.filter(\.isContent) == [.text("ab"), .text("c"), .text("d")])
    }

    @Test("whose items come at their end alone, or in the last event alone, has them")
    func itemsComeLate() {
        let call = #"{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{\"a\":1}"}"#
        let message = #"{"type":"message","id":"m","content":[{"type":"output_text","text":"hi"}]}"#
        let output = "\"output\":[\(message),\(call)]"
        for events in [
            [Self.created, Self.done(0, message), Self.done(1, call), Self.completed],
            [Self.created, Self.done(0, message), Self.completed.replacing(#""output":[]"#, with: output)],
            [Self.completed.replacing(#""output":[]"#, with: output)],
            [Self.created, Self.done(0, message), Self.done(0, call), Self.completed],
        ] {
            let reply = Reply(read(events).events)
            let expected = ToolCall(id: "c", name: "f", arguments: #"{"a":1}"#)
            #expect(reply.parts == [.text("hi"), .toolCall(expected)])
            #expect(reply.finish == FinishReason(.toolUse, native: "completed") && reply.isEnded)
        }
    }

    @Test("with an empty output in its last event keeps what came before")
    func emptyOutput() {
        let outcome = read([Self.created, Self.delta("output_text", 0, "x"), Self.completed])
        let reply = Reply(outcome.events)
        #expect(reply.parts == [.text("x")] && reply.id == "r" && reply.model == "x")
        var usage = Usage(inputUncached: 2, cacheRead: 2, cacheWrite: 1, cacheWriteLong: 4, output: 3)
        usage.reasoning = 0
        #expect(reply.usage == usage)
    }

    @Test("with deltas before their item, or with other ids at its end, has each word once")
    func disorder() {
        let outcome = read([
            Self.created, Self.delta("output_text", 0, "a"), Self.added(0, #"{"type":"message","id":"m1"}"#),
            Self.delta("output_text", 0, "b"),
            Self.done(0, #"{"type":"message","id":"m2","content":[{"type":"output_text","text":"ab"}]}"#),
            Self.completed.replacing(
                #""output":[]"#,
                with: #""output":[{"type":"message","id":"m3","content":[{"type":"output_text","text":"ab"}]}]"#
            ),
        ])
        #expect(Reply(outcome.events).parts == [.text("ab")])
    }

    @Test("has the state of thoughts from their end, and opens what is another's")
    func state() {
        let foreign = "gw1." + "eyJraW5kIjoiYW50aHJvcGljLXNpZ25hdHVyZSIsInBheWxvYWQiOiJTIn0"
        let outcome = read([
            Self.created, Self.added(0, #"{"type":"reasoning","id":"rs","encrypted_content":"EARLY","summary":[]}"#),
            #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"a"}"#,
            #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"b"}"#,
            Self.done(
                0,
                #"{"type":"reasoning","id":"rs","encrypted_content":"LATE","summary":[{"text":"a"},{"text":"b"}]}"#
            ),
            #"{"type":"response.reasoning_text.delta","output_index":1,"content_index":0,"delta":"raw"}"#,
            Self.done(
                1,
                #"{"type":"reasoning","id":"r2","encrypted_content":"\#(foreign)","content":[{"text":"raw"}]}"#
            ),
            Self.completed,
        ])
        #expect(
            Reply(outcome.events).parts == [
                .reasoning(Reasoning("a\n\nb", opaque: OpaqueState(.openAIEncrypted, "LATE"))),
                .reasoning(Reasoning("raw", opaque: OpaqueState(.anthropicSignature, "S"))),
            ]
        )
    }

    @Test("makes JSON of free text that comes in pieces, whatever is in it")
    func freeform() throws {
        let texts = ["*** \"Begin\"\n", "\\ \u{1F600}\t", ""]
        var events = [
            Self.created,
            Self.added(0, #"{"type":"custom_tool_call","id":"ct","call_id":"c","name":"patch","input":""}"#),
        ]
        for text in texts {
            let quoted = JSONValue.string(text).text
            events.append(#"{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":\#(quoted)}"#)
        }
        let whole = JSONValue.string(texts.joined()).text
        events.append(#"{"type":"response.custom_tool_call_input.done","output_index":0,"input":\#(whole)}"#)
        let item = #"{"type":"custom_tool_call","id":"ct","call_id":"c","name":"patch","input":\#(whole)}"#
        let outcomes = [
            read(events + [Self.done(0, item), Self.completed]), read(events + [Self.completed]),
            read([Self.done(0, item), Self.completed]),
        ]
        for outcome in outcomes {
            let call = try #require(Reply(outcome.events).toolCalls.first)
            #expect(call.name == "patch" && call.id == "c")
            #expect(try JSONValue(parsing: call.arguments) == ["input": .string(texts.joined())])
        }
        let empty = read([
            Self.done(0, #"{"type":"custom_tool_call","call_id":"c","name":"p","input":""}"#), Self.completed,
        ])
        #expect(Reply(empty.events).toolCalls.first?.arguments == #"{"input":""}"#)
    }

    @Test("keeps items of its own dialect whole, and passes over what it does not know")
    func unknown() {
        let search = #"{"type":"web_search_call","id":"ws","status":"completed","action":{"q":1.0}}"#
        let outcome = read([
            Self.created, Self.added(0, #"{"type":"web_search_call","id":"ws"}"#),
            #"{"type":"response.web_search_call.searching","output_index":0,"item_id":"ws"}"#,
            #"{"type":"response.mcp_call.failed","error":"its server is down"}"#,
            #"{"type":"response.new.thing","text":"nothing","delta":"nothing"}"#, Self.done(0, search),
            "[DONE]", Self.completed, "[DONE]",
        ])
        #expect(outcome.events.filter(\.isContent).count == 1)
        guard case .opaque(.openAIResponses, let item)? = Reply(outcome.events).parts.first else {
            return #expect(Bool(false), "the item is lost")
        }
        #expect(item.text == search && Reply(outcome.events).isEnded)
    }

    @Test(
        "with an error ends with it, wherever the error stands",
        arguments: [
            (
                #"{"type":"error","code":"rate_limit_exceeded","message":"m","param":null,"sequence_number":2}"#,
                PlenumError.Code.rateLimited
            ),
            (
                #"{"type":"error","sequence_number":2,"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"m"}}"#,
                .quotaExhausted
            ),
            (#"{"error":{"type":"server_error","message":"m"}}"#, .unavailable),
            (
                #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_is_overloaded","message":"m"}}}"#,
                .overloaded
            ),
            (#"{"type":"response.failed","response":{"status":"failed","error":null}}"#, .badUpstream),
            (#"{"type":"response.cancelled","response":{"status":"cancelled"}}"#, .upstreamInterrupted),
            (#"{"type":"response.completed","response":"none"}"#, .badUpstream),
        ]
    )
    func errors(event: String, code: PlenumError.Code) {
        let outcome = read([Self.created, Self.delta("output_text", 0, "a"), event, Self.completed])
        #expect(outcome.error?.code == code)
        #expect(Reply(outcome.events).text == "a" && !Reply(outcome.events).isEnded)
    }

    @Test("that breaks off is no answer, though it says [DONE]")
    func cutOff() {
        for events in [[], [Self.created], [Self.created, Self.delta("output_text", 0, "a"), "[DONE]"]] {
            #expect(read(events).error?.code == .upstreamInterrupted)
        }
    }

    @Test("says why it ended")
    func finishes() {
        func finish(_ reason: String) -> FinishReason? {
            let details = #""status":"incomplete","incomplete_details":{"reason":"\#(reason)"}"#
            let event = Self.completed.replacing("response.completed", with: "response.incomplete")
                .replacing(#""status":"completed""#, with: details)
            let call = Self.done(0, #"{"type":"function_call","call_id":"c","name":"f","arguments":"{"}"#)
            return Reply(read([Self.created, call, event]).events).finish
        }
        #expect(finish("max_output_tokens") == FinishReason(.maxTokens, native: "max_output_tokens"))
        #expect(finish("content_filter")?.meaning == .contentFilter)
        #expect(finish("steered") == FinishReason(.pause, native: "steered"))
    }

    @Test("passes through with the gateway's names for the model and for the reply, and no other change")
    func passesThrough() throws {
        var prompt = VerbatimRequest(dialect: .openAIResponses, body: [], modelSpan: nil)
        prompt.replyID = "resp_own"
        let request = CompletionRequest(
            model: "x",
            tag: ModelID(provider: "p", model: "m"),
            stream: true,
            prompt: .verbatim(prompt)
        )
        let odd = #"{ "type":"response.new" , "id":"r","model":"x","n":1.0 }"#
        let bytes =
            Array(": hello\n\n".utf8) + stream([Self.created, odd, Self.delta("output_text", 0, "a"), Self.completed])
        let expected = String(decoding: bytes, as: UTF8.self)
            .replacing(#"{"id":"r","model":"x","#, with: #"{"id":"resp_own","model":"p/m","#)
        for size in [1, 7, Int.max] {
            let pieces = try Reading.pieces(bytes, format.makeReplyReader(for: request), size: size)
            #expect(String(decoding: pieces.flatMap { $0.verbatim ?? [] }, as: UTF8.self) == expected)
        }
        let whole = #"{"model":"x","output":[],"status":"completed","id":"r","tools":[{"model":"x","id":"r"}]}"#
        let piece = try format.readReply(Array(whole.utf8), request: request)
        let changed =
            #"{"model":"p/m","output":[],"status":"completed","id":"resp_own","tools":[{"model":"x","id":"r"}]}"#
        #expect(piece.verbatim.map { String(decoding: $0, as: UTF8.self) } == changed)
    }
}
