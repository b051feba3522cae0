import PlenumCore
import Testing

@Suite("Reply")
struct ReplyTests {
    @Test("deltas of one kind grow one part, and another kind begins the next")
    func parts() {
        let reply = Reply([
            .start(id: "r1", model: "m"), .reasoning("Let "), .reasoning("me."), .text("Hel"), .text(""), .text("lo"),
            .refusal("No"), .refusal("."), .text("!"), .usage(Usage(inputUncached: 1, output: 1)),
            .usage(Usage(inputUncached: 1, output: 9)), .finish(FinishReason(.endTurn, native: "stop")), .end,
        ])
        #expect(reply.parts == [.reasoning(Reasoning("Let me.")), .text("Hello"), .refusal("No."), .text("!")])
        #expect(reply.text == "Hello!")
        #expect(reply.reasoningText == "Let me.")
        #expect(reply.usage?.output == 9)
        #expect(reply.finish?.native == "stop")
        #expect(reply.id == "r1" && reply.model == "m" && reply.isEnded)
    }

    @Test("fragments of interleaved calls reach their calls, text between them or not")
    func interleavedCalls() {
        let reply = Reply([
            .text("a"), .toolCall(index: 0, id: "c0", name: "f", opaque: nil),
            .toolArguments(index: 0, fragment: "{\"x\":"),
            .toolCall(index: 1, id: "c1", name: "g", opaque: nil), .toolArguments(index: 1, fragment: "["),
            .toolArguments(index: 0, fragment: "1}"), .text("b"), .text("c"), .toolArguments(index: 1, fragment: "]"),
            .toolArguments(index: 9, fragment: "lost"),
        ])
        #expect(reply.toolCalls.map(\.arguments) == ["{\"x\":1}", "[]"])
        #expect(reply.toolCalls.map(\.id) == ["c0", "c1"])
        #expect(reply.text == "abc")
        #expect(reply.parts.count == 4)
        #expect(!reply.isEnded)
    }

    @Test("state closes the thoughts before it, and stands alone where there are none")
    func reasoningState() {
        let signature = OpaqueState(.anthropicSignature, "s1")
        let redacted = OpaqueState(.anthropicRedacted, "s2")
        let reply = Reply([
            .reasoning("one"), .reasoningState(signature), .reasoning("two"), .reasoningState(signature),
            .reasoningState(redacted), .text("x"), .reasoningState(redacted),
        ])
        #expect(
            reply.parts == [
                .reasoning(Reasoning("one", opaque: signature)), .reasoning(Reasoning("two", opaque: signature)),
                .reasoning(Reasoning("", opaque: redacted)), .text("x"), .reasoning(Reasoning("", opaque: redacted)),
            ]
        )
    }

    @Test("a later start fills in what an earlier one left out")
    func starts() {
        let reply = Reply([.start(id: "r", model: nil), .start(id: nil, model: "m")])
        #expect(reply.id == "r" && reply.model == "m")
    }

    @Test(
        "folding is linear: 200,000 deltas take a moment, where copying each time would take minutes",
        arguments: [
            .text("0123456789abcdef0123456789abcdef"), .reasoning("0123456789abcdef0123456789abcdef"),
            .refusal("0123456789abcdef0123456789abcdef"),
            .toolArguments(index: 0, fragment: "0123456789abcdef0123456789abcdef"),
        ] as [ReplyEvent]
    )
    func linearGrowth(_ delta: ReplyEvent) {
        var reply = Reply([.toolCall(index: 0, id: "c", name: "f", opaque: nil)])
        let duration = ContinuousClock().measure { for _ in 0..<200_000 { reply.apply(delta) } }
        #expect(duration < .seconds(10))
    }

    @Test("what a reader sees counts as content, what only a program sees does not")
    func content() {
        #expect(ReplyEvent.text("a").isContent && ReplyEvent.toolArguments(index: 0, fragment: "").isContent)
        #expect(
            !ReplyEvent.text("").isContent && !ReplyEvent.reasoningState(OpaqueState(.geminiSignature, "s")).isContent
        )
        #expect(!ReplyEvent.end.isContent && !ReplyEvent.usage(Usage()).isContent)
    }
}
