import PlenumCore

/// What reading a piece of a reply gives: events, and the changes to make in bytes that are passed through.
struct FoldOutput {
    var events: [ReplyEvent] = []
    var splices = ByteSplices()
}

/// A piece of JSON in a reply, and what may be done to the bytes around it.
struct FoldInput {
    /// The bytes that hold it.
    var bytes: [UInt8]
    /// Its span in them.
    var span: Range<Int>
    /// The span of its event in the batch; `nil` if there is none or its data is not a span of the batch.
    var raw: Range<Int>?
    /// Whether changes are wanted.
    var isVerbatim: Bool
    /// The event's name.
    var isNamedError = false

    var isDone: Bool { bytes[span].elementsEqual("[DONE]".utf8) }

    /// A reader of the JSON.
    var reader: JSONReader { JSONReader(bytes, from: span.lowerBound) }

    /// Checks that the JSON ended within its span.
    func check(_ reader: JSONReader) throws(JSONError) {
        guard reader.position <= span.upperBound else {
            throw JSONError("the text ends inside a value", at: span.upperBound - span.lowerBound)
        }
    }
}

/// The part of a streamed reply's reader that knows the dialect.
protocol ReplyFold: Sendable {
    /// Takes one event's data.
    mutating func take(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError)
    /// Takes a whole reply, which came in one piece.
    mutating func takeWhole(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError)
    /// Takes the end of the stream; `stray` are lines that were no event.
    mutating func finish(stray: [UInt8], into output: inout FoldOutput) throws(PlenumError)
}

/// Reads a streamed reply of any dialect that comes as server-sent events.
struct StreamReplyReader<Fold: ReplyFold>: ReplyReader {
    private var parser = SSEParser()
    private var fold: Fold
    private let isVerbatim: Bool
    private(set) var failure: PlenumError?

    init(_ fold: Fold, isVerbatim: Bool) {
        self.fold = fold
        self.isVerbatim = isVerbatim
    }

    mutating func feed(_ bytes: [UInt8]) throws(PlenumError) -> ReplyPiece {
        if let failure { throw failure }
        let batch: SSEBatch
        do {
            batch = try parser.feed(bytes)
        } catch {
            failure = error
            throw error
        }
        let piece = read(batch)
        if let failure, piece.events.isEmpty, piece.verbatim?.isEmpty != false { throw failure }
        return piece
    }

    mutating func finish() throws(PlenumError) -> ReplyPiece {
        if let failure { throw failure }
        let batch = parser.finish()
        var piece = read(batch)
        if let failure {
            guard !piece.events.isEmpty || piece.verbatim?.isEmpty == false else { throw failure }
            return piece
        }
        var output = FoldOutput()
        do {
            if parser.isBare, let whole = wholeReply(parser.strayLines) {
                // The client asked for a stream: it is written one.
                (output, piece.verbatim) = (whole, nil)
            } else {
                try fold.finish(stray: parser.strayLines, into: &output)
            }
        } catch {
            failure = error
            throw error
        }
        piece.events += output.events
        return piece
    }

    /// Reads lines as an answer in one piece, from a server that knows no streams or did not care; `nil` if they are none.
    private func wholeReply(_ lines: [UInt8]) -> FoldOutput? {
        guard lines.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
        var (fold, output) = (fold, FoldOutput())
        let input = FoldInput(bytes: lines, span: 0..<lines.count, raw: nil, isVerbatim: false)
        do throws(PlenumError) { try fold.takeWhole(input, into: &output) } catch { return nil }
        return output
    }

    private mutating func read(_ batch: SSEBatch) -> ReplyPiece {
        var output = FoldOutput()
        var limit = batch.bytes.count
        for event in batch.events {
            let (bytes, span) = batch.source(of: event)
            var input = FoldInput(bytes: bytes, span: span, raw: event.raw, isVerbatim: isVerbatim)
            if event.joined != nil { input.isVerbatim = false }
            if let name = event.nameSpan { input.isNamedError = batch.bytes[name].elementsEqual("error".utf8) }
            do {
                try fold.take(input, into: &output)
            } catch {
                failure = error
                limit = event.raw.lowerBound
                break
            }
        }
        let verbatim = isVerbatim ? output.splices.applied(to: batch.bytes, upTo: limit) : nil
        return ReplyPiece(events: output.events, verbatim: verbatim)
    }
}

extension CompletionRequest {
    /// Whether the reply's bytes are wanted because the client speaks this dialect.
    func isVerbatim(in dialect: Dialect) -> Bool {
        if case .verbatim(let prompt) = prompt { prompt.dialect == dialect } else { false }
    }

    /// The client's body, if it can be passed through in this dialect.
    func verbatim(in dialect: Dialect) -> VerbatimRequest? {
        if case .verbatim(let prompt) = prompt, prompt.dialect == dialect { prompt } else { nil }
    }

    /// What is asked, read from the client's bytes if need be.
    func chat() throws(PlenumError) -> ChatRequest {
        switch prompt {
        case .chat(let chat): return chat
        case .verbatim(let verbatim):
            guard let format = WireFormats.format(for: verbatim.dialect) else {
                throw PlenumError(.internal, "There is no reader for the dialect \(verbatim.dialect.rawValue).")
            }
            return try format.readRequest(verbatim.body).chat
        }
    }
}

extension PlenumError {
    /// The provider sent something that is not the JSON it owes.
    static func unreadable(_ error: JSONError) -> PlenumError {
        PlenumError(.badUpstream, "The provider's answer cannot be read; try again.", cause: error.description)
    }

    /// The stream ended before the reply did.
    static var cutOff: PlenumError {
        PlenumError(.upstreamInterrupted, "The provider's answer broke off before its end; try again.")
    }
}

/// Runs a reader of a provider's JSON and turns its complaint into the error of an answer that is none.
func readingUpstream<Value>(_ body: () throws(JSONError) -> Value) throws(PlenumError) -> Value {
    do {
        return try body()
    } catch {
        throw .unreadable(error)
    }
}
