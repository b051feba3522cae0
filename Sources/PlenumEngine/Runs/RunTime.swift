/// How long a run has taken, pauses aside.
struct RunTime: Sendable {
    private let limit: UInt64?
    private let start: UInt64
    private var paused: UInt64 = 0
    private var pausedSince: UInt64?

    /// - Parameter limit: seconds; no limit if `nil`.
    init(limit: Int?, now: UInt64) {
        self.limit = limit.map { UInt64(max(0, $0)) * 1_000_000_000 }
        start = now
    }

    /// Notes whether the run waits for a person.
    mutating func note(isPaused: Bool, now: UInt64) {
        switch (pausedSince, isPaused) {
        case (nil, true): pausedSince = now
        case (let since?, false):
            paused += now - since
            pausedSince = nil
        default: break
        }
    }

    private func taken(_ now: UInt64) -> UInt64 {
        now - start - paused - (pausedSince.map { now - $0 } ?? 0)
    }

    /// Whether it has taken as long as it may.
    func isUp(_ now: UInt64) -> Bool { limit.map { taken(now) >= $0 } ?? false }

    /// How long it may take yet; a second at least, so that a pause is looked at again and again but not at once.
    func left(_ now: UInt64) -> Duration? {
        limit.map { .nanoseconds(Int64(max(1_000_000_000, $0 - min($0, taken(now))))) }
    }
}
