import PlenumCore
import PlenumEngine
import PlenumWire

/// Writes a streamed answer in a dialect; what came in that dialect already goes through as it is.
struct ReplyScribe: AnswerScribe {
    private var writer: any ReplyWriter

    init(_ writer: any ReplyWriter) { self.writer = writer }

    let contentType = "text/event-stream; charset=utf-8"

    mutating func write(_ piece: ReplyPiece) -> [UInt8] {
        piece.isHeartbeat ? writer.keepAlive : piece.verbatim ?? writer.write(piece.events)
    }

    mutating func fail(_ error: PlenumError) -> [UInt8] { writer.fail(error) }
}
