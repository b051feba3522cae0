import PlenumCore

/// All seats at once, each by itself: compare, and with one seat chat.
///
/// The run is completed if all seats answered, incomplete if some did, and failed if none did.
public struct FanOut: Strategy {
    /// Makes the strategy.
    public init() {}

    /// Calls every seat at the start, then waits for the last.
    public func next(_ state: StrategyState) -> StrategyStep {
        let waiting = state.seats.indices.filter { state.seats[$0] == .waiting }
        if !waiting.isEmpty { return .call(waiting) }
        var answered = 0
        for case .ended(let status) in state.seats where status == .completed || status == .incomplete { answered += 1 }
        let ended = state.seats.allSatisfy { if case .ended = $0 { true } else { false } }
        guard ended else { return .wait }
        switch answered {
        case state.seats.count: return .finish(.completed, stopReason: "completed")
        case 0: return .finish(.failed, stopReason: "failed")
        default: return .finish(.incomplete, stopReason: "some_seats_failed")
        }
    }
}
