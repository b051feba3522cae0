import PlenumCore
import PlenumWire
import Testing

@Suite("A simulated answer on the wire")
struct SimulatedWireTests {
    /// What a connection sees.
    struct Seen {
        var status = 0
        var length: Int?
        var headers: [String: String] = [:]
        var bytes: [UInt8] = []
        var characters = 0
        var pauses: [Int] = []
        var end: SimulatedFault.Break?
        var isWhole = false
    }

    static let formats: [any WireFormat] = [OpenAIChatFormat(), AnthropicMessagesFormat(), GeminiFormat()]
    static let dialects = formats.map(\.dialect)

    private static let events: [ReplyEvent] =
        [.start(id: nil, model: "m")] + ["one", " two", " three"].map { .text($0) } + [
            .finish(FinishReason(.endTurn)), .usage(Usage(inputUncached: 7, output: 3)), .end,
        ]

    private func see(
        _ fault: SimulatedFault?,
        _ dialect: Dialect,
        streamed: Bool = true,
        gap: Int = 0
    ) throws -> Seen {
        let format = try #require(WireFormats.format(for: dialect))
        let reply = SimulatedReply(events: Self.events, wait: 5, gap: gap, fault: fault)
        var seen = Seen()
        let identity = ReplyIdentity(id: "i", created: 0, model: "m")
        for step in SimulatedWire(reply, in: format, as: identity, streamed: streamed) {
            switch step {
            case .pause(let milliseconds): seen.pauses.append(milliseconds)
            case .head(let head):
                (seen.status, seen.length) = (head.status, head.length)
                seen.headers = Dictionary(head.headers.map { ($0.name, $0.value) }) { $1 }
            case .bytes(let bytes, let characters):
                seen.bytes += bytes
                seen.characters += characters
            case .breaks(let how): seen.end = how
            case .finish(let isWhole): seen.isWhole = isWhole
            }
        }
        return seen
    }

    private func read(_ seen: Seen, _ dialect: Dialect) throws -> Reading.Outcome {
        let format = try #require(WireFormats.format(for: dialect))
        return Reading.outcome(seen.bytes, format.makeReplyReader(for: Reading.streamed), size: .max)
    }

    @Test("without a fault comes as it would from a provider, its words apart", arguments: dialects)
    func whole(dialect: Dialect) throws {
        let seen = try see(nil, dialect, gap: 3)
        #expect(seen.status == 200 && seen.length == nil && seen.isWhole && seen.end == nil)
        #expect(seen.pauses == [5, 3, 3])
        #expect(seen.characters == 13)
        let outcome = try read(seen, dialect)
        #expect(outcome.error == nil)
        #expect(Reply(outcome.events).text == "one two three")
        #expect(Reply(outcome.events).usage?.output == 3)
        let piece = try see(nil, dialect, streamed: false)
        #expect(piece.length == piece.bytes.count && piece.isWhole && piece.characters == 13)
    }

    @Test("breaks off at each of the seven points", arguments: dialects, SimulatedFault.Point.allCases)
    func points(dialect: Dialect, point: SimulatedFault.Point) throws {
        let seen = try see(.breaks(.reset, .point(point)), dialect)
        #expect(seen.end == .reset && !seen.isWhole)
        let all = try see(nil, dialect).bytes
        #expect(all.starts(with: seen.bytes) && seen.bytes.count < all.count)
        let outcome = try read(seen, dialect)
        // A finish reason tells the end of Chat Completions, and half an event is none.
        let isTold = dialect == .openAIChat && point == .beforeTerminator
        let error: PlenumError.Code = point == .inEvent ? .badUpstream : .upstreamInterrupted
        #expect(outcome.error?.code == (isTold ? nil : error))
        let text = Reply(outcome.events).text
        switch point {
        case .beforeReading, .afterReading: #expect(seen.status == 0 && seen.bytes.isEmpty)
        case .afterHead: #expect(seen.status == 200 && seen.bytes.isEmpty)
        // Gemini's stream begins with its first word.
        case .afterPreamble: #expect(text.isEmpty && seen.bytes.isEmpty == (dialect == .gemini))
        case .afterContent: #expect(text == "one")
        case .inEvent:
            #expect(text == "one")
            #expect(!seen.bytes.suffix(2).elementsEqual("\n\n".utf8))
        case .beforeTerminator: #expect(text == "one two three")
        }
    }

