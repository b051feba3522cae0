import Synchronization

/// How often simulated models were called and rules used, as far as it matters.
final class SimulationCounts: Sendable {
    /// What is counted.
    enum Key: Hashable {
        /// Calls of a model that fails for some of them only.
        case model(String)
        /// Calls that a rule's fault was meant for.
        case fault(rule: Int)
        /// Answers that a rule gave.
        case answer(rule: Int)
    }

    private let counts = Mutex<[Key: Int]>([:])
    /// Names are made up by clients: when there are more than that, all are forgotten.
    private static let limit = 10_000

    /// Counts once more.
    /// - Returns: how often it was counted before.
    func take(_ key: Key) -> Int {
        counts.withLock { counts in
            if counts.count >= Self.limit, counts[key] == nil { counts.removeAll() }
            let before = counts[key, default: 0]
            counts[key] = before + 1
            return before
        }
    }

    /// How often it was counted.
    func count(_ key: Key) -> Int { counts.withLock { $0[key, default: 0] } }
}
