public import PlenumCore
import Synchronization

/// Makes ids, each greater than the one before, also within a millisecond and when the clock steps back.
public final class IdentifierSource: Sendable {
    private struct State {
        var generator = PooledRandomNumberGenerator()
        var last: UInt64 = 0
    }

    private let clock: EngineClock
    private let state = Mutex(State())

    /// Makes a source.
    public init(clock: EngineClock) { self.clock = clock }

    /// Makes the next id of a kind.
    ///
    /// The twelve random bits that follow the millisecond are a counter when ids come faster than the clock: RFC 9562
    /// section 6.2, method 1.
    public func next<Subject: Identified>(_: Subject.Type = Subject.self) -> Identifier<Subject> {
        let time = clock.now()
        return state.withLock { state in
            let fresh = Identifier<Subject>(at: time, using: &state.generator)
            // The counter starts in the lower half of its range, so that there is room to count up.
            let high = max(fresh.high & ~0x800, Self.successor(of: state.last))
            state.last = high
            return Identifier(high: high, low: fresh.low)
        }
    }

    /// Counts up within the millisecond, and on into the next when the twelve bits are used up.
    private static func successor(of high: UInt64) -> UInt64 {
        high & 0xFFF == 0xFFF ? (high >> 16 + 1) << 16 | 0x7000 : high + 1
    }
}
