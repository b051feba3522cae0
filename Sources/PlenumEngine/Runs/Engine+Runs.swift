public import PlenumCore

extension Engine {
    /// Starts a run. When this returns, the question, the seats and their first attempts are on disk.
    ///
    /// The run goes on when the caller leaves.
    /// - Throws: `invalidRequest` for seats or settings that cannot be and for a cap that pays for nothing, `notFound` for
    ///   a model or conversation that is not there, `recursivePanel` for a panel in a panel, `rateLimited` where there is no
    ///   room for one more debate.
    public func start(_ ask: RunAsk) async throws(PlenumError) -> Run {
        try checkOpen()
        var (desk, changes) = try await desk(for: ask)
        guard case .call(let calls) = desk.next() else {
            throw PlenumError(.internal, "There is nothing to do in this run.")
        }
        let (steps, beginning) = desk.plan(calls, self)
        guard !steps.isEmpty else { throw await tooLittle(desk) }
        changes += [.createRun(desk.run)] + beginning
        let log = RunLog(run: desk.run.id, hidesNames: desk.run.hidesNames, clock: clock)
        log.append(.fact(name: "run.created", seat: nil, members: Self.created(desk.run, steps)))
        let active = ActiveRun(desk, engine: self, log: log, quota: ask.quota)
        try await begin(active, changes, ask.claim, isEarly: ask.claim == nil)
        return desk.run
    }

    /// Tells a run something, whether it goes on or has ended; an ended one is reopened for what it asks for.
    ///
    /// A run that another process carries out is told through the database.
    /// - Parameter quota: among how many debates one that is reopened has to find room; among any number if `nil`.
    /// - Throws: `conflict` where it does not fit how far the run has come, or where that process does not hear;
    ///   `rateLimited` where there is no room for one more debate.
    public func tell(
        _ id: RunID,
        _ command: RunCommand,
        within quota: DebateQuota? = nil
    ) async throws(PlenumError) -> Run {
        for _ in 0..<3 {
            if let active = runs[id] {
                do throws(PlenumError) {
                    try await active.commands.send(command)
                    return try await storage.run(id)
                } catch  where error == CommandBox.closed {
                    // It has ended in the meantime.
                    continue
                }
            }
            let run = try await storage.run(id)
            guard run.status.isTerminal else {
                guard let told = try await tellElsewhere(id, command) else { continue }
                return told
            }
            return try await reopen(run, command, quota)
        }
        throw CommandBox.closed
    }

    private func reopen(
        _ run: Run,
        _ command: RunCommand,
        _ quota: DebateQuota?
    ) async throws(PlenumError) -> Run {
        try checkOpen()
        var state = try await state(of: run)
        try command.apply(to: &state, hasEnded: true)
        var run = run
        (run.seats, run.settings) = (state.seats, state.settings.json)
        guard let strategy = StrategyCatalogue.strategy(for: run.kind, state.settings) else {
            throw PlenumError(.conflict, "This Plenum does not know how runs of kind \(run.kind.rawValue) go on.")
        }
        var desk = RunDesk(run, strategy: strategy, state: state)
        for generation in try await storage.generations(ofRun: run.id) { desk.book(generation) }
        let beginning = try goOn(&desk, from: run.status)
        run.status = .inProgress
        (run.stopReason, run.result, run.endedAt) = (nil, nil, nil)
        desk.run = run
        var patch = RunPatch()
        (patch.seats, patch.settings) = (run.seats, run.settings)
        let log = RunLog(
            run: run.id,
            after: try await lastNumber(of: run.id, desk),
            hidesNames: run.hidesNames,
            clock: clock
        )
        log.append(Self.snapshot(of: try await storage.messages(ofRun: run.id)))
        log.append(.fact(name: "run.resumed", seat: nil, members: JSONObject()))
        let changes = [.reopenRun(run.id), .updateRun(run.id, patch)] + beginning
        try await begin(ActiveRun(desk, engine: self, log: log, quota: quota), changes, nil, isEarly: false)
        return run
    }

    /// Makes the first steps of a run ready that is taken up again.
    /// - Returns: the changes that keep their beginning.
    private func goOn(_ desk: inout RunDesk, from status: Status) throws(PlenumError) -> [StorageChange] {
        switch desk.next() {
        case .call(let calls):
            let (steps, beginning) = desk.plan(calls, self)
            guard steps.isEmpty else { return beginning }
            throw PlenumError(
                .conflict,
                "What is left of the cap does not pay for the next call: extend the run with a higher \"max_cost\"."
            )
        // It broke off between its last step and its end: that alone is left.
        case .finish where status == .interrupted || status == .cancelled: return []
        default: throw PlenumError(.conflict, "There is nothing left to do in this run.")
        }
    }

    /// A number above those of all events that anybody may have been told, kept or not.
    private func lastNumber(of run: RunID, _ desk: RunDesk) async throws(PlenumError) -> Int {
        var last = 0
        while let next = try await storage.events(ofRun: run, after: last, limit: 1000).last { last = next.sequence }
        return max(last, (desk.state.turns.count + 1) * 1_000_000)
    }

    /// Keeps the beginning of a run, and with it the claim on its key, and hands it to the engine's loop.
    /// - Parameter isEarly: whether the first calls are made while that is done: then nothing of them is told before.
    /// - Throws: `idempotencyInProgress` if another request took the key first.
    private func begin(
        _ active: ActiveRun,
        _ changes: [StorageChange],
        _ ask: ClaimAsk?,
        isEarly: Bool
    ) async throws(PlenumError) {
        let run = active.run
        let claim = ask.map { Claim(key: $0.key, fingerprint: $0.fingerprint, run: run.id, createdAt: run.createdAt) }
        try runs.add(active)
        if isEarly { runs.start(active) }
        do {
            let tenure = try await recorder.commitNew((claim.map { [.claim($0)] } ?? []) + changes)
            active.beginning.settle(isKept: true)
            if !isEarly { runs.start(active) }
            if recorder.tenure != tenure { active.cut.happen(.leaseLost) }
        } catch {
            active.beginning.settle(isKept: false)
            runs.remove(run.id)
            active.log.close()
            active.commands.close()
            try await checkIsFree(ask, after: error)
            // Whether the beginning was kept is not known then: if it was, so will be its end.
            if error.isOutcomeUnknown { recorder.adopt(active.ends(after: error), isUncertain: true) }
            throw error
        }
    }

    private static func created(_ run: Run, _ steps: [PreparedStep]) -> JSONObject {
        let seats = run.seats.map { seat -> JSONValue in
            let message = steps.first { $0.turn.slot.seat == seat.index }?.message.id
            return [
                "seat": .number(JSONNumber(seat.index)), "model": .string(seat.model),
                "message": message.map { .string($0.description) } ?? .null,
            ]
        }
        return JSONObject([
            ("kind", .string(run.kind.rawValue)), ("conversation", .string(run.conversation.description)),
            ("input_message", .string(run.inputMessage.description)), ("seats", .array(seats)),
            ("settings", .object(run.settings)),
        ])
    }
}
