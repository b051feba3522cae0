import Logging
import PlenumCore
import Synchronization

/// A run under way: the coordinator of its steps.
///
/// Steps are children of one task group. A child reports how its step ended; this parent alone decides what follows.
final class ActiveRun: Sendable {
    /// What a child reports.
    private enum Report: Sendable {
        case ended(StepPerformer.Ended)
        case command(CommandBox.Letter?)
        case timeIsUp
        case stopRequested
    }

    let run: Run
    /// Among which debates it counts, if it is one.
    let quota: DebateQuota?
    let log: RunLog
    /// Whether it was kept that it begins.
    let beginning = Beginning()
    /// What people say to it.
    let commands = CommandBox()
    private let engine: Engine
    private let opening: RunDesk
    private let stop = StopSwitch()
    /// How it is ended from outside when it is not this process's any more.
    let cut = Cut()

    /// - Parameter desk: how far it has come, with its first steps made ready.
    init(_ desk: RunDesk, engine: Engine, log: RunLog, quota: DebateQuota?) {
        self.run = desk.run
        self.quota = quota
        self.engine = engine
        self.opening = desk
        self.log = log
        cut.whenItHappens { [stop] in stop.stop() }
    }

    /// Asks the run to end: its seats keep the text that came.
    func cancel() { stop.stop() }

    /// Makes the calls that the strategy asks for until it is over, and keeps how it ended before saying so.
    func carryOut() async {
        var desk = opening
        await withTaskGroup(of: Report.self) { group in
            // The first calls are made while their beginning is being kept.
            for step in desk.live.values.sorted(by: { $0.turn.number < $1.turn.number }) { launch(step, &group) }
            guard await beginning.isKept() else { return group.cancelAll() }
            engine.recorder.follow(log)
            group.addTask {
                await self.stop.wait()
                return .stopRequested
            }
            group.addTask { .command(await self.commands.next()) }
            var time = RunTime(limit: desk.state.settings.maxSeconds, now: engine.clock.ticks())
            watch(time, &group)
            var isStopped = false
            while true {
                if let outcome = await advance(&desk, isStopped, &group) {
                    await finish(outcome, desk)
                    stop.stop()
                    commands.close()
                    group.cancelAll()
                    // What was said while the end was kept came too late.
                    for await case .command(let letter?) in group { letter.refuse() }
                    return
                }
                time.note(isPaused: desk.state.settings.isPaused, now: engine.clock.ticks())
                switch await group.next() {
                case .ended(let ended)?: take(ended, &desk)
                case .command(let letter)?:
                    guard let letter else { continue }
                    await answer(letter, &desk)
                    group.addTask { .command(await self.commands.next()) }
                case .timeIsUp?:
                    desk.state.isOverdue = time.isUp(engine.clock.ticks())
                    // What is under way keeps what came; only the calls that bring it to its end follow.
                    if desk.state.isOverdue { for step in desk.live.values { step.stop.stop() } }
                    if !desk.state.isOverdue, !isStopped, !Task.isCancelled { watch(time, &group) }
                case .stopRequested?:
                    isStopped = true
                    for step in desk.live.values { step.stop.stop() }
                case nil: isStopped = true
                }
            }
        }
    }

    /// How it ends if it is found that its beginning was kept after all.
    func ends(after error: PlenumError) -> [StorageChange] {
        let ending = RunEnding(status: .failed, stopReason: Status.failed.rawValue, endedAt: engine.clock.now())
        let steps = opening.live.values.flatMap { performer($0).ends(after: error) }
        return steps + [.finishRun(run.id, ending)]
    }

    // MARK: - Going on

    private func performer(_ step: PreparedStep) -> StepPerformer {
        StepPerformer(engine: engine, step: step, log: log, beginning: beginning, cut: cut)
    }

    private func launch(_ step: PreparedStep, _ group: inout TaskGroup<Report>) {
        let performer = performer(step)
        group.addTask { .ended(await performer.perform()) }
    }

    private func watch(_ time: RunTime, _ group: inout TaskGroup<Report>) {
        guard let left = time.left(engine.clock.ticks()) else { return }
        group.addTask {
            try? await Task.sleep(for: left)
            return .timeIsUp
        }
    }

