import PlenumCore
import PlenumEngine
import PlenumWire

/// Writes a streamed answer in a dialect; what came in that dialect already goes through as it is.
struct ReplyScribe: AnswerScribe {
    private var writer: any ReplyWriter
    private let make: (@Sendable (Generation) -> any ReplyWriter)?
    /// Whether anything of the answer itself was written.
    private var hasContent = false

    /// Makes a scribe for an answer that is one model's.
    init(_ writer: any ReplyWriter) {
        self.writer = writer
        make = nil
    }

    /// Makes a scribe for an answer of which it is not known whose it will be.
    /// - Parameters:
    ///   - generation: the attempt that is under way.
    ///   - make: makes a writer for the answer of an attempt.
    init(_ generation: Generation, _ make: @escaping @Sendable (Generation) -> any ReplyWriter) {
        writer = make(generation)
        self.make = make
    }

    let contentType = "text/event-stream; charset=utf-8"

    mutating func begin(as generation: Generation) {
        if let make { writer = make(generation) }
    }

    mutating func write(_ piece: ReplyPiece) -> [UInt8] {
        if !hasContent { hasContent = piece.events.contains(where: \.isContent) }
        return piece.isHeartbeat ? writer.keepAlive : piece.verbatim ?? writer.write(piece.events)
    }

    mutating func fail(_ error: PlenumError) -> [UInt8] { writer.fail(error, isPartial: hasContent) }
}
