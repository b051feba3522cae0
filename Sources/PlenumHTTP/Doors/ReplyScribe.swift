import PlenumCore
import PlenumEngine
import PlenumWire

/// Writes a streamed answer in a dialect; what came in that dialect already goes through as it is.
struct ReplyScribe: AnswerScribe {
    /// The writer, once something had to be written.
    private var writer: (any ReplyWriter)?
    private var make: @Sendable () -> any ReplyWriter
    private let remake: (@Sendable (Generation) -> any ReplyWriter)?
    private let keepAlive: [UInt8]
    private var framing: ArrayFraming?
    /// Whether anything of the answer itself was written.
    private var hasContent = false
    /// What is told with the end of the answer of how it came to be; nothing unless a client asks for it.
    var metadata: (@Sendable () -> JSONObject?)?

    /// Makes a scribe for an answer that is one model's.
    init(_ writer: any ReplyWriter, isArray: Bool = false) {
        self.writer = writer
        make = { writer }
        remake = nil
        keepAlive = []
        framing = isArray ? ArrayFraming() : nil
    }

    /// Makes a scribe for an answer of which it is not known whose it will be.
    /// - Parameters:
    ///   - generation: the attempt that is under way.
    ///   - keepAlive: what a client is sent while nothing comes.
    ///   - isArray: whether the stream is one JSON array.
    ///   - make: makes a writer for the answer of an attempt, if one is needed.
    init(
        _ generation: Generation,
        keepAlive: [UInt8],
        isArray: Bool,
        _ make: @escaping @Sendable (Generation) -> any ReplyWriter
    ) {
        self.make = { make(generation) }
        remake = make
        self.keepAlive = keepAlive
        framing = isArray ? ArrayFraming() : nil
    }

    var contentType: String { Self.contentType(isArray: framing != nil) }

    static func contentType(isArray: Bool) -> String {
        isArray ? "application/json; charset=utf-8" : "text/event-stream; charset=utf-8"
    }

    mutating func begin(as generation: Generation) {
        guard let remake else { return }
        writer = nil
        make = { remake(generation) }
    }

    mutating func write(_ piece: ReplyPiece) -> [UInt8] {
        if !hasContent { hasContent = piece.events.contains(where: \.isContent) }
        if piece.isHeartbeat { return framing == nil ? keepAlive : [] }
        let bytes = piece.verbatim ?? written { $0.write(piece.events) }
        return framed(bytes, isLast: piece.events.last == .end)
    }

    mutating func fail(_ error: PlenumError) -> [UInt8] {
        let isPartial = hasContent
        return framed(written { $0.fail(error, isPartial: isPartial) }, isLast: true)
    }

    private mutating func written(_ write: (inout any ReplyWriter) -> [UInt8]) -> [UInt8] {
        var used = writer ?? make()
        let bytes = write(&used)
        writer = used
        return bytes
    }

    private mutating func framed(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var bytes = bytes
        if isLast, let record = metadata?() { bytes = RoutingMetadata.add(record, toLastOf: bytes) }
        return framing?.frame(bytes, isLast: isLast) ?? bytes
    }
}
