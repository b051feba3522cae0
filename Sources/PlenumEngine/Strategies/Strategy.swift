public import PlenumCore

/// How a run goes about its seats: a pure value that is asked what to do next whenever something has ended.
///
/// It reads the state and says what to call; it starts nothing, waits for nothing and keeps nothing, so that it can be
/// tested without a network and asked again after a crash.
public protocol Strategy: Sendable {
    /// Says what to do, given how far the run has come.
    func next(_ state: StrategyState) -> StrategyStep
}

/// How far a run has come.
public struct StrategyState: Sendable, Hashable {
    /// How far a seat has come.
    public enum SeatState: Sendable, Hashable {
        /// It was not called.
        case waiting
        /// It is answering.
        case answering
        /// It has ended.
        case ended(Status)
    }

    /// The seats, by index.
    public var seats: [SeatState]

    /// Makes the state of a run that has not begun.
    public init(seatCount: Int) { seats = Array(repeating: .waiting, count: seatCount) }
}

/// What to do next.
public enum StrategyStep: Sendable, Hashable {
    /// Call these seats, all at once, beside those that are answering.
    case call([Int])
    /// Wait until a seat ends.
    case wait
    /// The run is over.
    case finish(Status, stopReason: String)
}
