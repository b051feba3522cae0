public import PlenumCore
import Synchronization

/// A completion that comes in pieces, for one reader.
///
/// Whoever opened it must read it with ``deliver(_:)``. One that is dropped unread ends as cancelled.
public final class OpenCompletion: Sendable {
    /// What is needed to go on, until somebody reads.
    private struct Unread {
        var course: Course
        let stream: ReplyStream
    }

    /// Its row of the ledger, as it began.
    public let generation: Generation
    /// The answer's message, in a conversation.
    public let message: MessageID?
    /// What the provider could not be told as the client said it.
    public let warnings: [RequestWarning]
    /// What was tried for it so far; all of it once it has been read.
    public var routing: RoutingRecord { trace.record }
    private let trace: RoutingTrace
    private let engine: Engine
    private let ask: CompletionAsk
    private let thread: ConversationThread?
    private let live: LiveReply
    private let unread: Mutex<Unread?>

    init(
        _ engine: Engine,
        _ ask: CompletionAsk,
        _ course: Course,
        _ thread: ConversationThread?,
        _ stream: ReplyStream,
        _ live: LiveReply
    ) {
        self.engine = engine
        self.ask = ask
        self.thread = thread
        self.live = live
        self.generation = course.attempt.generation
        self.message = thread?.answer.id
        self.warnings = course.attempt.warnings
        self.trace = course.trace
        self.unread = Mutex(Unread(course: course, stream: stream))
    }

    deinit {
        engine.recorder.release(live.generation)
        guard let left = unread.withLock({ $0.take() }) else { return }
        let error = PlenumError(.cancelled, "The client left before the answer began.")
        left.course.end(error)
        engine.recorder.adopt(engine.failure(left.course.attempt, thread, ask, error))
    }

    /// Hands out the pieces as they come. The piece that ends the answer is handed out after the whole is on disk.
    ///
    /// - Parameter send: gives a piece to the client; a throw says that the client is gone, and ends the upstream call.
    /// - Throws: the error that broke the answer off, after the part that came was kept; `storage` if the end cannot be
    ///   kept; `cancelled` if the client went.
    public func deliver(_ send: @concurrent (ReplyPiece) async throws -> Void) async throws(PlenumError) {
        var tape: AnswerTape?
        try await deliver(&tape) { piece, _ in try await send(piece) }
    }

    /// Hands out the answer as a door's clients read it, also the error that breaks it off, which is thrown afterwards. With
    /// a key what is handed out is kept, to be given again.
    ///
    /// - Parameters:
    ///   - scribe: writes the pieces.
    ///   - send: gives bytes to the client; a throw says that the client is gone, and ends the upstream call.
    /// - Throws: as ``deliver(_:)``.
    public func deliver(
        as scribe: some AnswerScribe,
        _ send: @concurrent ([UInt8]) async throws -> Void
    ) async throws(PlenumError) {
        var tape: AnswerTape? = AnswerTape(scribe, isRecording: ask.claim != nil && ask.body != nil)
        do {
            try await deliver(&tape) { _, bytes in if !bytes.isEmpty { try await send(bytes) } }
        } catch {
            // Nobody is left to hear of a cancellation, and what the tape says of it is for who asks again.
            if error.code != .cancelled, let last = tape?.failure { try? await send(last) }
            throw error
        }
    }

    private func deliver(
        _ tape: inout AnswerTape?,
        _ send: @concurrent (ReplyPiece, [UInt8]) async throws -> Void
    ) async throws(PlenumError) {
        guard let opened = unread.withLock({ $0.take() }) else {
            throw PlenumError(.internal, "This answer was read before.")
        }
        var (course, stream) = (opened.course, opened.stream)
        defer { engine.recorder.release(live.generation) }
        while true {
            var reading = Reading()
            let read = course.attempt.generation
            tape?.begin(as: read)
            do {
                return try await deliver(stream, &course, &reading, &tape, send)
            } catch {
                // The client went while it was given the end: that is on disk already.
                guard !reading.isKept else { throw PlenumError.of(error) }
                stream.cancel()
                var failure: PlenumError
                do throws(PlenumError) {
                    stream = try await next(&course, after: engine.told(PlenumError.of(error), live.cut))
                    continue
                } catch {
                    failure = engine.told(error, live.cut)
                }
                failure = course.end(with: failure)
                tape?.fail(failure)
                // What was held back came from an attempt that has its own row, if another followed it.
                if course.attempt.generation.id != read.id { reading = Reading() }
                await keepBreak(course.attempt, reading, failure, tape?.answer)
                throw failure
            }
        }
    }

