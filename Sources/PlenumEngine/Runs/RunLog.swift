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
        var keptThrough = 0
        var isClosed = false
        var waiters: [Waiter] = []
        var cancelled: Set<Int> = []
        var nextWaiter = 0
    }

    let run: RunID
    private let clock: EngineClock
    private let state = Mutex(State())

    init(run: RunID, clock: EngineClock) {
        self.run = run
        self.clock = clock
    }

    /// Adds an event and wakes the readers.
    func append(_ body: RunLogEntry.Body) {
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

    /// Gives the events that were not kept yet, deltas put together, and counts them as kept.
    func takeUnkept() -> [RunEvent] {
        state.withLock { state in
            let first = RunLogEntry.firstIndex(in: state.events, after: state.keptThrough)
            guard first < state.events.count else { return [] }
            let merged = RunLogEntry.merged(state.events[first...])
            state.events.replaceSubrange(first..., with: merged)
            state.keptThrough = state.last
            return merged.map { $0.event(of: run) }
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
