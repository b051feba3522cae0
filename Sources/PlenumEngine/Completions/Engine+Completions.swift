import Logging
public import PlenumCore

extension Engine {
    /// Completes a prompt in one piece. When this returns, the exchange is on disk.
    /// - Throws: the provider's refusal, or `storage` if the exchange cannot be kept.
    public func complete(_ ask: CompletionAsk) async throws(PlenumError) -> WholeCompletion {
        let (plan, thread) = try await prepare(ask)
        var course = plan
        let live = LiveReply(course.attempt.generation.id)
        let isBegun = thread != nil || ask.claim != nil
        if isBegun { try await keepBeginning(course, thread, ask, live) }
        defer { recorder.release(live.generation) }
        var conclusion: Conclusion?
        do {
            let piece = try await whole(&course, live, isBegun ? .begun(ask.content) : .nothing)
            let reached = conclude(course, thread, ask, piece)
            conclusion = reached
            if isBegun {
                try await recorder.commitEnd(reached.changes)
            } else {
                try await recorder.commitNew(course.failed.map { .createGeneration($0, nil) } + reached.changes)
            }
            course.end(nil)
            return reached.done
        } catch {
            throw await keepFailure(of: course, thread, ask, conclusion, error, isBegun: isBegun, live)
        }
    }

    /// A whole answer, and what is to be kept of it.
    private struct Conclusion {
        let done: WholeCompletion
        let words: [UInt8]?
        let answer: ClaimedAnswer?
        let changes: [StorageChange]
    }

    // What follows is not inlined: all that a function may hold lies in its frame while it waits.

    /// Sums up an answer that has come.
    @inline(never)
    private func conclude(
        _ course: Course,
        _ thread: ConversationThread?,
        _ ask: CompletionAsk,
        _ piece: ReplyPiece
    ) -> Conclusion {
        let (attempt, reply) = (course.attempt, Reply(piece.events))
        let words = ask.body == nil ? nil : piece.verbatim ?? Transcript.bytes(of: reply)
        let ending = attempt.ending(reply)
        let done = WholeCompletion(attempt, ending, reply, piece.verbatim, thread?.answer.id, course.answer())
        let answer = ask.claim?.write(done)
        let changes =
            end(attempt, ask, thread, reply, ending, words: words)
            + end(ask, attempt, ending.status, hasOutput: true, answer)
        return Conclusion(done: done, words: words, answer: answer, changes: changes)
    }

    /// Keeps what came and was paid for, as soon as it can be; who asks again is given it.
    /// - Returns: what the client is told.
    @inline(never)
    private func keepFailure(
        of course: Course,
        _ thread: ConversationThread?,
        _ ask: CompletionAsk,
        _ conclusion: Conclusion?,
        _ error: PlenumError,
        isBegun: Bool,
        _ live: LiveReply
    ) async -> PlenumError {
        let (attempt, reply) = (course.attempt, conclusion?.done.reply ?? Reply())
        let failure = course.end(with: told(error, live.cut))
        let ending = attempt.ending(reply, error: failure)
        let hasOutput = attempt.hasContent || conclusion?.answer != nil
        let failed = failure.code == .cancelled ? nil : ask.claim?.writeError(failure)
        let claimed = end(ask, attempt, ending.status, hasOutput: hasOutput, conclusion?.answer ?? failed)
        let before: [StorageChange] = isBegun ? [] : course.failed.map { .createGeneration($0, nil) }
        let ended = end(attempt, ask, thread, reply, ending, words: conclusion?.words)
        await recorder.commitEventually(before + ended + claimed)
        return live.cut.error == nil && error.code != .fenced ? course.explaining(error) : failure
    }

    /// The changes that end a whole completion: by itself, and without a key, it is written in one piece.
    private func end(
        _ attempt: Attempt,
        _ ask: CompletionAsk,
        _ thread: ConversationThread?,
        _ reply: Reply,
        _ ending: GenerationEnding,
        words: [UInt8]?
    ) -> [StorageChange] {
        guard thread == nil, ask.claim == nil else { return finish(attempt, thread, reply, ending, words: words) }
        var generation = attempt.generation
        generation.status = ending.status
        generation.ending = ending
        var content = ask.content
        content?.reply = words ?? []
        return [.createGeneration(generation, content)] + callState(attempt, reply, keeps: words != nil)
    }

    /// Notes what the model had in mind when it asked for calls, where the client's dialect may not carry it.
    /// - Parameter keeps: whether words may be kept; if not, it is held in memory alone.
    /// - Returns: the change that keeps it.
    private func callState(_ attempt: Attempt, _ reply: Reply, keeps: Bool) -> [StorageChange] {
        let generation = attempt.generation
        guard generation.door != generation.dialect, let state = CallMemory.state(of: reply, at: clock.now()) else {
            return []
        }
        callMemory.note(state)
        return keeps ? [.keepCallState(state)] : []
    }

