public import PlenumCore
import Synchronization

/// A completion that comes in pieces, for one reader.
///
/// Whoever opened it must read it with ``deliver(_:)``. One that is dropped unread ends as cancelled.
public final class OpenCompletion: Sendable {
    /// What is needed to go on, until somebody reads.
    private struct Unread {
        var attempt: Attempt
        let stream: ReplyStream
    }

    /// Its row of the ledger, as it began.
    public let generation: Generation
    /// The answer's message, in a conversation.
    public let message: MessageID?
    private let engine: Engine
    private let ask: CompletionAsk
    private let thread: ConversationThread?
    private let live: LiveReply
    private let unread: Mutex<Unread?>

    init(
        _ engine: Engine,
        _ ask: CompletionAsk,
        _ attempt: Attempt,
        _ thread: ConversationThread?,
        _ stream: ReplyStream,
        _ live: LiveReply
    ) {
        self.engine = engine
        self.ask = ask
        self.thread = thread
        self.live = live
        self.generation = attempt.generation
        self.message = thread?.answer.id
        self.unread = Mutex(Unread(attempt: attempt, stream: stream))
    }

    deinit {
        engine.recorder.release(generation.id)
        guard let left = unread.withLock({ $0.take() }) else { return }
        let error = PlenumError(.cancelled, "The client left before the answer began.")
        let ending = left.attempt.ending(Reply(), error: error)
        engine.recorder.adopt(engine.finish(left.attempt, thread, Reply(), ending, words: nil))
    }

    /// Hands out the pieces as they come. The piece that ends the answer is handed out after the whole is on disk.
    ///
    /// - Parameter send: gives a piece to the client; a throw says that the client is gone, and ends the upstream call.
    /// - Throws: the error that broke the answer off, after the part that came was kept; `storage` if the end cannot be
    ///   kept; `cancelled` if the client went.
    public func deliver(_ send: @concurrent (ReplyPiece) async throws -> Void) async throws(PlenumError) {
        guard let opened = unread.withLock({ $0.take() }) else {
            throw PlenumError(.internal, "This answer was read before.")
        }
        var (attempt, pieces, reply) = (opened.attempt, opened.stream.makeAsyncIterator(), Reply())
        var words: [UInt8] = []
        var isKept = false
        defer { engine.recorder.release(generation.id) }
        do {
            while let piece = try await pieces.next() {
                if let error = live.cut.error { throw error }
                attempt.observe(piece)
                for event in piece.events { reply.apply(event) }
                if ask.body != nil { words += piece.verbatim ?? [] }
                if reply.isEnded {
                    try await keepEnd(attempt, reply, words)
                    isKept = true
                    try await send(piece)
                    return
                }
                live.show(piece.events)
                try await send(piece)
            }
            throw PlenumError(.upstreamInterrupted, "The provider's answer ended without its terminator.")
        } catch {
            // The client went while it was given the end: that is on disk already.
            guard !isKept else { throw PlenumError.of(error) }
            opened.stream.cancel()
            let failure = engine.told(PlenumError.of(error), live.cut)
            await keepBreak(attempt, reply, words, failure)
            throw failure
        }
    }

    private func keepEnd(_ attempt: Attempt, _ reply: Reply, _ words: [UInt8]) async throws(PlenumError) {
        live.close()
        try await engine.recorder.commitEnd(
            engine.finish(attempt, thread, reply, attempt.ending(reply), words: kept(reply, words))
        )
    }

    private func keepBreak(_ attempt: Attempt, _ reply: Reply, _ words: [UInt8], _ error: PlenumError) async {
        live.close()
        let ending = attempt.ending(reply, error: error)
        await engine.recorder.commitEventually(engine.finish(attempt, thread, reply, ending, words: kept(reply, words)))
    }

    private func kept(_ reply: Reply, _ words: [UInt8]) -> [UInt8]? {
        guard ask.body != nil else { return nil }
        return words.isEmpty ? Transcript.bytes(of: reply) : words
    }
}

extension PlenumError {
    /// Gives any error a code: a foreign one on the way to the client means that the client is gone.
    static func of(_ error: any Error) -> PlenumError {
        (error as? PlenumError)
            ?? PlenumError(.cancelled, "The client left before the answer was complete.", cause: "\(error)")
    }
}
