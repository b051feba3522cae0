import PlenumCore
import Synchronization

/// The runs under way in this process.
final class RunRegistry: Sendable {
    private struct State {
        var runs: [RunID: ActiveRun] = [:]
        var lastPruning: UInt64 = 0
    }

    /// Runs to be carried out, in the order in which they were started.
    let started: AsyncStream<ActiveRun>
    private let starting: AsyncStream<ActiveRun>.Continuation
    private let state = Mutex(State())

    init() {
        (started, starting) = AsyncStream.makeStream()
    }

    /// Lets a run be found that is about to be kept and then started: who reads of it must find it.
    /// - Throws: `conflict` if it is there already, `rateLimited` if it is a debate and as many go on as may.
    func add(_ run: ActiveRun) throws(PlenumError) {
        try state.withLock { state throws(PlenumError) in
            guard state.runs[run.run.id] == nil else { throw PlenumError(.conflict, "The run goes on already.") }
            if run.run.kind == .debate { try Self.checkRoom(within: run.quota, state) }
            state.runs[run.run.id] = run
        }
    }

    /// Makes sure that one more debate may begin.
    func checkRoom(within quota: DebateQuota?) throws(PlenumError) {
        try state.withLock { state throws(PlenumError) in try Self.checkRoom(within: quota, state) }
    }

    private static func checkRoom(within quota: DebateQuota?, _ state: State) throws(PlenumError) {
        guard let quota else { return }
        let count = state.runs.values.count { $0.run.kind == .debate && $0.quota?.holder == quota.holder }
        guard count < quota.limit else { throw quota.exhausted }
    }

    /// Hands a run to the engine's loop.
    func start(_ run: ActiveRun) { starting.yield(run) }

    /// All that are under way.
    var all: [ActiveRun] { state.withLock { Array($0.runs.values) } }

    /// Finds a run that is under way.
    subscript(id: RunID) -> ActiveRun? { state.withLock { $0.runs[id] } }

    /// Whether a run under way answers a message.
    func isAnswering(_ message: MessageID) -> Bool {
        state.withLock { $0.runs.values.contains { $0.run.inputMessage == message } }
    }

    /// Forgets a run that has ended.
    func remove(_ id: RunID) {
        _ = state.withLock { $0.runs.removeValue(forKey: id) }
    }

    /// Lets readers that have waited long show a sign of life.
    func tick(_ now: UInt64) {
        let runs = state.withLock { Array($0.runs.values) }
        for run in runs { run.log.tick(now) }
    }

    /// Whether a minute has passed since this last said so.
    func isPruningDue(_ now: UInt64) -> Bool {
        state.withLock { state in
            guard now >= state.lastPruning + 60_000_000_000 else { return false }
            state.lastPruning = now
            return true
        }
    }
}
