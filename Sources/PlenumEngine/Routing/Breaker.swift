/// Keeps requests from a deployment that fails, and lets them come back little by little.
///
/// Times are nanoseconds of a clock that never jumps.
struct Breaker: Sendable {
    private enum Phase {
        case closed
        /// Nobody asks until then.
        case open(until: UInt64)
        /// One asks, to see whether it works again. If nothing is heard of it by then, another one does.
        case halfOpen(until: UInt64)
        /// Some ask, more and more of them.
        case ramp(since: UInt64)
    }

    private var phase = Phase.closed
    /// How often it has opened without having been closed in between.
    private var openings = 0
    private var failuresInARow = 0
    /// What was seen in the window that began then.
    private var (windowStart, seen, failed) = (UInt64(0), 0, 0)

    private static let second: UInt64 = 1_000_000_000
    private static let mostInARow = 5
    private static let window = 30 * second
    /// From how many attempts in a window on their share of failures counts; half of them is too many.
    private static let leastSeen = 10
    private static let firstRest = 15 * second
    private static let longestRest = 300 * second
    /// How long the one who tries it out may take: an attempt's own limit.
    private static let trial = 600 * second
    /// How many of a hundred may ask, in each third of the minute after it works again.
    private static let shares = [10, 25, 50]

    /// Whether a request may go there.
    /// - Parameter chance: a number from 0 to 99, the same chance for all.
    mutating func admits(at now: UInt64, chance: Int) -> Bool {
        switch phase {
        case .closed: return true
        case .open(let until), .halfOpen(let until):
            guard now >= until else { return false }
            phase = .halfOpen(until: now + Self.trial)
            return true
        case .ramp(let since):
            let third = Int((now - since) / (20 * Self.second))
            guard third < Self.shares.count else {
                (phase, openings) = (.closed, 0)
                return true
            }
            return chance < Self.shares[third]
        }
    }

    /// Notes how an attempt ended.
    /// - Parameter jitter: from -20 to 20, percent of the time that it rests.
    mutating func record(failed isFailure: Bool, at now: UInt64, jitter: Int) {
        if now >= windowStart + Self.window { (windowStart, seen, failed) = (now, 0, 0) }
        seen += 1
        failed += isFailure ? 1 : 0
        failuresInARow = isFailure ? failuresInARow + 1 : 0
        switch phase {
        case .open: break
        case .halfOpen:
            if isFailure { open(at: now, jitter) } else { phase = .ramp(since: now) }
        case .ramp: if isFailure { open(at: now, jitter) }
        case .closed:
            let isTooMuch = seen >= Self.leastSeen && failed * 2 >= seen
            if isFailure, isTooMuch || failuresInARow >= Self.mostInARow { open(at: now, jitter) }
        }
    }

    /// Says that the one who was to try it out has left without having seen anything.
    mutating func forget(at now: UInt64) {
        if case .halfOpen = phase { phase = .open(until: now) }
    }

    private mutating func open(at now: UInt64, _ jitter: Int) {
        let rest = min(Self.firstRest << UInt64(min(openings, 5)), Self.longestRest)
        openings += 1
        phase = .open(until: now + rest / 100 * UInt64(100 + jitter))
        (windowStart, seen, failed, failuresInARow) = (now, 0, 0, 0)
    }
}
