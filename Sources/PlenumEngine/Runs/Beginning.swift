import Synchronization

/// Whether the beginning of something was kept, for all who wait to know.
final class Beginning: Sendable {
    private enum State {
        case open([CheckedContinuation<Bool, Never>])
        case settled(isKept: Bool)
    }

    private let state = Mutex(State.open([]))

    /// Says whether it was kept; once.
    func settle(isKept: Bool) {
        let waiting = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            guard case .open(let waiting) = state else { return [] }
            state = .settled(isKept: isKept)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: isKept) }
    }

    /// Waits until it is known. A commit always comes to an end, and so does this.
    func isKept() async -> Bool {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Bool? in
                switch state {
                case .settled(let isKept): return isKept
                case .open(let waiting):
                    state = .open(waiting + [continuation])
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
