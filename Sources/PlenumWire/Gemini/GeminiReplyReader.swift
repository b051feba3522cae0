import PlenumCore

/// Reads Gemini's stream: events, or without `alt=sse` one JSON array, known by the first byte.
struct GeminiReplyReader: ReplyReader {
    private enum Mode {
        case undecided
        case events(StreamReplyReader<GeminiReplyFold>)
        case array(GeminiArrayReader)
    }

    private let request: CompletionRequest
    private var mode = Mode.undecided
    /// White space that came before anything told how the stream is written; a page of it is enough.
    private var held: [UInt8] = []
    private static let mostHeld = 4096

    init(_ request: CompletionRequest) { self.request = request }

    var failure: PlenumError? {
        switch mode {
        case .undecided: nil
        case .events(let reader): reader.failure
        case .array(let reader): reader.failure
        }
    }

    mutating func feed(_ bytes: [UInt8]) throws(PlenumError) -> ReplyPiece {
        let isFirst = if case .undecided = mode { true } else { false }
        let bytes = isFirst ? held + bytes : bytes
        decide(bytes)
        held = []
        switch mode {
        case .undecided:
            held = Array(bytes.suffix(Self.mostHeld))
            return ReplyPiece(events: [], verbatim: request.isVerbatim(in: .gemini) ? [] : nil)
        case .events(var reader):
            mode = .undecided
            defer { mode = .events(reader) }
            return try reader.feed(bytes)
        case .array(var reader):
            mode = .undecided
            defer { mode = .array(reader) }
            return try reader.feed(bytes)
        }
    }

    mutating func finish() throws(PlenumError) -> ReplyPiece {
        switch mode {
        case .undecided: throw .cutOff
        case .events(var reader):
            defer { mode = .events(reader) }
            return try reader.finish()
        case .array(var reader):
            defer { mode = .array(reader) }
            return try reader.finish()
        }
    }

    private mutating func decide(_ bytes: [UInt8]) {
        guard case .undecided = mode,
            let first = bytes.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 })
        else { return }
        let isVerbatim = request.isVerbatim(in: .gemini)
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            mode = .array(GeminiArrayReader(GeminiReplyFold(request), isVerbatim: isVerbatim))
        } else {
            mode = .events(StreamReplyReader(GeminiReplyFold(request), isVerbatim: isVerbatim))
        }
    }
}

/// Reads a stream that is one JSON array of responses, or a lone error.
///
/// Each element is found by counting brackets outside strings, each byte looked at once. A client that asked for events
/// gets each element as an event.
struct GeminiArrayReader: Sendable {
    private var fold: GeminiReplyFold
    private let isVerbatim: Bool
    private var element: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private(set) var failure: PlenumError?

    init(_ fold: GeminiReplyFold, isVerbatim: Bool) {
        self.fold = fold
        self.isVerbatim = isVerbatim
    }

    mutating func feed(_ bytes: [UInt8]) throws(PlenumError) -> ReplyPiece {
        if let failure { throw failure }
        var piece = ReplyPiece(events: [], verbatim: isVerbatim ? [] : nil)
        for byte in bytes where failure == nil {
            if depth > 0 || byte == UInt8(ascii: "{") { element.append(byte) }
            guard closesElement(byte) else { continue }
            take(&piece)
        }
        if element.count > SSEParser.maximumEventSize {
            failure = PlenumError(.badUpstream, "The provider sent a chunk of more than 16 MB; ask for less at a time.")
        }
        if let failure, piece.events.isEmpty, piece.verbatim?.isEmpty != false { throw failure }
        return piece
    }

    mutating func finish() throws(PlenumError) -> ReplyPiece {
        if let failure { throw failure }
        guard element.isEmpty else { throw .cutOff }
        var output = FoldOutput()
        try fold.finish(stray: [], into: &output)
        return ReplyPiece(events: output.events, verbatim: isVerbatim ? [] : nil)
    }

    /// Counts a byte; `true` if it ends an element.
    private mutating func closesElement(_ byte: UInt8) -> Bool {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\"") where depth > 0: isInString = true
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}") where depth > 0:
            depth -= 1
            return depth == 0
        default: break
        }
        return false
    }

    private mutating func take(_ piece: inout ReplyPiece) {
        var output = FoldOutput()
        let input = FoldInput(bytes: element, span: 0..<element.count, raw: nil, isVerbatim: isVerbatim)
        do {
            try fold.take(input, into: &output)
        } catch {
            failure = error
            return
        }
        piece.events += output.events
        if isVerbatim, let tree = try? JSONValue(parsing: output.splices.applied(to: element)) {
            var frame = piece.verbatim ?? []
            SSEWriter.append(tree.bytes, to: &frame)
            piece.verbatim = frame
        }
        element = []
    }
}
