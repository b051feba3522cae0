import PlenumCore

/// All seats answer, and one model makes one answer of all.
struct Fusion: Strategy {
    private static let slot = Slot(seat: nil, .fuse, round: 1)

    func next(_ state: RunState) -> StrategyStep {
        let seats = state.seatNumbers
        let panel = Panel(state, .answer)
        let open = panel.open(of: seats)
        if state.limitReached == nil, !open.isEmpty { return .call(open.map { answer($0, state) }) }
        guard !panel.isUnderWay(seats) else { return .wait }
        let answers = panel.answers(of: seats)
        guard answers.count > 1 else {
            let reason = state.limitReached ?? (answers.isEmpty ? "failed" : "seat_failed")
            return .finish(RunOutcome(answers.isEmpty ? .failed : .incomplete, reason, leaf: answers.first?.message))
        }
        let reason = state.limitReached ?? "completed"
        switch state.state(of: Self.slot) {
        case .open where !state.refused.contains(Self.slot): return .call([fuse(answers, state)])
        case .underWay: return .wait
        case .done(let turn): return .finish(RunOutcome(.completed, reason, leaf: turn.message))
        default:
            let why = state.refused.contains(Self.slot) ? reason : "chair_failed"
            return .finish(RunOutcome(.incomplete, why, leaf: answers.first?.message))
        }
    }

    private func answer(_ seat: Int, _ state: RunState) -> StepCall {
        let own = state.seats.first { $0.index == seat }
        let prompt = Prompt([own?.persona, own?.system], history: state.history(of: seat))
        return state.call(
            Slot(seat: seat, .answer),
            prompt.request(limit: CouncilPrompts.answerLimit, own?.parameters ?? JSONObject()),
            parent: state.question
        )
    }

    private func fuse(_ answers: [RunTurn], _ state: RunState) -> StepCall {
        var shuffle = SeededShuffle(state.run, 1)
        let mixed = answers.shuffled(using: &shuffle)
        var prompt = Prompt([SynthesisPrompts.rules(.fuse)], history: state.history)
        prompt.quote(
            mixed.enumerated().map {
                Quote(from: SynthesisPrompts.label($0.offset), round: nil, said: state.shown($0.element))
            }
        )
        prompt.add(.user, SynthesisPrompts.task(SynthesisPlan(mode: .fuse)))
        var call = state.callJudge(Self.slot, prompt, limit: CouncilPrompts.chairLimit, parent: state.question)
        call.derivedFrom = answers.map(\.message)
        return call
    }

    /// The one answer.
    func closing(_ state: RunState) -> [StepCall] {
        let answers = Panel(state, .answer).answers(of: state.seatNumbers)
        return answers.count > 1 && state.state(of: Self.slot) == .open ? [fuse(answers, state)] : []
    }

    func result(_ state: RunState) -> JSONObject? {
        let answers = Panel(state, .answer).answers(of: state.seatNumbers)
        let fused = state.answer(in: Self.slot)
        let chosen = fused ?? answers.first
        return JSONObject([
            ("method", .string(fused != nil ? "fusion" : answers.isEmpty ? "none" : "single")),
            ("message", chosen.map { .string($0.message.description) } ?? .null),
            ("answer", chosen.map { .string($0.text) } ?? .null), ("synthesis", .bool(fused != nil)),
            ("baseline", .null),
        ]).adding(state.honesty(answered: answers.count))
    }
}
