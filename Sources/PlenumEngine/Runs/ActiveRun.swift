import Logging
import PlenumCore
import Synchronization

/// A run under way: the coordinator of its seats.
///
/// Seats are children of one task group. A child reports how its seat ended; this parent alone decides what follows.
final class ActiveRun: Sendable {
    /// What a child reports.
    private enum Report: Sendable {
        case seatEnded(Int, Status, Usage?, Money?)
        case stopRequested
    }

    let run: Run
    let log: RunLog
    private let engine: Engine
    private let strategy: any Strategy
    private let performers: [SeatPerformer]
    private let stop = StopSwitch()
    /// How it is ended from outside when it is not this process's any more.
    let cut = Cut()

    init(_ run: Run, engine: Engine, strategy: any Strategy, performers: [SeatPerformer], log: RunLog) {
        self.run = run
        self.engine = engine
        self.strategy = strategy
        self.performers = performers
        self.log = log
        cut.whenItHappens { [stop] in stop.stop() }
    }

    /// Asks the run to end: its seats keep the text that came.
    func cancel() { stop.stop() }

    /// Calls seats as the strategy says until it is over, and keeps how it ended before saying so.
    func carryOut() async {
        engine.recorder.follow(log)
        var state = StrategyState(seatCount: run.seats.count)
        var totals = RunTotals()
        var isStopped = false
        await withTaskGroup(of: Report.self) { group in
            group.addTask {
                await self.stop.wait()
                return .stopRequested
            }
            while true {
                switch isStopped ? afterStop(state) : strategy.next(state) {
                case .call(let seats):
                    for seat in seats {
                        state.seats[seat] = .answering
                        group.addTask { await self.perform(seat) }
                    }
                    continue
                case .finish(let status, let reason):
                    await finish(status, reason, totals)
                    stop.stop()
                    return
                case .wait: break
                }
                switch await group.next() {
                case .seatEnded(let seat, let status, let usage, let cost)?:
                    state.seats[seat] = .ended(status)
                    totals.add(usage, cost)
                    log.append(.fact(name: "cost", seat: nil, members: totals.json))
                case .stopRequested?:
                    isStopped = true
                    group.cancelAll()
                case nil: isStopped = true
                }
            }
        }
    }

    /// How it ends if it is found that its beginning was kept after all.
    func ends(after error: PlenumError) -> [StorageChange] {
        let status = Status.failed
        let run = StorageChange.finishRun(run.id, status, stopReason: status.rawValue, at: engine.clock.now())
        return performers.flatMap { $0.ends(after: error) } + [run]
    }

    private func perform(_ seat: Int) async -> Report {
        let ended = await performers[seat].perform(log, cut)
        return .seatEnded(seat, ended.status, ended.usage, ended.cost)
    }

    /// Once stopped, no seat is called any more: the run is over when those that answer have ended.
    private func afterStop(_ state: StrategyState) -> StrategyStep {
        guard !state.seats.contains(.answering) else { return .wait }
        return engine.isStopping || cut.error != nil
            ? .finish(.interrupted, stopReason: "interrupted") : .finish(.cancelled, stopReason: "cancelled")
    }

    private func finish(_ status: Status, _ reason: String, _ totals: RunTotals) async {
        engine.recorder.release(run.id)
        let last = Self.last(status, reason, totals)
        // Behind the checkpoint under way: who follows by the database must not see the end before what came before it.
        await engine.recorder.eventTurn.enter()
        let (pending, rest) = log.takeRest(before: last)
        if !pending.isEmpty { await engine.recorder.commitEventually([.appendRunEvents(run.id, pending)]) }
        let end = StorageChange.finishRun(run.id, status, stopReason: reason, at: engine.clock.now())
        let changes = [end, .appendRunEvents(run.id, rest)]
        do {
            try await engine.recorder.commit(changes + (await leafMove()))
            log.append(last)
        } catch  where error.code == .fenced || (error.code == .conflict && cut.error != nil) {
            // The end that others wrote is the one to be told.
            log.append(Self.last(.interrupted, Status.interrupted.rawValue, totals))
        } catch {
            engine.logger.error("the end of a run could not be kept", metadata: ["error": "\(error)"])
            if error.code == .storage { engine.recorder.adopt(changes) }
            log.append(.fact(name: "error", seat: nil, members: JSONObject([("error", RecordedError(error).json)])))
        }
        engine.recorder.eventTurn.leave()
        log.close()
        engine.runs.remove(run.id)
    }

    private static func last(_ status: Status, _ reason: String, _ totals: RunTotals) -> RunLogEntry.Body {
        let members = [("status", JSONValue.string(status.rawValue)), ("stop_reason", .string(reason))]
        return .fact(name: "run.completed", seat: nil, members: JSONObject(members + totals.json.members))
    }

    /// The conversation goes on from the first seat that answered, unless it has gone on in the meantime.
    private func leafMove() async -> [StorageChange] {
        guard let conversation = try? await engine.storage.conversation(run.conversation),
            conversation.leaf == run.inputMessage,
            let messages = try? await engine.storage.messages(ofRun: run.id)
        else { return [] }
        let answers = messages.filter { $0.status == .completed || $0.status == .incomplete }
        guard let first = answers.min(by: { $0.seat ?? 0 < $1.seat ?? 0 }) else { return [] }
        var patch = ConversationPatch(updatedAt: engine.clock.now())
        patch.leaf = first.id
        return [.updateConversation(run.conversation, patch)]
    }
}
