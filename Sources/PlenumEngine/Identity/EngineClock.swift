public import PlenumCore

/// Where the engine's times come from, so that tests own them.
public struct EngineClock: Sendable {
    /// The time of day.
    public var now: @Sendable () -> Timestamp
    /// Nanoseconds of a clock that never jumps and goes on while the machine sleeps, for durations and leases.
    public var ticks: @Sendable () -> UInt64

    /// Makes a clock of two functions.
    public init(now: @escaping @Sendable () -> Timestamp, ticks: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.ticks = ticks
    }
}
