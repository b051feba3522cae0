import Synchronization

/// A switch that is thrown once and that one task waits for.
final class StopSwitch: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Void, Never>)
        case thrown
    }

    private let state = Mutex(State.open)

    /// Throws it; again is nothing.
    func stop() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .thrown }
            return if case .waiting(let continuation) = state { continuation } else { nil }
        }
        waiting?.resume()
    }

    /// Waits until it is thrown or the task is cancelled, which throws it too.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThrown = state.withLock { state in
                    if case .thrown = state { return true }
                    state = .waiting(continuation)
                    return false
                }
                if isThrown { continuation.resume() }
            }
        } onCancel: {
            stop()
        }
    }
}
