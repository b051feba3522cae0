public import PlenumCore

extension Engine {
    /// Completes a prompt in one piece. When this returns, the exchange is on disk.
    /// - Throws: the provider's refusal, or `storage` if the exchange cannot be kept.
    public func complete(_ ask: CompletionAsk) async throws(PlenumError) -> WholeCompletion {
        let (begun, thread) = try await prepare(ask)
        var attempt = begun
        if thread != nil || ask.claim != nil {
            let beginning = (thread?.beginning ?? []) + [.createGeneration(attempt.generation, ask.content)]
            try await begin(beginning, ask, attempt)
        }
        var reply = Reply()
        var words: [UInt8]?
        var answer: ClaimedAnswer?
        do {
            let piece = try await whole(&attempt)
            reply = Reply(piece.events)
            words = ask.body == nil ? nil : piece.verbatim ?? Transcript.bytes(of: reply)
            let ending = attempt.ending(reply)
            let done = WholeCompletion(attempt.generation, ending, reply, piece.verbatim, thread?.answer.id)
            answer = ask.claim?.write(done)
            let claimed = end(ask, attempt, ending.status, hasOutput: true, answer)
            try await recorder.commitEnd(end(attempt, ask, thread, reply, ending, words: words) + claimed)
            return done
        } catch {
            // What came and was paid for is kept, as soon as it can be; who asks again is given it.
            let failure = stopping(error)
            let ending = attempt.ending(reply, error: failure)
            let hasOutput = attempt.hasContent || answer != nil
            if answer == nil, failure.code != .cancelled { answer = ask.claim?.writeError(failure) }
            let claimed = end(ask, attempt, ending.status, hasOutput: hasOutput, answer)
            await recorder.commitEventually(end(attempt, ask, thread, reply, ending, words: words) + claimed)
            throw error
        }
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
        return [.createGeneration(generation, content)]
    }

    private func whole(_ attempt: inout Attempt) async throws(PlenumError) -> ReplyPiece {
        var pieces = try await attempt.begin().makeAsyncIterator()
        var whole = ReplyPiece(events: [])
        while let piece = try await pieces.next() {
            attempt.observe(piece)
            whole.events += piece.events
            whole.verbatim = whole.verbatim.map { $0 + (piece.verbatim ?? []) } ?? piece.verbatim
        }
        return whole
    }

    /// Opens a completion that comes in pieces. When this returns, the question is on disk.
    public func open(_ ask: CompletionAsk) async throws(PlenumError) -> OpenCompletion {
        let (begun, thread) = try await prepare(ask)
        var attempt = begun
        let beginning = (thread?.beginning ?? []) + [.createGeneration(attempt.generation, ask.content)]
        let isClaimed = ask.claim != nil
        if isClaimed { try await begin(beginning, ask, attempt) }
        // Without a key the first commit runs beside the upstream call and holds back only the first piece.
        async let kept: Void = isClaimed ? () : recorder.commit(beginning)
        do {
            let stream = try await attempt.begin()
            try await kept
            return OpenCompletion(self, ask, attempt, thread, stream)
        } catch {
            let failure = PlenumError.of(error)
            try? await kept
            let ending = attempt.ending(Reply(), error: stopping(failure))
            await recorder.commitEventually(
                finish(attempt, thread, Reply(), ending, words: nil)
                    + end(ask, attempt, ending.status, hasOutput: false, nil)
            )
            throw failure
        }
    }

    /// Resolves the model and sets the question into its place.
    private func prepare(_ ask: CompletionAsk) async throws(PlenumError) -> (Attempt, ConversationThread?) {
        try checkOpen()
        let deployment = try catalogue.availableDeployment(named: ask.model)
        let id = ids.next(Generation.self)
        var generation = Generation(
            id: id,
            model: deployment.model.id,
            requestedModel: ask.model,
            dialect: deployment.provider.dialect,
            door: ask.door,
            isStreamed: ask.isStreamed,
            createdAt: clock.now()
        )
        var request = CompletionRequest(
            model: deployment.model.upstream,
            tag: deployment.model.id,
            stream: ask.isStreamed,
            prompt: ask.prompt,
            outputLimit: deployment.model.maxOutput
        )
        guard let place = ask.place, case .chat(let chat) = ask.prompt else {
            return (Attempt(generation, deployment, request, clock: clock), nil)
        }
        var thread = try await thread(chat, at: place, model: deployment.model.id)
        thread.answer.generation = id
        generation.conversation = place.conversation
        generation.message = thread.answer.id
        request.prompt = .chat(thread.chat)
        return (Attempt(generation, deployment, request, clock: clock), thread)
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
        guard let thread else { return [ledger] }
        let message = MessageEnding(attempt.generation, ending, parts: reply.parts, endedAt: clock.now())
        return [ledger, .finishMessage(thread.answer.id, message)]
    }

    /// What a cancellation is called while the server stops.
    func stopping(_ error: PlenumError) -> PlenumError {
        guard error.code == .cancelled, isStopping else { return error }
        return PlenumError(.interrupted, "The server stopped before the answer was complete.")
    }
}

extension CompletionAsk {
    /// What of it is kept beside the numbers.
    var content: GenerationContent? { body.map { GenerationContent(request: $0) } }
}
