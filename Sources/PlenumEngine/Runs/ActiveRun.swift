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

    init(_ run: Run, engine: Engine, strategy: any Strategy, performers: [SeatPerformer], log: RunLog) {
        self.run = run
        self.engine = engine
        self.strategy = strategy
        self.performers = performers
        self.log = log
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

    private func perform(_ seat: Int) async -> Report {
        let ended = await performers[seat].perform(log)
        return .seatEnded(seat, ended.status, ended.usage, ended.cost)
    }

    /// Once stopped, no seat is called any more: the run is over when those that answer have ended.
    private func afterStop(_ state: StrategyState) -> StrategyStep {
        guard !state.seats.contains(.answering) else { return .wait }
        return engine.isStopping
            ? .finish(.interrupted, stopReason: "interrupted") : .finish(.cancelled, stopReason: "cancelled")
    }

    private func finish(_ status: Status, _ reason: String, _ totals: RunTotals) async {
        engine.recorder.release(run.id)
        let last = JSONObject(
            [("status", .string(status.rawValue)), ("stop_reason", .string(reason))] + totals.json.members
        )
        let unkept = log.takeUnkept()
        var changes: [StorageChange] = [.finishRun(run.id, status, stopReason: reason, at: engine.clock.now())]
        if !unkept.isEmpty { changes.append(.appendRunEvents(run.id, unkept)) }
        do {
            try await engine.recorder.commit(changes + (await leafMove()))
            log.append(.fact(name: "run.completed", seat: nil, members: last))
            await engine.recorder.commitEventually([.appendRunEvents(run.id, log.takeUnkept())])
        } catch {
            engine.logger.error("the end of a run could not be kept", metadata: ["error": "\(error)"])
            engine.recorder.adopt(changes)
            let failure = JSONObject([("error", RecordedError(error).json)])
            log.append(.fact(name: "error", seat: nil, members: failure))
        }
        log.close()
        engine.runs.remove(run.id)
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