    /// How far an attempt has come.
    private struct Reading {
        var reply = Reply()
        var words: [UInt8] = []
        /// What came before the first content: another attempt may take its place, so nobody has seen it.
        var held: [ReplyPiece] = []
        var isKept = false
    }

    /// Hands out the pieces of one attempt.
    ///
    /// This and what follows is not inlined: all that a function may ever hold lies in its frame while it waits, and thousands
    /// wait here for the next piece. The ends, which hold whole records, have frames of their own, which are there when they are
    /// needed.
    @inline(never)
    private func deliver(
        _ stream: ReplyStream,
        _ course: inout Course,
        _ reading: inout Reading,
        _ tape: inout AnswerTape?,
        _ send: @concurrent (ReplyPiece, [UInt8]) async throws -> Void
    ) async throws {
        var pieces = stream.makeAsyncIterator()
        while let piece = try await pieces.next() {
            if let error = live.cut.error { throw error }
            guard !piece.isHeartbeat else {
                try await send(piece, tape?.write(piece) ?? [])
                continue
            }
            course.observe(piece)
            for event in piece.events { reading.reply.apply(event) }
            if ask.body != nil { reading.words += piece.verbatim ?? [] }
            guard course.attempt.hasContent || reading.reply.isEnded else {
                reading.held.append(piece)
                continue
            }
            if reading.reply.isEnded { course.answer() }
            for held in reading.held { try await send(held, tape?.write(held) ?? []) }
            reading.held.removeAll()
            let written = tape?.write(piece) ?? []
            if reading.reply.isEnded {
                try await keepEnd(course.attempt, reading, tape?.answer)
                reading.isKept = true
                course.end(nil)
                return try await send(piece, written)
            }
            live.show(piece.events)
            try await send(piece, written)
        }
        throw PlenumError(.upstreamInterrupted, "The provider's answer ended without its terminator.")
    }

    /// Goes on to another attempt, if the last one has shown nothing and its error allows it.
    /// - Throws: the error of the last attempt.
    @inline(never)
    private func next(_ course: inout Course, after error: PlenumError) async throws(PlenumError) -> ReplyStream {
        try await engine.goOn(&course, after: error, live, .begun(ask.content))
        return try await engine.begin(&course, live, ask)
    }

    @inline(never)
    private func keepEnd(
        _ attempt: Attempt,
        _ reading: Reading,
        _ answer: ClaimedAnswer?
    ) async throws(PlenumError) {
        live.close()
        try await engine.recorder.commitEnd(changes(attempt, reading, nil, answer, hasOutput: true))
    }

    @inline(never)
    private func keepBreak(
        _ attempt: Attempt,
        _ reading: Reading,
        _ error: PlenumError,
        _ answer: ClaimedAnswer?
    ) async {
        live.close()
        let hasOutput = attempt.hasContent || reading.reply.isEnded
        await engine.recorder.commitEventually(changes(attempt, reading, error, answer, hasOutput: hasOutput))
    }

    /// What is written of an answer that has ended, well or not.
    @inline(never)
    private func changes(
        _ attempt: Attempt,
        _ reading: Reading,
        _ error: PlenumError?,
        _ answer: ClaimedAnswer?,
        hasOutput: Bool
    ) -> [StorageChange] {
        let ending = attempt.ending(reading.reply, error: error)
        return engine.finish(attempt, thread, reading.reply, ending, words: kept(reading))
            + engine.end(ask, attempt, ending.status, hasOutput: hasOutput, answer)
    }

    private func kept(_ reading: Reading) -> [UInt8]? {
        guard ask.body != nil else { return nil }
        return reading.words.isEmpty ? Transcript.bytes(of: reading.reply) : reading.words
    }
}

extension PlenumError {
    /// Gives any error a code: a foreign one on the way to the client means that the client is gone.
    static func of(_ error: any Error) -> PlenumError {
        (error as? PlenumError)
            ?? PlenumError(.cancelled, "The client left before the answer was complete.", cause: "\(error)")
    }
}
