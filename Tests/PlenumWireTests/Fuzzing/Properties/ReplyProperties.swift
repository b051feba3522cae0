import PlenumCore
import PlenumWire

/// What holds of a format that reads a provider's reply.
struct ReplyProperties {
    /// What came of a reading.
    struct Outcome: Equatable, CustomStringConvertible {
        var events: [ReplyEvent] = []
        /// The bytes that are passed on, without line ends: where these are mixed, a cut decides which event an LF is of.
        /// None if reading failed: the bytes before the fault may come or not.
        var verbatim: [UInt8] = []
        /// Without its cause, which tells of the bytes as they were cut.
        var error: PlenumError?

        var description: String {
            "\(events), \(String(decoding: verbatim, as: UTF8.self)), \(error.map { "\($0)" } ?? "no error")"
        }
    }

    private let format: any WireFormat
    private static let identity = ReplyIdentity(id: "id-1", created: 5, model: "p/m")

    init(_ format: any WireFormat) { self.format = format }

    /// A reply is the same for every cut; what is read is written in every dialect and read there.
    func check(_ cuts: Cuts) throws(Violation) {
        for isVerbatim in [false, true] {
            let request = Self.request(format.dialect, isVerbatim: isVerbatim)
            let whole = Self.stream([cuts.body], format.makeReplyReader(for: request))
            let cut = Self.stream(cuts.pieces, format.makeReplyReader(for: request))
            try hold(cut == whole, "a stream is the same for every cut:\n\(cut)\nand not\n\(whole)")
            if whole.error == nil {
                try hold(whole.events.last == .end, "a stream that was read ends")
                if !isVerbatim { try rewrite(whole.events) }
            }
            try checkBody(cuts.body, request)
        }
        let error = format.readError(status: 500, header: { _ in nil }, body: cuts.body, provider: "p")
        for other in WireFormats.all {
            let wire = other.writeError(error)
            try hold((try? JSONValue(parsing: wire.body)) != nil, "an error is JSON in \(other.dialect.rawValue)")
        }
    }

    private func checkBody(_ body: [UInt8], _ request: CompletionRequest) throws(Violation) {
        guard let piece = try? format.readReply(body, request: request) else { return }
        try hold(piece.events.last == .end, "a reply that was read ends")
        if let verbatim = piece.verbatim {
            try hold((try? JSONValue(parsing: verbatim)) != nil, "a reply that is passed on stays JSON")
        } else {
            try rewrite(piece.events)
        }
    }

    /// Writes a reply in every dialect, streamed and whole, and reads it back.
    private func rewrite(_ events: [ReplyEvent]) throws(Violation) {
        for other in WireFormats.all {
            let name = other.dialect.rawValue
            let request = Self.request(other.dialect, isVerbatim: false)
            let whole = other.writeReply(Reply(events), as: Self.identity)
            do {
                _ = try other.readReply(whole, request: request)
            } catch {
                throw Violation("a reply written in \(name) is read: \(error)")
            }
            var writer = other.makeReplyWriter(as: Self.identity)
            var stream: [UInt8] = []
            for event in events { stream += writer.write([event]) }
            let outcome = Self.stream([stream], other.makeReplyReader(for: request))
            try hold(outcome.error == nil, "a stream written in \(name) is read: \(outcome)")
        }
    }

    private static func request(_ dialect: Dialect, isVerbatim: Bool) -> CompletionRequest {
        let verbatim = VerbatimRequest(dialect: dialect, body: Array("{}".utf8), modelSpan: nil, wantsUsage: false)
        return CompletionRequest(
            model: "upstream",
            tag: RequestProperties.tag,
            stream: true,
            prompt: isVerbatim ? .verbatim(verbatim) : .chat(ChatRequest(prompt: "x"))
        )
    }

    private static func stream(_ pieces: [[UInt8]], _ reader: any ReplyReader) -> Outcome {
        var reader = reader
        var outcome = Outcome()
        func take(_ piece: ReplyPiece) {
            outcome.events += piece.events
            outcome.verbatim += (piece.verbatim ?? []).filter { $0 != 0x0A && $0 != 0x0D }
        }
        do throws(PlenumError) {
            for piece in pieces { take(try reader.feed(piece)) }
            take(try reader.finish())
            // What came before an error is given first, also at the end.
            if let failure = reader.failure { throw failure }
        } catch {
            outcome.error = error
            outcome.error?.cause = nil
            outcome.verbatim = []
        }
        return outcome
    }
}
