import PlenumCore
import PlenumWire
import Testing

@Suite("A Responses stream that is written")
struct ResponsesReplyTests {
    static let format = OpenAIResponsesFormat()

    static func write(_ events: [ReplyEvent], freeform: Set<String> = []) -> [UInt8] {
        var identity = ReplyIdentity(id: "resp_1", created: 7, model: "p/m")
        identity.request.freeformTools = freeform
        var writer = format.makeReplyWriter(as: identity)
        return writer.write(events)
    }

    static func grammar(_ stream: [UInt8]) throws -> ResponsesGrammar {
        var grammar = try ResponsesGrammar(stream)
        grammar.check()
        return grammar
    }

    @Test("of Anthropic's thoughts, text and call is what the notes say")
    func golden() throws {
        let state = OpaqueState(.anthropicSignature, "S")
        let grammar = try Self.grammar(
            Self.write([
                .start(id: "msg", model: "x"), .reasoning("t"), .reasoning("u"), .reasoningState(state), .text("x"),
                .text("y"), .toolCall(index: 0, id: "c", name: "w", opaque: nil),
                .toolArguments(index: 0, fragment: #"{"a":"#), .toolArguments(index: 0, fragment: "1}"),
                .usage(Usage(inputUncached: 3, cacheRead: 2, output: 4)), .finish(FinishReason(.toolUse)), .end,
            ])
        )
        #expect(grammar.faults.isEmpty)
        #expect(
            grammar.types == [
                "created", "in_progress", "output_item.added", "reasoning_summary_part.added",
                "reasoning_summary_text.delta", "reasoning_summary_text.delta", "reasoning_summary_text.done",
                "reasoning_summary_part.done", "output_item.done", "output_item.added", "content_part.added",
                "output_text.delta", "output_text.delta", "output_text.done", "content_part.done", "output_item.done",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta",
                "function_call_arguments.done", "output_item.done", "completed",
            ]
        )
        #expect(grammar.output.map { $0["type"]?.string } == ["reasoning", "message", "function_call"])
        #expect(grammar.output[0]["encrypted_content"]?.string?.hasPrefix("gw1.") == true)
        #expect(grammar.output[2]["call_id"] == "c" && grammar.output[2]["arguments"] == #"{"a":1}"#)
        #expect(grammar.output[2]["id"]?.string?.hasPrefix("fc_") == true)
        #expect(grammar.events.last?["response"]?["usage"]?["input_tokens"] == 5)
        #expect(!grammar.events.contains { $0.text.contains("DONE") })
    }

    /// Events in any order that a reply can have, and some that it cannot.
    private static func events(_ random: inout LawTests.Seeded) -> [ReplyEvent] {
        var events: [ReplyEvent] = [.start(id: nil, model: nil)]
        var calls = 0
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            switch Int.random(in: 0...7, using: &random) {
            case 0: events.append(.text("a\n\"é"))
            case 1: events.append(.reasoning("t"))
            case 2: events.append(.reasoningState(OpaqueState(.geminiSignature, "S")))
            case 3: events.append(.refusal("no"))
            case 4: events.append(.opaque(.openAIResponses, ["type": "web_search_call", "id": "ws_1"]))
            case 5: events.append(.text(""))
            case 6:
                let name = Bool.random(using: &random) ? "patch" : "f"
                events.append(.toolCall(index: calls, id: "c\(calls)", name: name, opaque: nil))
                calls += 1
            default:
                guard calls > 0 else { continue }
                let index = Int.random(in: 0..<calls, using: &random)
                let fragment = ["{", "}", #"{"input":"a\u00"#, "e9\"}", #"{"input":"x"}"#].randomElement(using: &random)
                events.append(.toolArguments(index: index, fragment: fragment ?? ""))
            }
        }
        return events
    }

    @Test("keeps to the grammar whatever comes, and has in one piece what it has in many")
    func keepsToTheGrammar() throws {
        var random = LawTests.Seeded(state: 11)
        for round in 0..<400 {
            let events = Self.events(&random) + [.usage(Usage(inputUncached: 1, output: 1)), .end]
            let grammar = try Self.grammar(Self.write(events, freeform: ["patch"]))
            #expect(grammar.faults.isEmpty, "round \(round)")
            var identity = ReplyIdentity(id: "resp_1", created: 7, model: "p/m")
            identity.request.freeformTools = ["patch"]
            let whole = try JSONValue(parsing: Self.format.writeReply(Reply(events), as: identity))
            #expect(whole["status"] == "completed" && whole["object"] == "response")
            #expect(whole["output"]?.array?.count == grammar.output.count, "round \(round)")
        }
    }

    @Test(
        "keeps to the grammar for every recorded reply of any provider, and loses none of its words",
        .enabled(if: Recordings.arePresent, "there are no recordings beside the project")
    )
    func recordings() throws {
        var count = 0
        for recording in try Recordings.load() where recording.status < 400 {
            let format = try #require(WireFormats.format(for: recording.dialect))
            let outcome = Reading.outcome(recording, format, size: .max)
            guard outcome.error == nil else { continue }
            count += 1
            let reply = Reply(outcome.events)
            guard reply.finish?.meaning != .malformedCall else { continue }
            let bytes = Self.write(outcome.events)
            let grammar = try Self.grammar(bytes)
            #expect(grammar.faults.isEmpty, "\(recording.file)")
            let again = Reply(
                Reading.outcome(bytes, Self.format.makeReplyReader(for: Reading.streamed), size: 100).events
            )
            #expect(again.text == reply.text && again.reasoningText == reply.reasoningText, "\(recording.file)")
            #expect(again.toolCalls.map(\.name) == reply.toolCalls.map(\.name), "\(recording.file)")
            #expect(again.finish?.isComplete == reply.finish?.isComplete, "\(recording.file)")
        }
        #expect(count > 100)
    }