    @Test("that is whole breaks off in its body", arguments: dialects, SimulatedFault.Point.allCases)
    func wholePoints(dialect: Dialect, point: SimulatedFault.Point) throws {
        let seen = try see(.breaks(.stall, .point(point)), dialect, streamed: false)
        #expect(seen.end == .stall)
        guard let length = seen.length else {
            #expect(point == .beforeReading || point == .afterReading)
            return
        }
        let sent: [SimulatedFault.Point: Int] = [.afterHead: 0, .afterPreamble: 1, .beforeTerminator: length - 1]
        #expect(seen.bytes.count == sent[point] ?? length / 2)
    }

    @Test(
        "is refused in its dialect's words",
        arguments: dialects,
        [
            (400, PlenumError.Code.invalidRequest), (401, .upstreamAuthentication), (402, .quotaExhausted),
            (403, .upstreamAuthentication), (404, .notFound), (408, .timeout), (429, .rateLimited), (500, .unavailable),
            (502, .unavailable), (504, .timeout), (529, .overloaded),
        ]
    )
    func refusals(dialect: Dialect, refusal: (status: Int, code: PlenumError.Code)) throws {
        let seen = try see(.refusal(SimulatedFault.Refusal(status: refusal.status)), dialect)
        #expect(seen.status == refusal.status && seen.length == seen.bytes.count)
        let format = try #require(WireFormats.format(for: dialect))
        let error = format.readError(status: seen.status, header: { seen.headers[$0] }, body: seen.bytes, provider: "p")
        #expect(error.code == refusal.code)
        #expect(error.retryAfter == nil)
    }

    @Test("is refused with the headers and for the reasons that were asked for", arguments: dialects)
    func headers(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        var refusal = SimulatedFault.Refusal(status: 429)
        refusal.retryAfter = 3
        refusal.shouldRetry = false
        var seen = try see(.refusal(refusal), dialect)
        var error = format.readError(status: 429, header: { seen.headers[$0] }, body: seen.bytes, provider: "p")
        #expect(error.retryAfter == .seconds(3) && !error.isRetryable)
        refusal.retryAfterMilliseconds = 250
        refusal.shouldRetry = nil
        seen = try see(.refusal(refusal), dialect)
        error = format.readError(status: 429, header: { seen.headers[$0] }, body: seen.bytes, provider: "p")
        #expect(error.retryAfter == .milliseconds(250) && error.isRetryable)
        for (reason, status, code) in [
            (SimulatedFault.Refusal.Reason.quota, 429, PlenumError.Code.quotaExhausted),
            (.contextLength, 400, .contextLength),
        ] {
            seen = try see(.refusal(SimulatedFault.Refusal(status: status, reason: reason)), dialect)
            error = format.readError(status: status, header: { seen.headers[$0] }, body: seen.bytes, provider: "p")
            #expect(error.code == code)
        }
    }

    @Test("tells of an error in place of the rest", arguments: dialects, [nil, 0, 2])
    func errors(dialect: Dialect, words: Int?) throws {
        let seen = try see(.error(status: 529, after: words), dialect)
        #expect(seen.status == 200 && !seen.isWhole && seen.end == nil)
        let outcome = try read(seen, dialect)
        #expect(outcome.error?.code == .overloaded)
        #expect(Reply(outcome.events).text == (words == 2 ? "one two" : ""))
        if words == nil { #expect(outcome.events.isEmpty) }
        #expect(SimulatedFault.errorInReply(status: 529, provider: "p").code == .overloaded)
        let whole = try see(.error(status: 500, after: words), dialect, streamed: false)
        let format = try #require(WireFormats.format(for: dialect))
        let error = #expect(throws: PlenumError.self) {
            try format.readReply(whole.bytes, request: Reading.streamed)
        }
        #expect(error?.code == .unavailable)
    }

    @Test("ends in order without its terminator", arguments: dialects)
    func ends(dialect: Dialect) throws {
        let seen = try see(.breaks(.end, .words(2)), dialect)
        #expect(seen.end == nil && !seen.isWhole)
        let outcome = try read(seen, dialect)
        #expect(Reply(outcome.events).text == "one two" && outcome.error?.code == .upstreamInterrupted)
    }

    @Test("of one word breaks off in its last event", arguments: dialects)
    func oneWord(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        let reply = SimulatedReply(
            events: [.start(id: nil, model: "m"), .text("one"), .finish(FinishReason(.endTurn)), .end],
            fault: .breaks(.close, .point(.inEvent))
        )
        let identity = ReplyIdentity(id: "i", created: 0, model: "m")
        let steps = Array(SimulatedWire(reply, in: format, as: identity, streamed: true))
        guard case .breaks(.close)? = steps.last else {
            Issue.record("it did not break off")
            return
        }
    }
}