    /// Does what is to be done now; gives how the run is over, if it is.
    private func advance(
        _ desk: inout RunDesk,
        _ isStopped: Bool,
        _ group: inout TaskGroup<Report>
    ) async -> RunOutcome? {
        while true {
            // Once stopped, nothing is called any more: the run is over when what is under way has ended.
            if isStopped || cut.error != nil {
                guard desk.live.isEmpty else { return nil }
                return desk.stopped(asInterrupted: engine.isStopping || cut.error != nil)
            }
            if let fault = desk.fault { return desk.live.isEmpty ? fault : nil }
            switch desk.next() {
            case .call(let calls):
                let before = desk.state.turns.count
                do throws(PlenumError) {
                    // What people have said comes before what is to be called, which may read it.
                    if try await hear(&desk) { continue }
                    let (steps, changes) = desk.plan(calls, engine)
                    if !changes.isEmpty { try await keep(changes, of: steps) }
                    for step in steps { launch(step, &group) }
                } catch {
                    giveUp(error, &desk, keeping: before)
                }
            case .pause(let reason):
                guard !desk.state.settings.isPaused else { return nil }
                await pause(reason, &desk)
                return nil
            case .wait:
                guard desk.live.isEmpty, !desk.state.settings.isPaused else { return nil }
                engine.logger.error("a run waits for nothing", metadata: ["run": "\(run.id)"])
                return RunOutcome(.failed, PlenumError.Code.internal.rawValue)
            case .finish(let outcome): return desk.live.isEmpty ? outcome : nil
            }
        }
    }

    /// Keeps the beginning of steps, under the lease that the run was begun in: if that is lost, so is the run. What may have
    /// been kept all the same ends as soon as it can.
    private func keep(_ changes: [StorageChange], of steps: [PreparedStep]) async throws(PlenumError) {
        try await engine.recorder.renewLease(ifOlderThan: Tenure.trust)
        if let error = cut.error { throw error }
        do {
            try await engine.recorder.commit(changes)
        } catch {
            if error.isOutcomeUnknown {
                for step in steps { engine.recorder.adopt(performer(step).ends(after: error), isUncertain: true) }
            }
            throw error
        }
    }

    /// Nothing more can be begun: steps that were not kept did not happen, and those that were come to their ends.
    private func giveUp(_ error: PlenumError, _ desk: inout RunDesk, keeping count: Int) {
        engine.logger.error("a run cannot go on", metadata: ["run": "\(run.id)", "error": "\(error)"])
        for turn in desk.state.turns.dropFirst(count) { desk.live[turn.number] = nil }
        desk.state.turns = Array(desk.state.turns.prefix(count))
        for step in desk.live.values { step.stop.stop() }
        let isLost = error.code == .fenced || cut.error != nil
        desk.fault = RunOutcome(isLost ? .interrupted : .failed, isLost ? "interrupted" : error.code.rawValue)
    }

    /// Puts what people have said into the conversation, if nobody speaks.
    /// - Returns: whether there was anything.
    private func hear(_ desk: inout RunDesk) async throws(PlenumError) -> Bool {
        guard !desk.state.settings.says.isEmpty, desk.live.isEmpty else { return false }
        var changes: [StorageChange] = []
        var state = desk.state
        for text in state.settings.says {
            var message = Message(
                id: engine.ids.next(),
                conversation: run.conversation,
                parent: state.chainEnd,
                role: .user,
                parts: [.text(text)],
                createdAt: engine.clock.now()
            )
            message.run = run.id
            message.step = RunStep(phase: .human, part: state.turns.count)
            changes.append(.appendMessage(message, movesLeaf: false))
            guard let turn = RunTurn(message, number: state.turns.count) else { continue }
            state.turns.append(turn)
        }
        state.settings.says = []
        changes.append(.updateRun(run.id, Self.patch(state)))
        try await engine.recorder.commit(changes)
        for turn in state.turns.dropFirst(desk.state.turns.count) {
            let members = turn.place + [("message", .string(turn.message.description)), ("text", .string(turn.text))]
            log.append(.fact(name: "human", seat: nil, members: JSONObject(members)))
        }
        desk.state = state
        return true
    }

    private func take(_ ended: StepPerformer.Ended, _ desk: inout RunDesk) {
        desk.end(ended)
        let notes = desk.strategy.notes(on: ended.turn, in: desk.state)
        log.append(ended.event(notes))
        for news in desk.strategy.news(of: ended.turn, in: desk.state) {
            log.append(.fact(name: news.name, seat: news.seat, members: news.members))
        }
        log.append(.fact(name: "cost", seat: nil, members: desk.totals.json))
    }

    // MARK: - Commands

    /// Does what a person says, and tells them what became of it.
    private func answer(_ letter: CommandBox.Letter, _ desk: inout RunDesk) async {
        switch letter.sender {
        case .here(let sender): sender.resume(returning: await obey(letter.command, [], &desk))
        case .elsewhere(let id):
            // What was taken back in the meantime cannot be answered, and so is not done.
            guard let error = await obey(letter.command, [.answerCommand(id, .obeyed)], &desk) else { return }
            await engine.recorder.commitEventually([.answerCommand(id, .refused(RecordedError(error)))])
        }
    }