    /// Keeps the beginning of a reply, and with it the claim on its key. Where that fails without a clear outcome, an end is
    /// kept as soon as it can be, so that nothing stays in progress.
    /// - Throws: `idempotencyInProgress` if another request took the key first.
    @inline(never)
    private func keepBeginning(
        _ course: Course,
        _ thread: ConversationThread?,
        _ ask: CompletionAsk,
        _ live: LiveReply
    ) async throws(PlenumError) {
        let attempt = course.attempt
        do {
            // The claim comes first, so that a key that is taken costs the others of its transaction nothing.
            let beginning = claim(ask, attempt) + (thread?.beginning ?? [])
            let tenure = try await recorder.commitNew(beginning + [.createGeneration(attempt.generation, ask.content)])
            recorder.follow(live, since: tenure)
        } catch {
            try await checkIsFree(ask.claim?.ask, after: error)
            if error.isOutcomeUnknown { recorder.adopt(failure(attempt, thread, ask, error), isUncertain: true) }
            course.end(error)
            throw error
        }
    }

    /// Reads an answer in one go, from whoever gives it.
    private func whole(
        _ course: inout Course,
        _ live: LiveReply,
        _ kept: Course.Kept
    ) async throws(PlenumError) -> ReplyPiece {
        while true {
            do throws(PlenumError) {
                var pieces = try await begin(&course, live).makeAsyncIterator()
                var whole = ReplyPiece(events: [])
                while let piece = try await pieces.next() {
                    course.observe(piece)
                    whole.events += piece.events
                    whole.verbatim = whole.verbatim.map { $0 + (piece.verbatim ?? []) } ?? piece.verbatim
                }
                return whole
            } catch {
                try await goOn(&course, after: error, live, kept)
            }
        }
    }

    /// Goes on to the next attempt after one that failed and has shown nothing.
    /// - Throws: the error, if nothing follows from it.
    func goOn(
        _ course: inout Course,
        after error: PlenumError,
        _ live: LiveReply,
        _ kept: Course.Kept
    ) async throws(PlenumError) {
        guard live.cut.error == nil else { throw error }
        let last = course.attempt.generation.id
        try await course.advance(after: error)
        logger.info(
            "an attempt failed, another is made",
            metadata: [
                "generation": "\(last)", "error": "\(error)", "next": "\(course.attempt.generation.model)",
                "attempt": "\(course.attempt.generation.attempt)",
            ]
        )
        guard case .begun(let content) = kept else { return live.goOn(with: course.attempt.generation.id) }
        let tenure = recorder.tenure
        recorder.release(last)
        let step = course.step(content)
        do throws(PlenumError) { try await recorder.commit(step) } catch {
            if error.isOutcomeUnknown {
                // If the second was begun, its end is kept like any other; if not, the first has still to end.
                recorder.adopt(Array(step.prefix(1)), isUncertain: true)
            } else {
                course.takeBack()
            }
            throw error
        }
        live.goOn(with: course.attempt.generation.id)
        recorder.follow(live, since: tenure)
    }

    /// Asks the provider. Where others may take this process for dead, the asking ends when they do.
    private func begin(_ course: inout Course, _ live: LiveReply) async throws(PlenumError) -> ReplyStream {
        guard storage.isShared else { return try await course.begin() }
        let asked = course.attempt
        let begun = try await live.cut.watch { () async throws(PlenumError) in try await asked.begun() }
        course.resume(begun.attempt)
        live.cut.whenItHappens(begun.stream.cancel)
        return begun.stream
    }

    /// Asks until a provider has taken the request.
    func begin(
        _ course: inout Course,
        _ live: LiveReply,
        _ ask: CompletionAsk
    ) async throws(PlenumError) -> ReplyStream {
        while true {
            do throws(PlenumError) { return try await begin(&course, live) } catch {
                try await goOn(&course, after: error, live, .begun(ask.content))
            }
        }
    }

    /// Opens a completion that comes in pieces. When this returns, the question is on disk.
    ///
    /// It is opened in a task of its own, whose memory goes with it: the reader's task would keep what its deepest call needed
    /// for as long as it waits for pieces, and thousands do.
    public func open(_ ask: CompletionAsk) async throws(PlenumError) -> OpenCompletion {
        async let opened = opening(ask)
        do { return try await opened } catch { throw PlenumError.of(error) }
    }

