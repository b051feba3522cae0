public import PlenumCore

extension Engine {
    /// Starts a run. When this returns, the question, the seats and their attempts are on disk.
    ///
    /// The run goes on when the caller leaves.
    /// - Throws: `invalidRequest` for no seats or too many, `notFound` for a model or conversation that is not there.
    public func start(_ ask: RunAsk) async throws(PlenumError) -> Run {
        try checkOpen()
        guard let strategy = StrategyCatalogue.strategy(for: ask.kind) else {
            throw PlenumError(
                .invalidRequest,
                "There is no kind of run \"\(ask.kind.rawValue)\". There are chat and compare.",
                parameter: "kind"
            )
        }
        let candidates = try seatCandidates(ask)
        let (conversation, opening) = try await place(ask)
        let history = try await history(of: conversation, from: ask.place?.parent)
        let now = clock.now()
        let question = Message(
            id: ids.next(),
            conversation: conversation.id,
            parent: history.last?.id,
            role: .user,
            parts: ask.input,
            createdAt: now
        )
        let turns = history.map { Turn($0.role, $0.parts) } + [Turn(.user, ask.input)]
        var run = Run(
            id: ids.next(),
            kind: ask.kind,
            conversation: conversation.id,
            inputMessage: question.id,
            seats: [],
            createdAt: now
        )
        var changes = opening + [.appendMessage(question, movesLeaf: true)]
        var performers: [SeatPerformer] = []
        for (index, candidates) in candidates.enumerated() {
            let (performer, answer) = try seat(index, ask.seats[index], candidates, turns, question, run.id)
            run.seats.append(performer.seat)
            performers.append(performer)
            changes += [.appendMessage(answer, movesLeaf: false), .createGeneration(performer.attempt.generation, nil)]
        }
        changes.append(.createRun(run))
        let log = RunLog(run: run.id, clock: clock)
        log.append(.fact(name: "run.created", seat: nil, members: Self.created(run)))
        let active = ActiveRun(run, engine: self, strategy: strategy, performers: performers, log: log)
        try await begin(active, changes, ask.claim)
        return run
    }

    /// Keeps the beginning of a run, and with it the claim on its key, and hands it to the engine's loop.
    /// - Throws: `idempotencyInProgress` if another request took the key first.
    private func begin(_ active: ActiveRun, _ changes: [StorageChange], _ ask: ClaimAsk?) async throws(PlenumError) {
        let run = active.run
        let claim = ask.map { Claim(key: $0.key, fingerprint: $0.fingerprint, run: run.id, createdAt: run.createdAt) }
        runs.add(active)
        do {
            let tenure = try await recorder.commitNew((claim.map { [.claim($0)] } ?? []) + changes)
            runs.start(active)
            if recorder.tenure != tenure { active.cut.happen(.leaseLost) }
        } catch {
            runs.remove(run.id)
            active.log.close()
            try await checkIsFree(ask, after: error)
            // Whether the beginning was kept is not known then: if it was, so will be its end.
            if error.isOutcomeUnknown { recorder.adopt(active.ends(after: error), isUncertain: true) }
            throw error
        }
    }

    /// For each seat who can be asked, in order: its model's deployments, then those of the models that may stand in.
    private func seatCandidates(_ ask: RunAsk) throws(PlenumError) -> [[Deployment]] {
        let limit = ask.kind == .chat ? 1 : RunAsk.seatLimit
        guard (1...limit).contains(ask.seats.count) else {
            throw PlenumError(
                .invalidRequest,
                "A run of kind \(ask.kind.rawValue) has 1 to \(limit) seats; this one has \(ask.seats.count).",
                parameter: "seats"
            )
        }
        var candidates: [[Deployment]] = []
        for seat in ask.seats {
            var some: [Deployment] = []
            for name in [seat.model] + seat.fallbacks { some += try catalogue.availableDeployments(named: name) }
            candidates.append(some)
        }
        return candidates
    }

    /// The conversation that a run belongs to, with the changes that make it or name it.
    private func place(_ ask: RunAsk) async throws(PlenumError) -> (Conversation, [StorageChange]) {
        let text = ask.input.compactMap(\.text).joined(separator: " ")
        guard let place = ask.place else {
            let conversation = Conversation(id: ids.next(), title: Title.ofFirstWords(text), createdAt: clock.now())
            return (conversation, [.createConversation(conversation)])
        }
        let conversation = try await storage.conversation(place.conversation)
        guard conversation.title == nil, let title = Title.ofFirstWords(text) else { return (conversation, []) }
        var patch = ConversationPatch(updatedAt: clock.now())
        patch.title = title
        return (conversation, [.updateConversation(conversation.id, patch)])
    }

    private func seat(
        _ index: Int,
        _ asked: RunAsk.Seat,
        _ candidates: [Deployment],
        _ turns: [Turn],
        _ question: Message,
        _ run: RunID
    ) throws(PlenumError) -> (SeatPerformer, Message) {
        var others = candidates
        guard let deployment = router.take(from: &others) else { throw .nobody }
        let tag = deployment.model.id
        let now = clock.now()
        var generation = Generation(
            id: ids.next(),
            model: tag,
            requestedModel: asked.model,
            dialect: deployment.provider.dialect,
            door: nil,
            isStreamed: true,
            createdAt: now
        )
        var answer = Message(
            id: ids.next(),
            conversation: question.conversation,
            parent: question.id,
            role: .assistant,
            status: .inProgress,
            createdAt: now
        )
        answer.model = tag.description
        answer.provider = tag.provider
        answer.run = run
        answer.seat = index
        answer.generation = generation.id
        generation.conversation = question.conversation
        generation.message = answer.id
        generation.run = run
        generation.seat = index
        var chat = ChatRequest()
        chat.instructions = asked.system.map { [SystemText($0)] } ?? []
        chat.turns = turns
        asked.parameters.apply(to: &chat)
        let request = CompletionRequest(
            model: deployment.model.upstream,
            tag: tag,
            stream: true,
            prompt: .chat(chat),
            outputLimit: deployment.model.maxOutput
        )
        let seat = Seat(
            index: index,
            model: tag.description,
            message: answer.id,
            system: asked.system,
            parameters: asked.parameters.json
        )
        let attempt = Attempt(generation, deployment, request, clock: clock)
        return (SeatPerformer(engine: self, seat: seat, attempt: attempt, others: others), answer)
    }

    private static func created(_ run: Run) -> JSONObject {
        let seats = run.seats.map { seat -> JSONValue in
            [
                "seat": .number(JSONNumber(seat.index)), "model": .string(seat.model),
                "message": .string(seat.message.description),
            ]
        }
        return JSONObject([
            ("kind", .string(run.kind.rawValue)), ("conversation", .string(run.conversation.description)),
            ("input_message", .string(run.inputMessage.description)), ("seats", .array(seats)),
        ])
    }
}
