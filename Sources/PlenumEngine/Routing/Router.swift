import Logging
import PlenumCore
import Synchronization

/// Which deployment is asked: knows how each has done lately.
final class Router: Sendable {
    /// How a deployment has done.
    private struct Health {
        var breaker = Breaker()
        /// Until when it is left alone where there is another.
        var restsUntil: UInt64 = 0
        /// How fast it has been.
        var pace = Pace()
    }

    /// The rest of a key: of all deployments that are asked with it.
    private struct KeyRest {
        var until: UInt64
        /// Whether one request tries it out, after the rest is over.
        var isTried = false
    }

    private struct State {
        var health: [Deployment.ID: Health] = [:]
        var keys: [String: KeyRest] = [:]
        /// What may be spent on trying again, of providers where some of it was.
        var purses: [String: RetryPurse] = [:]
        /// Answers under way, and how many of them are being tried again.
        var (active, retrying) = (0, 0)
    }

    private let state = Mutex(State())
    /// Where sessions were last.
    let sessions = StickySessions()
    private let clock: EngineClock
    private let logger: Logger

    /// How long the one who tries a key out may take before another does.
    private static let trial: UInt64 = 60_000_000_000

    init(clock: EngineClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// Takes the deployment to ask out of a list: the first that is well, or else the first: the last one of a model is
    /// never kept from those who ask for it.
    func take(from candidates: inout [Deployment]) -> Deployment? {
        guard candidates.count > 1 else { return candidates.popLast() }
        let now = clock.ticks()
        let place = state.withLock { state in
            candidates.firstIndex { candidate in
                var health = state.health[candidate.id] ?? Health()
                let keyRest = candidate.key.flatMap { state.keys[$0] }
                guard now >= health.restsUntil, now >= keyRest?.until ?? 0 else { return false }
                defer { state.health[candidate.id] = health }
                guard health.breaker.admits(at: now, chance: .random(in: 0..<100)) else { return false }
                if let key = candidate.key, keyRest != nil {
                    state.keys[key] = KeyRest(until: now + Self.trial, isTried: true)
                }
                return true
            }
        }
        return candidates.remove(at: place ?? 0)
    }

    /// How fast a deployment has been lately.
    func pace(of deployment: Deployment) -> Pace { state.withLock { $0.health[deployment.id]?.pace ?? Pace() } }

    /// Notes how an attempt ended: the one place where that is done.
    /// - Parameters:
    ///   - error: why it failed; `nil` if it did not.
    ///   - paid: what was paid for asking, if it was for another time.
    ///   - pace: how fast an answer came.
    func record(_ deployment: Deployment, _ error: PlenumError?, paid: Int = 0, pace: Pace.Sample? = nil) {
        let now = clock.ticks()
        let rule = error.map(RetryRule.init)
        let isNew = state.withLock { state in
            var health = state.health[deployment.id] ?? Health()
            defer { state.health[deployment.id] = health }
            if let pace { health.pace.add(pace) }
            switch rule {
            case nil:
                health.breaker.record(failed: false, at: now, jitter: 0)
                if !state.purses.isEmpty { state.purses[deployment.purse]?.giveBack(paid) }
            case .some(let rule) where rule.counts:
                health.breaker.record(failed: true, at: now, jitter: .random(in: -20...20))
            // Neither a client that left nor one that asked for nonsense says anything of the deployment.
            default: health.breaker.forget(at: now)
            }
            guard let rule, let cooldown = rule.cooldown else {
                if let key = deployment.key { Self.end(key, isWell: error == nil, &state, now) }
                return false
            }
            let (seconds, rest) = cooldown.components
            let end = now + UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, rest / 1_000_000_000))
            guard rule.rest == .key, let key = deployment.key else {
                defer { health.restsUntil = max(health.restsUntil, end) }
                return now >= health.restsUntil
            }
            let known = state.keys[key]
            state.keys[key] = KeyRest(until: max(known?.isTried == false ? known?.until ?? 0 : 0, end))
            return known.map { $0.isTried || now >= $0.until } ?? true
        }
        if isNew, let error, rule?.isAlarming == true { alarm(deployment, error) }
    }

    /// Ends the rest of a key that is well again; of one that was tried and of which nothing was heard, another tries it.
    private static func end(_ key: String, isWell: Bool, _ state: inout State, _ now: UInt64) {
        guard let rest = state.keys[key] else { return }
        if isWell {
            state.keys[key] = nil
        } else if rest.isTried {
            state.keys[key] = KeyRest(until: now)
        }
    }

    /// Tells the operator what will not mend by itself, once for each time that something is left alone.
    private func alarm(_ deployment: Deployment, _ error: PlenumError) {
        logger.error(
            "a provider refuses its key, its account or a model: look at its configuration",
            metadata: ["model": "\(deployment.model.id)", "error": "\(error)"]
        )
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

    /// Whether any answer is being tried again where it failed.
    var isRetrying: Bool { state.withLock { $0.retrying > 0 } }

    /// Whether one more answer may be tried again where it failed: a fifth of all at most, so that a provider that is down
    /// is not asked twice as much as one that is up.
    func mayRetry() -> Bool {
        state.withLock { state in
            guard state.retrying < max(3, state.active / 5) else { return false }
            state.retrying += 1
            return true
        }
    }

    /// Pays for asking a provider once more where it failed.
    /// - Returns: whether there was enough left for it.
    func pay(_ price: Int, to deployment: Deployment) -> Bool {
        state.withLock { $0.purses[deployment.purse, default: RetryPurse()].pay(price) }
    }

    /// Puts back what was paid for asking that came to nothing before it began.
    func giveBack(_ paid: Int, to deployment: Deployment) {
        state.withLock { $0.purses[deployment.purse]?.giveBack(paid) }
    }
}

extension Deployment {
    /// Whose purse asking it again is paid from: its provider's.
    fileprivate var purse: String { key ?? model.id.provider }
}

extension PlenumError {
    /// What cannot be: a name that is found has a deployment.
    static let nobody = PlenumError(.internal, "There is nobody to ask.")
}
