import PlenumCore
import PlenumWire
import Testing

@Suite("What a format writes it reads")
struct LawTests {
    /// Numbers from a seed, so that a failure can be had again.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let texts = [
        "a", "Grüße \u{1F600}", "\"\\/\n\r\t\u{0}\u{7F}", "data: x\n\nevent: y", " ", "{\"a\":1}",
    ]

    /// The state that goes with thoughts: a dialect's own, and one that it carries for another.
    private static let states: [Dialect: (OpaqueState.Kind, OpaqueState.Kind)] = [
        .anthropicMessages: (.anthropicSignature, .geminiSignature),
        .gemini: (.geminiSignature, .anthropicSignature),
        .openAIResponses: (.openAIEncrypted, .anthropicSignature),
    ]

    /// A reply as a dialect can carry it.
    static func events(_ dialect: Dialect, _ random: inout Seeded) -> [ReplyEvent] {
        var events: [ReplyEvent] = [.start(id: "id-1", model: "mo/del")]
        var calls = 0
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let text = texts.randomElement(using: &random)!
            switch Int.random(in: 0...2, using: &random) {
            case 0: events.append(.text(text))
            case 1:
                events.append(.reasoning(text))
                if let (kind, foreign) = states[dialect] {
                    events.append(.reasoningState(OpaqueState(Bool.random(using: &random) ? kind : foreign, "c2ln")))
                }
            default:
                let state = dialect == .anthropicMessages ? nil : OpaqueState(.geminiSignature, "c2ln")
                events.append(.toolCall(index: calls, id: "c\(calls)", name: "f", opaque: state))
                events.append(.toolArguments(index: calls, fragment: calls % 2 == 0 ? "{}" : #"{"k":[1.0,"é"]}"#))
                calls += 1
            }
        }
        let meaning: FinishReason.Meaning = calls > 0 ? .toolUse : Bool.random(using: &random) ? .endTurn : .maxTokens
        var usage = Usage(inputUncached: 7, cacheRead: 3, output: 11, reasoning: 2)
        usage.cacheWrite = dialect == .gemini ? 0 : 4
        events += [.usage(usage), .finish(FinishReason(meaning)), .end]
        return events
    }

    @Test("streamed and whole, for every dialect and cut", arguments: WireFormats.all.map(\.dialect))
    func writesWhatItReads(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        var random = Seeded(state: 42)
        for round in 0..<300 {
            let events = Self.events(dialect, &random)
            let reply = Reply(events)
            let identity = ReplyIdentity(id: "id-1", created: 5, model: "mo/del")
            var writer = format.makeReplyWriter(as: identity)
            var bytes: [UInt8] = []
            for event in events { bytes += writer.write([event]) }
            let size = Int.random(in: 1...40, using: &random)
            let outcome = Reading.outcome(bytes, format.makeReplyReader(for: Reading.streamed), size: size)
            #expect(outcome.error == nil)
            Self.compare(Reply(outcome.events), reply, "\(dialect) streamed, round \(round)")
            let whole = try format.readReply(format.writeReply(reply, as: identity), request: Reading.streamed)
            Self.compare(
                Reply(whole.events),
                reply,
                "\(dialect) whole, round \(round)",
                isWhole: dialect == .openAIChat
            )
        }
    }

    /// Chat's whole message has one text, one thought and the calls, without an order among them.
    private static func compare(_ found: Reply, _ expected: Reply, _ place: String, isWhole: Bool = false) {
        #expect(found.id == expected.id && found.model == expected.model, "\(place)")
        #expect(found.finish?.meaning == expected.finish?.meaning, "\(place)")
        #expect(found.usage == expected.usage && found.isEnded, "\(place)")
        if isWhole {
            #expect(found.text == expected.text && found.toolCalls == expected.toolCalls, "\(place)")
            #expect(found.reasoningText == expected.reasoningText, "\(place)")
        } else {
            #expect(found.parts == expected.parts, "\(place)")
        }
    }
}
