import Synchronization

/// The leaving of a client: something that happens once, awaited by one task.
final class Departure: Sendable {
    private enum State {
        case ahead
        case awaited(CheckedContinuation<Void, Never>)
        case past
    }

    private let state = Mutex(State.ahead)

    /// Says that it has happened; again is nothing.
    func happen() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .past }
            return if case .awaited(let continuation) = state { continuation } else { nil }
        }
        waiting?.resume()
    }

    /// Waits until it has happened or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isPast = state.withLock { state in
                    if case .past = state { return true }
                    state = .awaited(continuation)
                    return false
                }
                if isPast { continuation.resume() }
            }
        } onCancel: {
            happen()
        }
    }
}