    private func opening(_ ask: CompletionAsk) async throws(PlenumError) -> OpenCompletion {
        let (begun, thread) = try await prepare(ask)
        let live = LiveReply(begun.attempt.generation.id)
        let isClaimed = ask.claim != nil
        if isClaimed { try await keepBeginning(begun, thread, ask, live) }
        // Without a key the first commit runs beside the upstream call and holds back only the first piece.
        async let kept: Void = isClaimed ? () : keepBeginning(begun, thread, ask, live)
        var course = begun
        do {
            var first: ReplyStream?
            do throws(PlenumError) { first = try await begin(&course, live) } catch {
                try await kept
                try await goOn(&course, after: error, live, .begun(ask.content))
            }
            let stream = if let first { first } else { try await begin(&course, live, ask) }
            try await kept
            return OpenCompletion(self, ask, course, thread, stream, live)
        } catch {
            var failure = told(PlenumError.of(error), live.cut)
            if let _: Void = try? await kept {
                failure = course.end(with: failure)
                await recorder.commitEventually(self.failure(course.attempt, thread, ask, failure))
                recorder.release(live.generation)
            }
            throw failure
        }
    }

    /// Resolves the model and sets the question into its place.
    private func prepare(_ ask: CompletionAsk) async throws(PlenumError) -> (Course, ConversationThread?) {
        try checkOpen()
        let deadline = Deadline(clock, within: ask.limit)
        let route = if let planned = ask.route { planned } else { try route(ask) }
        var others = route.candidates
        guard let deployment = router.take(from: &others) else { throw .nobody }
        let id = ids.next(Generation.self)
        var generation = Generation(
            id: id,
            model: deployment.model.id,
            requestedModel: ask.model,
            dialect: nil,
            door: ask.door,
            isStreamed: ask.isStreamed,
            createdAt: clock.now()
        )
        generation.key = ask.key
        var request = CompletionRequest(to: deployment.model, stream: ask.isStreamed, prompt: ask.prompt)
        request.fields = ask.fields
        request.isStrict = ask.isStrict
        guard let place = ask.place, let chat = ask.read else {
            if case .chat(var chat) = ask.prompt {
                chat.turns = await callMemory.restore(chat.turns, from: storage)
                request.prompt = .chat(chat)
            }
            generation.dialect = deployment.dialect(accepting: request.ownDialect)
            let attempt = Attempt(generation, deployment, request, clock: clock)
            return (Course(attempt, orElse: others, engine: self, until: deadline, trace: route.trace), nil)
        }
        let thread = try await thread(chat, at: place, model: deployment.model.id, generation: id)
        generation.conversation = place.conversation
        generation.message = thread.answer.id
        // A client's own bytes say all there is to say where nothing was said before.
        if thread.hasHistory { request.prompt = .chat(thread.chat) }
        generation.dialect = deployment.dialect(accepting: request.ownDialect)
        let attempt = Attempt(generation, deployment, request, clock: clock)
        return (Course(attempt, orElse: others, engine: self, until: deadline, trace: route.trace), thread)
    }

    /// The changes that end a completion whose beginning was kept.
    func finish(
        _ attempt: Attempt,
        _ thread: ConversationThread?,
        _ reply: Reply,
        _ ending: GenerationEnding,
        words: [UInt8]?
    ) -> [StorageChange] {
        let ledger = StorageChange.finishGeneration(attempt.generation.id, ending, reply: words)
        guard let thread else { return [ledger] + callState(attempt, reply, keeps: words != nil) }
        let message = MessageEnding(attempt.generation, ending, parts: reply.parts, endedAt: clock.now())
        return [ledger, .finishMessage(thread.answer.id, message)]
    }

    /// The changes that end a completion whose beginning was kept, and of which nothing came.
    func failure(
        _ attempt: Attempt,
        _ thread: ConversationThread?,
        _ ask: CompletionAsk,
        _ error: PlenumError
    ) -> [StorageChange] {
        let ending = attempt.ending(Reply(), error: error)
        return finish(attempt, thread, Reply(), ending, words: nil)
            + end(ask, attempt, ending.status, hasOutput: false, nil)
    }

    /// What a cancellation is called while the server stops.
    func stopping(_ error: PlenumError) -> PlenumError {
        guard error.code == .cancelled, isStopping else { return error }
        return PlenumError(.interrupted, "The server stopped before the answer was complete.")
    }
}

extension CompletionAsk {
    /// What is asked, where it is understood.
    var read: ChatRequest? { if case .chat(let chat) = prompt { chat } else { chat } }

    /// What of it is kept beside the numbers.
    var content: GenerationContent? { body.map { GenerationContent(request: $0) } }
}