    @Test("fails with the error inside the response, once, and with nothing after it", arguments: [true, false])
    func fails(hasBegun: Bool) throws {
        var writer = Self.format.makeReplyWriter(as: ReplyIdentity(id: "resp_1", created: 7, model: "m"))
        var bytes =
            hasBegun
            ? writer.write([
                .start(id: nil, model: nil), .reasoning("t"), .reasoningState(.init(.openAIEncrypted, "E")),
            ]) : []
        bytes += writer.fail(PlenumError(.overloaded, "Too much to do."), isPartial: hasBegun)
        bytes += writer.write([.text("late"), .end])
        bytes += writer.fail(PlenumError(.internal, "again"), isPartial: true)
        let grammar = try Self.grammar(bytes)
        #expect(grammar.faults.isEmpty && grammar.types.last == "failed")
        let error = grammar.events.last?["response"]?["error"]
        #expect(error?["message"] == "Too much to do." && error?["code"] == "server_is_overloaded")
        #expect(grammar.output.count == (hasBegun ? 1 : 0))
        let outcome = Reading.outcome(bytes, Self.format.makeReplyReader(for: Reading.streamed), size: 9)
        #expect(outcome.error?.code == .overloaded)
    }

    @Test(
        "says why it is not complete",
        arguments: [
            (FinishReason.Meaning.maxTokens, "max_output_tokens"), (.contextExceeded, "max_output_tokens"),
            (.contentFilter, "content_filter"), (.pause, "pause_turn"),
        ]
    )
    func incomplete(meaning: FinishReason.Meaning, reason: String) throws {
        let events: [ReplyEvent] = [
            .text("x"), .toolCall(index: 0, id: "c", name: "f", opaque: nil), .finish(FinishReason(meaning)), .end,
        ]
        let grammar = try Self.grammar(Self.write(events))
        #expect(grammar.faults.isEmpty && grammar.types.last == "incomplete")
        let response = try #require(grammar.events.last?["response"])
        #expect(response["incomplete_details"]?["reason"]?.string == reason && response["status"] == "incomplete")
        let reply = Reply(try Self.format.readReply(response.bytes, request: Reading.streamed).events)
        #expect(reply.finish?.isComplete == false, "a call does not hide what cut it off")
    }

    @Test("ends with completed though nobody said why it ended, and with arguments though there were none")
    func endsAnyway() throws {
        let grammar = try Self.grammar(
            Self.write([.text("x"), .toolCall(index: 0, id: "c", name: "f", opaque: nil), .end])
        )
        #expect(grammar.faults.isEmpty && grammar.types.last == "completed")
        #expect(grammar.output.last?["arguments"] == "{}")
    }

    @Test("gives a refusal its own part, and reads it back")
    func refusal() throws {
        let events: [ReplyEvent] = [.text("a"), .refusal("no"), .refusal("!"), .finish(FinishReason(.refusal)), .end]
        let bytes = Self.write(events)
        let grammar = try Self.grammar(bytes)
        #expect(grammar.faults.isEmpty)
        #expect(grammar.output.first?["content"]?.array?.last == ["type": "refusal", "refusal": "no!"])
        let outcome = Reading.outcome(bytes, Self.format.makeReplyReader(for: Reading.streamed), size: 5)
        #expect(Reply(outcome.events).parts == [.text("a"), .refusal("no!")])
        #expect(Reply(outcome.events).finish?.meaning == .refusal)
    }

    @Test("repeats of its request what the client's type has, and the rest as defaults")
    func echo() throws {
        let body =
            #"{"model":"m","input":"x","instructions":"be brief","temperature":0.50,"tools":[],"text":{"verbosity":"low"},"metadata":{"a":"b"}}"#
        let request = try Self.format.readRequest(Array(body.utf8))
        var identity = ReplyIdentity(id: "resp_1", created: 7, model: "p/m")
        identity.request = Self.format.echo(of: request)
        var reply = Reply()
        reply.parts = [.text("hi")]
        let response = try JSONValue(parsing: Self.format.writeReply(reply, as: identity))
        #expect(response["instructions"] == "be brief" && response["temperature"]?.number?.text == "0.50")
        #expect(response["metadata"] == ["a": "b"] && response["model"] == "p/m" && response["id"] == "resp_1")
        #expect(response["text"] == ["format": ["type": "text"], "verbosity": "low"])
        #expect(response["parallel_tool_calls"] == true && response["tool_choice"] == "auto")
        #expect(response["previous_response_id"] == .null && response["output_text"] == nil)
        #expect(response["usage"]?["output_tokens_details"]?["reasoning_tokens"] == 0)
    }

    @Test("carries another dialect's state, and its own as it came")
    func state() throws {
        let events: [ReplyEvent] = [
            .reasoningState(OpaqueState(.openAIEncrypted, "E")),
            .toolCall(index: 0, id: "c", name: "f", opaque: OpaqueState(.geminiSignature, "G")), .end,
        ]
        let grammar = try Self.grammar(Self.write(events))
        #expect(grammar.faults.isEmpty)
        #expect(grammar.output.map { $0["type"]?.string } == ["reasoning", "reasoning", "function_call"])
        #expect(grammar.output[0]["encrypted_content"] == "E")
        let input: JSONValue = ["model": "m", "input": .array(grammar.output)]
        let turn = try #require(try Self.format.readRequest(input.bytes).chat.turns.first)
        #expect(turn.parts.count == 2, "a call's signature comes back to the call")
        #expect(turn.parts.last?.toolCall?.opaque == OpaqueState(.geminiSignature, "G"))
    }
}
