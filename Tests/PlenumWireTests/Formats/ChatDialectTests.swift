import PlenumCore
import PlenumWire
import Testing

/// The ways in which servers that imitate OpenAI differ (wire notes 1.6 and 2.9, traffic notes 41 to 45).
@Suite("Servers that speak Chat with an accent")
struct ChatDialectTests {
    private func read(_ body: String) throws -> Reply {
        Reply(try OpenAIChatFormat().readReply(Array(body.utf8), request: Reading.streamed).events)
    }

    @Test(
        "count tokens in their own ways",
        arguments: [
            // OpenAI: cached and written tokens are part of the prompt.
            (
                #""prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"#
                    + #""completion_tokens_details":{"reasoning_tokens":4}"#,
                Usage(inputUncached: 5, cacheRead: 3, cacheWrite: 2, output: 5, reasoning: 4), ""
            ),
            // DeepSeek.
            (
                #""prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":7,"prompt_cache_miss_tokens":3"#,
                Usage(inputUncached: 3, cacheRead: 7, output: 5), ""
            ),
            // xAI: thoughts are outside the completion; the cost is in 10^-10 dollars.
            (
                #""prompt_tokens":432,"completion_tokens":68,"total_tokens":636,"cost_in_usd_ticks":1654500,"#
                    + #""completion_tokens_details":{"reasoning_tokens":136}"#,
                Usage(inputUncached: 432, output: 204, reasoning: 136), "0.00016545"
            ),
            // OpenRouter.
            (
                #""prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"cost":1.5e-05"#,
                Usage(inputUncached: 1, output: 2), "0.000015"
            ),
            // Nonsense is held within bounds.
            (
                #""prompt_tokens":-5,"completion_tokens":"x","prompt_tokens_details":{"cached_tokens":9}"#,
                Usage(inputUncached: 0, cacheRead: 9, output: 0), ""
            ),
        ]
    )
    func usage(json: String, expected: Usage, cost: String) throws {
        var expected = expected
        expected.reportedCost = Money(dollars: cost)
        let choice = #"{"index":0,"message":{"content":"x"},"finish_reason":"stop"}"#
        #expect(try read(#"{"usage":{\#(json)},"choices":[\#(choice)]}"#).usage == expected)
    }

    @Test(
        "show thoughts in their own ways",
        arguments: [
            #"{"content":"x","reasoning_content":"t"}"#, #"{"reasoning":"t","content":"x"}"#,
            #"{"content":"x","reasoning":"t","reasoning_details":[{"type":"reasoning.text","text":"t"}]}"#,
            #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},{"type":"text","text":"x"}]}"#,
        ]
    )
    func thoughts(message: String) throws {
        let reply = try read(#"{"choices":[{"index":0,"message":\#(message),"finish_reason":"stop"}]}"#)
        #expect(reply.reasoningText == "t" && reply.text == "x")
        #expect(reply.parts.count == 2 && reply.parts.first?.reasoning?.text == "t", "thoughts come first, and once")
    }

    @Test("say the end twice, or the usage twice, and it counts once")
    func twice() throws {
        let usage = #""usage":{"prompt_tokens":1,"completion_tokens":2}"#
        let finish = #"{"index":0,"delta":{},"finish_reason":"stop"}"#
        let stream =
            ": OPENROUTER PROCESSING\n\n" + #"data: {"id":"","model":"","choices":[]}"# + "\n\n"
            + #"data: {"id":"g","model":"m","choices":[{"index":0,"delta":{"content":"x"}}]}"# + "\n\n"
            + "data: {\"choices\":[\(finish)],\(usage)}\n\ndata: {\"choices\":[\(finish)],\(usage)}\n\n"
        let reader = OpenAIChatFormat().makeReplyReader(for: Reading.streamed)
        let outcome = Reading.outcome(Array(stream.utf8), reader, size: 10)
        #expect(
            outcome.events == [
                .start(id: "g", model: "m"), .text("x"), .finish(FinishReason(.endTurn, native: "stop")),
                .usage(Usage(inputUncached: 1, output: 2)), .end,
            ],
            "a finish reason makes the end known though [DONE] is missing"
        )
    }

    @Test("get back only the state that is theirs")
    func state() throws {
        var chat = ChatRequest()
        let own = Reasoning("t", opaque: OpaqueState(.anthropicSignature, "S"))
        let foreign = Reasoning("u", opaque: OpaqueState(.geminiSignature, "G"))
        chat.turns = [
            Turn(.user, [.text("q")]), Turn(.assistant, [.reasoning(own), .reasoning(foreign), .text("a")]),
            Turn(.user, [.text("r")]),
        ]
        let tag = ModelID(provider: "p", model: "m")
        let request = CompletionRequest(model: "m", tag: tag, stream: false, prompt: .chat(chat))
        let sent = try WireFormats.all.map { format in
            String(decoding: try format.writeRequest(request, quirks: Quirks()).body, as: UTF8.self)
        }
        #expect(!sent[0].contains("\"S\"") && !sent[0].contains("\"G\""))
        #expect(sent[1].contains("\"S\"") && !sent[1].contains("\"G\""))
        #expect(!sent[2].contains("\"S\"") && sent[2].contains("\"G\""))
    }
}