    /// Does what a person says, and keeps it with what else is to be kept then.
    /// - Returns: why it cannot be done; `nil` if it is done.
    private func obey(
        _ command: RunCommand,
        _ answer: [StorageChange],
        _ desk: inout RunDesk
    ) async -> PlenumError? {
        var state = desk.state
        do throws(PlenumError) {
            try command.apply(to: &state, hasEnded: false)
            try await engine.recorder.commit([.updateRun(run.id, Self.patch(state))] + answer)
        } catch {
            return error
        }
        let wasPaused = desk.state.settings.isPaused
        desk.state = state
        desk.budget.cap = state.settings.maxCost
        (desk.run.seats, desk.run.settings) = (state.seats, state.settings.json)
        switch command {
        case .step, .resume: desk.mayStep = true
        case .cancelSeat(let seat): for step in desk.live.values where step.turn.slot.seat == seat { step.stop.stop() }
        default: break
        }
        if case .pause = command {
            tellPause("person")
        } else if wasPaused, !state.settings.isPaused {
            log.append(.fact(name: "run.resumed", seat: nil, members: JSONObject()))
        }
        if case .addSeat = command {
            log.append(.fact(name: "seat.added", seat: state.seats.count - 1, members: JSONObject()))
        }
        return nil
    }

    private static func patch(_ state: RunState) -> RunPatch {
        var patch = RunPatch()
        patch.settings = state.settings.json
        patch.seats = state.seats
        return patch
    }

    private func pause(_ reason: String, _ desk: inout RunDesk) async {
        desk.state.settings.isPaused = true
        desk.state.settings.pauseReason = reason
        await engine.recorder.commitEventually([.updateRun(run.id, Self.patch(desk.state))])
        tellPause(reason)
    }

    private func tellPause(_ reason: String) {
        log.append(.fact(name: "run.paused", seat: nil, members: JSONObject([("reason", .string(reason))])))
    }

    // MARK: - The end

    private func finish(_ outcome: RunOutcome, _ desk: RunDesk) async {
        engine.recorder.release(run.id)
        // A run that was taken from this process is another's to end, who may have taken it up already.
        guard cut.error == nil else {
            log.append(Self.last(desk.stopped(asInterrupted: true), nil, desk.totals))
            engine.runs.remove(run.id)
            return log.close()
        }
        let result = desk.strategy.result(desk.state)
        let last = Self.last(outcome, result, desk.totals)
        // Behind the checkpoint under way: who follows by the database must not see the end before what came before it.
        await engine.recorder.eventTurn.enter()
        let (pending, rest) = log.takeRest(before: last)
        if !pending.isEmpty { await engine.recorder.commitEventually([.appendRunEvents(run.id, pending)]) }
        let ending = RunEnding(
            status: outcome.status,
            stopReason: outcome.stopReason,
            result: result,
            endedAt: engine.clock.now()
        )
        let changes: [StorageChange] = [.finishRun(run.id, ending), .appendRunEvents(run.id, rest)]
        do {
            try await engine.recorder.commit(changes + (await leafMove(outcome, desk)))
            log.append(last)
        } catch  where error.code == .fenced || (error.code == .conflict && cut.error != nil) {
            // The end that others wrote is the one to be told.
            log.append(Self.last(desk.stopped(asInterrupted: true), nil, desk.totals))
        } catch {
            engine.logger.error("the end of a run could not be kept", metadata: ["error": "\(error)"])
            if error.code == .storage { engine.recorder.adopt(changes) }
            log.append(.fact(name: "error", seat: nil, members: JSONObject([("error", RecordedError(error).json)])))
        }
        engine.recorder.eventTurn.leave()
        // Who waits for the end may say something to the run at once, and must not find it going on.
        engine.runs.remove(run.id)
        log.close()
    }

    private static func last(_ outcome: RunOutcome, _ result: JSONObject?, _ totals: RunTotals) -> RunLogEntry.Body {
        let members: [JSONObject.Member] = [
            ("status", .string(outcome.status.rawValue)), ("stop_reason", .string(outcome.stopReason)),
            ("result", result.map { .object($0) } ?? .null),
        ]
        return .fact(name: "run.completed", seat: nil, members: JSONObject(members + totals.json.members))
    }

    /// The conversation goes on from what the run came to, unless it has gone on from elsewhere in the meantime, or a person
    /// has said from where.
    private func leafMove(_ outcome: RunOutcome, _ desk: RunDesk) async -> [StorageChange] {
        guard let leaf = outcome.leaf, let conversation = try? await engine.storage.conversation(run.conversation),
            let current = conversation.leaf, current != leaf
        else { return [] }
        var isHere = current == run.inputMessage || desk.state.turns.contains { $0.message == current }
        if !isHere, run.kind == .synthesis {
            isHere = (try? await engine.storage.message(current))?.parent == run.inputMessage
        }
        guard isHere, (try? await engine.storage.run(run.id))?.preference == nil else { return [] }
        var patch = ConversationPatch(updatedAt: engine.clock.now())
        patch.leaf = leaf
        return [.updateConversation(run.conversation, patch)]
    }
}
