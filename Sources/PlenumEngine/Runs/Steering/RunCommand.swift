public import PlenumCore

/// What people may say to a run, while it goes on or after it has ended.
public enum RunCommand: Sendable {
    /// Wait after what is under way.
    case pause
    /// Go on: after a pause, or where a run broke off.
    case resume
    /// Do one more step, and wait again.
    case step
    /// Begin no further round: come to an end with what there is.
    case conclude
    /// More rounds, more turns, more money.
    case extend(rounds: Int, turns: Int, maxCost: Money?)
    /// A person's word, heard at the next turn.
    case say(String)
    /// Take a seat out.
    case cancelSeat(Int)
    /// Write a seat's last answer again, perhaps with another model.
    case retrySeat(Int, model: String?)
    /// One more seat.
    case addSeat(Seat)
    /// Judge again, perhaps with another model.
    case judge(RunSettings.Voice?)
}

extension RunCommand {
    /// Changes a run as the command says.
    /// - Parameter hasEnded: whether the run is to be reopened for it.
    /// - Throws: `conflict` where it does not fit how far the run has come, `invalidRequest` where it never fits.
    func apply(to state: inout RunState, hasEnded: Bool) throws(PlenumError) {
        switch self {
        case .pause: try pause(&state, hasEnded)
        case .resume, .step, .conclude: try goOn(&state, hasEnded)
        case .extend(let rounds, let turns, let maxCost): try extend(&state, rounds, turns, maxCost)
        case .say(let text):
            try demand(state.settings.debate == .sides || state.settings.debate == .talk, Self.nobodyListens)
            try demand(!hasEnded, "The run has ended: extend it first.")
            state.settings.says.append(text)
        case .cancelSeat(let seat):
            try demand(state.seats.contains { $0.index == seat }, "There is no seat \(seat).", code: .notFound)
            try demand(!hasEnded, "The run has ended.")
            state.settings.cancelledSeats.insert(seat)
        case .retrySeat(let seat, let model): try retry(&state, seat, model)
        case .addSeat(var seat):
            try demand(
                state.settings.debate == nil && state.settings.synthesis == nil,
                "Seats are added to a compare only."
            )
            try demand(state.seats.count < RunAsk.seatLimit, "A run has at most \(RunAsk.seatLimit) seats.")
            seat.index = state.seats.count
            state.seats.append(seat)
        case .judge(let voice): try judge(&state, voice, hasEnded)
        }
        guard hasEnded else { return }
        state.settings.isPaused = false
        state.settings.pauseReason = nil
        if case .conclude = self {} else { state.settings.isConcluding = false }
    }

    private static let nobodyListens =
        "Nobody in this run would read it: a person can speak in a debate by sides or a talk."

    private func demand(
        _ holds: Bool,
        _ message: String,
        code: PlenumError.Code = .conflict
    ) throws(PlenumError) {
        if !holds { throw PlenumError(code, message) }
    }

    private func pause(_ state: inout RunState, _ hasEnded: Bool) throws(PlenumError) {
        try demand(!hasEnded, "The run has ended.")
        try demand(
            state.settings.debate != nil,
            "A run without rounds has nowhere to pause: cancel it, or a seat of it."
        )
        state.settings.isPaused = true
        state.settings.pauseReason = "person"
    }

    private func goOn(_ state: inout RunState, _ hasEnded: Bool) throws(PlenumError) {
        if case .step = self { state.settings.isStepwise = true }
        if case .conclude = self {
            state.settings.isConcluding = true
        } else if !hasEnded {
            let isWaiting = state.settings.isPaused || state.settings.isStepwise
            try demand(isWaiting, "The run goes on already.")
        }
        // Only who says "step" wants to be asked again.
        if case .step = self {} else { state.settings.isStepwise = false }
        state.settings.isPaused = false
        state.settings.pauseReason = nil
    }

    private func extend(_ state: inout RunState, _ rounds: Int, _ turns: Int, _ maxCost: Money?) throws(PlenumError) {
        switch state.settings.debate {
        case .sides?, .revise?:
            let most = state.settings.debate == .sides ? 5 : 4
            let before = state.settings.rounds ?? (state.settings.debate == .sides ? 2 : 1)
            try demand(turns == 0, "This debate has rounds, not turns.")
            try demand(before + rounds <= most, "This debate has at most \(most) rounds; it has \(before).")
            state.settings.rounds = before + rounds
            // A debate that has agreed is taken up again because a person wants to hear more.
            if rounds > 0 { state.settings.alwaysDebates = true }
            // The verdict is given anew, over all rounds.
            if rounds > 0 { again(&state, phases: [.judge, .repair, .clerk]) }
        case .talk?:
            let before = state.settings.turns ?? 8
            try demand(rounds == 0, "This debate has turns, not rounds.")
            try demand(before + turns <= 40, "A talk has at most 40 turns; it has \(before).")
            state.settings.turns = before + turns
            if turns > 0 { again(&state, phases: [.summary]) }
        default: try demand(rounds == 0 && turns == 0, "This run has no rounds that it could have more of.")
        }
        if let maxCost {
            try demand(
                state.settings.maxCost.map { $0 < maxCost } ?? true,
                "The new cap must be above the old one."
            )
            state.settings.maxCost = maxCost
            state.refused = []
        }
        state.settings.isPaused = false
        state.settings.pauseReason = nil
        state.settings.isConcluding = false
    }

    private func retry(_ state: inout RunState, _ seat: Int, _ model: String?) throws(PlenumError) {
        guard let place = state.seats.firstIndex(where: { $0.index == seat }) else {
            throw PlenumError(.notFound, "There is no seat \(seat).")
        }
        if let last = state.turns.last(where: { $0.slot.seat == seat }) {
            try demand(last.status.isTerminal, "Seat \(seat) is still answering: cancel it first, or wait.")
            state.settings.again.insert(last.message)
        }
        if let model {
            state.seats[place].model = model
            state.seats[place].fallbacks = []
        }
        state.settings.cancelledSeats.remove(seat)
        state.refused = state.refused.filter { $0.seat != seat }
        state.settings.isPaused = false
        state.settings.pauseReason = nil
    }

    private func judge(_ state: inout RunState, _ voice: RunSettings.Voice?, _ hasEnded: Bool) throws(PlenumError) {
        try demand(hasEnded, "The run has not ended: \"conclude\" it to have it judged.")
        let phases: Set<RunStep.Phase> = [.judge, .repair, .chair, .fuse, .clerk, .summary]
        try demand(
            state.turns.contains { $0.slot.seat == nil && phases.contains($0.slot.step.phase) },
            "Nobody judges in this run."
        )
        if let voice { state.settings.judge = voice }
        again(&state, phases: phases)
    }

    /// What was said outside the panel is said anew.
    private func again(_ state: inout RunState, phases: Set<RunStep.Phase>) {
        for turn in state.turns where turn.slot.seat == nil && phases.contains(turn.slot.step.phase) {
            state.settings.again.insert(turn.message)
        }
    }
}
