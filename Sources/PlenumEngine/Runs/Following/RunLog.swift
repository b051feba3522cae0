import PlenumCore
import Synchronization

/// The events of a run under way: numbered, kept with the checkpoints, followed by any number of readers.
///
/// Deltas that a checkpoint has kept are put together, here as in the database, so that a log is never much larger than
/// the text it tells. A reader pulls at its own pace and never holds up the run.
final class RunLog: Sendable {
    /// One reader that waits.
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Void, Never>
        let since: UInt64
    }

    private struct State {
        var events: [RunLogEntry] = []
        var last = 0
        var takenThrough = 0
        /// What was taken, and may or may not be kept.
        var pending: [RunEvent] = []
        var isClosed = false
        var waiters: [Waiter] = []
        var cancelled: Set<Int> = []
        var nextWaiter = 0

        /// Puts the events together that were not taken yet, and counts them as taken.
        mutating func take(of run: RunID) -> [RunEvent] {
            let first = RunLogEntry.firstIndex(in: events, after: takenThrough)
            guard first < events.count else { return [] }
            let merged = RunLogEntry.merged(events[first...])
            events.replaceSubrange(first..., with: merged)
            takenThrough = last
            return merged.map { $0.event(of: run) }
        }
    }

    let run: RunID
    /// The numbers up to this one are those of events that were told before the run was reopened.
    let base: Int
    /// Whether the models' names are left out of what is told.
    private let hidesNames: Bool
    private let clock: EngineClock
    private let state: Mutex<State>

    init(run: RunID, after base: Int = 0, hidesNames: Bool = false, clock: EngineClock) {
        self.run = run
        self.hidesNames = hidesNames
        self.base = base
        self.clock = clock
        var state = State()
        (state.last, state.takenThrough) = (base, base)
        self.state = Mutex(state)
    }

    /// Adds an event and wakes the readers.
    func append(_ body: RunLogEntry.Body) {
        let body = hidesNames ? body.withoutNames : body
        let waiters = state.withLock { state in
            state.last += 1
            state.events.append(RunLogEntry(sequence: state.last, body: body))
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Ends the log: readers that have caught up are told that nothing more comes.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Gives the events that are to be kept next, deltas put together. Until ``noteKept()`` they stay the same, so that
    /// they can be kept again when it is not known whether they were.
    func takeUnkept() -> [RunEvent] {
        state.withLock { state in
            if state.pending.isEmpty { state.pending = state.take(of: run) }
            return state.pending
        }
    }

    /// Counts what was taken last as kept.
    func noteKept() {
        state.withLock { $0.pending = [] }
    }

    /// Gives what was taken and perhaps not kept, and the events behind it with one that is yet to be appended as the last.
    func takeRest(before last: RunLogEntry.Body) -> (pending: [RunEvent], rest: [RunEvent]) {
        let last = hidesNames ? last.withoutNames : last
        return state.withLock { state in
            let rest = state.take(of: run) + [RunLogEntry(sequence: state.last + 1, body: last).event(of: run)]
            defer { state.pending = [] }
            state.takenThrough += 1
            return (state.pending, rest)
        }
    }

    /// The entries after a number that are there now; `nil` once the log is closed and has no more.
    func entries(after sequence: Int) -> [RunLogEntry]? {
        let (entries, isClosed) = state.withLock { state in
            (state.events[RunLogEntry.firstIndex(in: state.events, after: sequence)...], state.isClosed)
        }
        return entries.isEmpty && isClosed ? nil : Array(entries)
    }

    /// Waits until there is an event after a number, the log closes, the reader's task is cancelled or ``tick(_:)``
    /// finds that the wait has been long.
    func wait(after sequence: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.last > sequence || state.isClosed || state.cancelled.remove(id) != nil { return true }
                    state.waiters.append(Waiter(id: id, continuation: continuation, since: clock.ticks()))
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            // The cancellation may come before the wait is registered: then it is noted, and the wait ends at once.
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume()
        }
        _ = state.withLock { $0.cancelled.remove(id) }
    }

    /// Wakes readers that have waited for fifteen seconds, so that they can show a sign of life.
    func tick(_ now: UInt64) {
        let due = state.withLock { state in
            let due = state.waiters.filter { now >= $0.since + 15_000_000_000 }
            state.waiters.removeAll { now >= $0.since + 15_000_000_000 }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }
}
