import PlenumCore

/// A streamed answer on its way to the client: written by the door's scribe, and recorded where a key asks for it.
struct AnswerTape: Sendable {
    /// The most bytes that are kept to be given again.
    static let limit = 8 << 20

    private var scribe: any AnswerScribe
    /// The scribe as it was before it wrote the answer's end.
    private var unended: (any AnswerScribe)?
    /// What was written; `nil` if nothing is to be kept, or more was written than that.
    private var recorded: [UInt8]?
    /// The last words of an answer that broke off.
    private(set) var failure: [UInt8]?

    init(_ scribe: any AnswerScribe, isRecording: Bool) {
        self.scribe = scribe
        recorded = isRecording ? [] : nil
    }

    /// Begins the answer of an attempt.
    mutating func begin(as generation: Generation) { scribe.begin(as: generation) }

    /// Writes a piece. A sign of life is no part of the answer.
    mutating func write(_ piece: ReplyPiece) -> [UInt8] {
        if piece.events.contains(.end) { unended = scribe }
        let bytes = scribe.write(piece)
        if !piece.isHeartbeat { record(bytes) }
        return bytes
    }

    /// Writes an error and the end. An end that was written before could not be kept and was not handed out: the client is
    /// told so in its place, and who asks again later is given the whole answer.
    mutating func fail(_ error: PlenumError) {
        if var unended {
            failure = unended.fail(error)
            return
        }
        let bytes = scribe.fail(error)
        record(bytes)
        failure = bytes
    }

    private mutating func record(_ bytes: [UInt8]) {
        guard let count = recorded?.count else { return }
        if count + bytes.count > Self.limit { recorded = nil } else { recorded? += bytes }
    }

    /// The answer to keep, if there is one.
    var answer: ClaimedAnswer? {
        recorded.map { ClaimedAnswer(status: 200, contentType: scribe.contentType, body: $0) }
    }
}
