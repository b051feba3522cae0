import PlenumCore

/// A call that is ready to be made: its message and its first attempt, in progress.
struct PreparedStep: Sendable {
    let turn: RunTurn
    let message: Message
    let attempt: Attempt
    /// Who is asked when the first candidate fails.
    let others: [Deployment]
    /// Ends this step alone.
    let stop = StopSwitch()

    /// The changes that keep its beginning.
    var beginning: [StorageChange] {
        [.appendMessage(message, movesLeaf: false), .createGeneration(attempt.generation, nil)]
    }
}

extension Engine {
    /// Finds whom a call may ask, in order: each model's deployments, then those of the models that stand in.
    func candidates(_ call: StepCall) throws(PlenumError) -> [Deployment] {
        var candidates: [Deployment] = []
        for name in call.models { candidates += try catalogue.availableDeployments(named: name) }
        guard !candidates.isEmpty else { throw .nobody }
        return candidates
    }

    /// Makes a call ready.
    /// - Parameters:
    ///   - number: the turn's number in the run.
    ///   - run: the run.
    func prepare(
        _ call: StepCall,
        _ candidates: [Deployment],
        number: Int,
        of run: Run
    ) throws(PlenumError) -> PreparedStep {
        var others = candidates
        guard let deployment = router.take(from: &others) else { throw .nobody }
        let tag = deployment.model.id
        let now = clock.now()
        var generation = Generation(
            id: ids.next(),
            model: tag,
            requestedModel: call.models.first ?? tag.description,
            dialect: deployment.dialect(),
            door: nil,
            isStreamed: true,
            createdAt: now
        )
        var message = message(of: call, in: run, at: now)
        message.status = .inProgress
        message.endedAt = nil
        message.model = tag.description
        message.provider = tag.provider
        message.generation = generation.id
        generation.key = run.settings["key"]?.string
        generation.conversation = run.conversation
        generation.message = message.id
        generation.run = run.id
        generation.seat = call.slot.seat
        var request = CompletionRequest(to: deployment.model, stream: true, prompt: .chat(call.chat))
        request.isOfPanel = run.kind == .debate
        var turn = RunTurn(number: number, slot: call.slot, message: message.id, status: .inProgress)
        turn.model = tag.description
        let attempt = Attempt(generation, deployment, request, clock: clock)
        return PreparedStep(turn: turn, message: message, attempt: attempt, others: others)
    }

    /// The message of a call whose model cannot be asked at all.
    func failed(_ call: StepCall, _ error: PlenumError, in run: Run) -> Message {
        var message = message(of: call, in: run, at: clock.now())
        message.status = .failed
        message.model = call.models.first
        message.error = RecordedError(error)
        return message
    }

    private func message(of call: StepCall, in run: Run, at now: Timestamp) -> Message {
        var message = Message(
            id: ids.next(),
            conversation: run.conversation,
            parent: call.parent,
            role: .assistant,
            createdAt: now
        )
        message.run = run.id
        message.seat = call.slot.seat
        message.step = call.slot.step
        message.derivedFrom = call.derivedFrom
        return message
    }
}

extension RunTurn {
    /// Reads a message that a step of a run has written.
    init?(_ message: Message, number: Int) {
        guard let step = message.step else { return nil }
        self.init(
            number: number,
            slot: Slot(seat: message.seat, step: step),
            message: message.id,
            status: message.status,
            text: message.text
        )
        model = message.model
        finish = message.finish?.meaning
        error = message.error
        usage = message.usage
        cost = message.cost
    }
}
