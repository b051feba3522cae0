import PlenumCore
import Synchronization

/// Which deployment is asked: knows how each has done lately.
final class Router: Sendable {
    /// How a deployment has done.
    private struct Health {
        var breaker = Breaker()
        /// Until when it is left alone where there is another.
        var restsUntil: UInt64 = 0
    }

    private struct State {
        var health: [Deployment.ID: Health] = [:]
        /// Answers under way, and how many of them are being tried again.
        var (active, retrying) = (0, 0)
    }

    private let state = Mutex(State())
    private let clock: EngineClock

    init(clock: EngineClock) { self.clock = clock }

    /// Takes the deployment to ask out of a list: the first that is well, or else the first: the last one of a model is
    /// never kept from those who ask for it.
    func take(from candidates: inout [Deployment]) -> Deployment? {
        guard candidates.count > 1 else { return candidates.popLast() }
        let now = clock.ticks()
        let place = state.withLock { state in
            candidates.firstIndex { candidate in
                var health = state.health[candidate.id] ?? Health()
                guard now >= health.restsUntil else { return false }
                defer { state.health[candidate.id] = health }
                return health.breaker.admits(at: now, chance: .random(in: 0..<100))
            }
        }
        return candidates.remove(at: place ?? 0)
    }

    /// Notes how an attempt ended: the one place where that is done.
    /// - Parameter error: why it failed; `nil` if it did not.
    func record(_ deployment: Deployment, _ error: PlenumError?) {
        let now = clock.ticks()
        let rule = error.map(RetryRule.init)
        state.withLock { state in
            var health = state.health[deployment.id] ?? Health()
            defer { state.health[deployment.id] = health }
            if let cooldown = rule?.cooldown {
                let (seconds, rest) = cooldown.components
                let nanoseconds = UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, rest / 1_000_000_000))
                health.restsUntil = max(health.restsUntil, now + nanoseconds)
            }
            switch rule {
            case nil: health.breaker.record(failed: false, at: now, jitter: 0)
            case .some(let rule) where rule.counts:
                health.breaker.record(failed: true, at: now, jitter: .random(in: -20...20))
            // Neither a client that left nor one that asked for nonsense says anything of the deployment.
            default: health.breaker.forget(at: now)
            }
        }
    }

    // MARK: - How much is tried again

    /// Counts an answer that is begun.
    func begin() { state.withLock { $0.active += 1 } }

    /// Counts an answer that has ended.
    /// - Parameter isRetrying: whether it was being tried again.
    func end(isRetrying: Bool) {
        state.withLock { state in
            state.active -= 1
            state.retrying -= isRetrying ? 1 : 0
        }
    }

    /// Whether one more answer may be tried again where it failed: a fifth of all at most, so that a provider that is down
    /// is not asked twice as much as one that is up.
    func mayRetry() -> Bool {
        state.withLock { state in
            guard state.retrying < max(3, state.active / 5) else { return false }
            state.retrying += 1
            return true
        }
    }
}

extension PlenumError {
    /// What cannot be: a name that is found has a deployment.
    static let nobody = PlenumError(.internal, "There is nobody to ask.")
}
