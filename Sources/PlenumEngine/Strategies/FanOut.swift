import PlenumCore

/// All seats at once, each by itself: compare, and with one seat chat.
///
/// The run is completed if all seats answered, incomplete if some did, and failed if none did. What broke off stays as
/// it is: a person has seen it and may ask for it again.
public struct FanOut: Strategy {
    /// Makes the strategy.
    public init() {}

    /// Calls every seat at the start, then waits for the last.
    public func next(_ state: RunState) -> StrategyStep {
        let slots = state.seats.map { Slot(seat: $0.index, .answer) }
        let states = slots.map { state.state(of: $0, again: 0) }
        // A seat that there is no money for stays out; the others go on.
        let open = slots.indices.filter {
            states[$0] == .open && !state.refused.contains(slots[$0]) && !state.isOverdue
                && !state.settings.isConcluding
        }
        if !open.isEmpty { return .call(open.map { call(state.seats[$0], state) }) }
        guard !states.contains(.underWay) else { return .wait }
        let answers = states.compactMap(\.turn).filter { $0.status == .completed || $0.status == .incomplete }
        let leaf = answers.first?.message
        guard answers.count < states.count else { return .finish(RunOutcome(.completed, "completed", leaf: leaf)) }
        if let limit = state.limitReached, states.contains(.open) {
            return .finish(RunOutcome(answers.isEmpty ? .failed : .incomplete, limit, leaf: leaf))
        }
        return answers.isEmpty
            ? .finish(RunOutcome(.failed, "failed")) : .finish(RunOutcome(.incomplete, "some_seats_failed", leaf: leaf))
    }

    private func call(_ seat: Seat, _ state: RunState) -> StepCall {
        var chat = ChatRequest()
        chat.instructions = seat.system.map { [SystemText($0)] } ?? []
        chat.turns = state.history(of: seat.index)
        SeatParameters.apply(seat.parameters, to: &chat)
        let slot = Slot(seat: seat.index, .answer)
        var call = StepCall(slot, models: [seat.model] + seat.fallbacks, chat: chat, parent: state.question)
        call.mayShrink = true
        return call
    }
}
