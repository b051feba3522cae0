import PlenumCore

/// All seats answer by themselves; in each further round they read all answers, unlabelled, and answer again, until they
/// agree, nothing changes or the rounds are over. The answer that most give is taken. With no further round it is a vote.
///
/// After Du et al., "Improving Factuality and Reasoning in Language Models through Multiagent Debate" (ICML 2024). One
/// further round by default: later ones measured worse (Kaesberg et al., ACL 2025).
struct Revise: Strategy {
    /// The further rounds, where the settings do not say.
    let rounds: Int?

    private func rounds(_ state: RunState) -> Int { rounds ?? state.settings.rounds ?? 1 }

    private static func phase(_ round: Int) -> RunStep.Phase { round == 0 ? .answer : .revise }

    func next(_ state: RunState) -> StrategyStep {
        var live = state.seatNumbers
        var before: Tally?
        for round in 0...rounds(state) {
            let panel = Panel(state, Self.phase(round), round: round)
            let open = panel.open(of: live)
            let limit = state.limitReached
            if limit == nil, !open.isEmpty { return .call(open.map { call($0, round, live, state) }) }
            guard !panel.isUnderWay(live) else { return .wait }
            let answers = panel.answers(of: live)
            // A round that could not be begun, or only in part, does not count.
            if let limit, !open.isEmpty {
                return round == 0 && answers.isEmpty
                    ? .finish(RunOutcome(.failed, limit))
                    : decide(state, after: max(0, answers.isEmpty ? round - 1 : round), limit)
            }
            live = answers.compactMap(\.slot.seat)
            guard live.count > 1 else { return few(answers, state, round) }
            let tally = tally(state, round)
            if let reason = stop(tally, before, round, state) { return decide(state, after: round, reason) }
            before = tally
        }
        return .wait
    }

    /// Why no further round follows; `nil` if one does.
    private func stop(_ tally: Tally, _ before: Tally?, _ round: Int, _ state: RunState) -> String? {
        if tally.isUnanimous {
            if round > 0 { return "unanimous" }
            if rounds(state) == 0 || !state.settings.alwaysDebates { return "unanimous_at_start" }
        }
        if let before, tally.isSame(as: before) { return "stable" }
        return round == rounds(state) ? (round == 0 ? "completed" : "max_rounds") : nil
    }

    /// With one seat left its answer is the answer.
    private func few(_ answers: [RunTurn], _ state: RunState, _ round: Int) -> StrategyStep {
        if let only = answers.first {
            return .finish(RunOutcome(.incomplete, "seat_failed", leaf: only.message))
        }
        // Nobody is left in this round: the last one counts.
        guard round > 0 else { return .finish(RunOutcome(.failed, "failed")) }
        return decide(state, after: round - 1, "seat_failed")
    }

    /// Brings the run to its end after a round, by a synthesis where nothing can be counted.
    private func decide(_ state: RunState, after round: Int, _ reason: String) -> StrategyStep {
        let decision = decision(state)
        let status: Status = reason == "seat_failed" || reason == "concluded" ? .incomplete : .completed
        if let message = decision.message {
            return .finish(RunOutcome(status, reason, leaf: message))
        }
        let slot = Slot(seat: nil, .clerk, round: round)
        switch state.state(of: slot) {
        case .open where !state.refused.contains(slot): return .call([synthesis(slot, state, round)])
        case .underWay: return .wait
        case .done(let turn): return .finish(RunOutcome(status, reason, leaf: turn.message))
        default:
            let first = Panel(state, Self.phase(round), round: round).answers(of: state.seatNumbers).first
            return .finish(RunOutcome(.incomplete, reason, leaf: first?.message))
        }
    }

    // MARK: - What is asked

    private func call(_ seat: Int, _ round: Int, _ live: [Int], _ state: RunState) -> StepCall {
        let own = state.seats.first { $0.index == seat }
        let rules = round == 0 ? RevisePrompts.first : RevisePrompts.again
        var prompt = Prompt([rules, own?.persona, own?.system], history: state.history(of: seat))
        var parent = state.question
        if round > 0 {
            let last = Panel(state, Self.phase(round - 1), round: round - 1)
            var shuffle = SeededShuffle(state.run, round, seat)
            let answers = last.answers(of: live).shuffled(using: &shuffle)
            prompt.quote(answers.map { Quote(from: "a participant", round: nil, said: state.shown($0)) })
            parent = state.answer(in: last.slot(seat))?.message ?? parent
        }
        let slot = Slot(seat: seat, Self.phase(round), round: round)
        return state.call(
            slot,
            prompt.request(limit: RevisePrompts.limit, own?.parameters ?? JSONObject()),
            parent: parent
        )
    }

    private func synthesis(_ slot: Slot, _ state: RunState, _ round: Int) -> StepCall {
        let answers = Panel(state, Self.phase(round), round: round).answers(of: state.seatNumbers)
        var shuffle = SeededShuffle(state.run, round, -1)
        var prompt = Prompt([RevisePrompts.synthesis], history: state.history)
        prompt.quote(
            answers.shuffled(using: &shuffle).map { Quote(from: "a participant", round: nil, said: state.shown($0)) }
        )
        var call = state.callJudge(slot, prompt, limit: RevisePrompts.limit, parent: state.question)
        call.derivedFrom = answers.map(\.message)
        return call
    }

    /// A synthesis may be needed: money is kept back for it once there are answers.
    func closing(_ state: RunState) -> [StepCall] {
        let round = lastRound(state)
        guard !Panel(state, Self.phase(round), round: round).answers(of: state.seatNumbers).isEmpty else { return [] }
        return [synthesis(Slot(seat: nil, .clerk, round: round), state, round)]
    }

    // MARK: - What is told

    private func tally(_ state: RunState, _ round: Int) -> Tally {
        let answers = Panel(state, Self.phase(round), round: round).answers(of: state.seatNumbers)
        let votes = answers.compactMap { turn in turn.slot.seat.map { ($0, AnswerEnvelope(turn.text)) } }
        return Tally(votes, of: state.seatNumbers.count)
    }

    /// The last round in which anybody has answered.
    private func lastRound(_ state: RunState) -> Int {
        state.turns.filter { $0.slot.step.phase == .answer || $0.slot.step.phase == .revise }
            .filter { $0.status == .completed || $0.status == .incomplete }.map(\.slot.step.round).max() ?? 0
    }

    private struct Decision {
        var method: String
        var message: MessageID?
        var answer: String?
    }

    private func decision(_ state: RunState) -> Decision {
        let round = lastRound(state)
        let answers = Panel(state, Self.phase(round), round: round).answers(of: state.seatNumbers)
        if answers.count == 1 {
            let only = answers[0]
            return Decision(method: "single", message: only.message, answer: AnswerEnvelope(only.text).answer)
        }
        let tally = tally(state, round)
        let best = tally.plurality(before: round > 0 ? self.tally(state, 0) : nil)
        guard tally.votes >= 2, let best else {
            if let turn = state.answer(in: Slot(seat: nil, .clerk, round: round)) {
                return Decision(method: "synthesis", message: turn.message, answer: turn.text)
            }
            return Decision(method: "none")
        }
        // Of those who gave it, the surest one's words stand for it.
        let speakers = answers.filter { best.seats.contains($0.slot.seat ?? -1) }
        let surest = speakers.max {
            (AnswerEnvelope($0.text).confidence ?? -1) < (AnswerEnvelope($1.text).confidence ?? -1)
        }
        return Decision(
            method: tally.isUnanimous ? "unanimous" : "plurality",
            message: surest?.message,
            answer: best.answer
        )
    }

    func news(of turn: RunTurn, in state: RunState) -> [StrategyNews] {
        let round = turn.slot.step.round
        let panel = Panel(state, Self.phase(round), round: round)
        let seats = state.seatNumbers
        guard turn.slot.step.phase == panel.phase, !panel.isUnderWay(seats), panel.open(of: seats).isEmpty else {
            return []
        }
        let tally = tally(state, round)
        let isUnchanged = round > 0 && tally.isSame(as: self.tally(state, round - 1))
        return [
            StrategyNews(
                "round.completed",
                [
                    ("round", .number(JSONNumber(round))), ("tally", tally.json),
                    ("agreement", .number(JSONNumber(tally.agreement))), ("unchanged", .bool(isUnchanged)),
                ]
            )
        ]
    }

    func notes(on turn: RunTurn, in state: RunState) -> JSONObject {
        guard let seat = turn.slot.seat else { return JSONObject() }
        let envelope = AnswerEnvelope(turn.text)
        var notes = JSONObject([
            ("label", .string("S\(seat + 1)")), ("answer", envelope.answer.map { .string($0) } ?? .null),
            ("confidence", envelope.confidence.map { .number(JSONNumber($0)) } ?? .null),
        ])
        let round = turn.slot.step.round
        guard round > 0 else { return notes }
        let before = state.answer(in: Slot(seat: seat, Self.phase(round - 1), round: round - 1))
        let isChanged = before.map { AnswerEnvelope($0.text).normalized != envelope.normalized } ?? false
        notes["changed"] = .bool(isChanged)
        notes["because"] = envelope.because.map { .string($0) }
        // Who joins the majority and finds no error has not been convinced.
        let majority = tally(state, round - 1).plurality()?.form
        if isChanged, envelope.because == nil, envelope.normalized == majority { notes["unexplained"] = true }
        return notes
    }

    func result(_ state: RunState) -> JSONObject? {
        let last = lastRound(state)
        let decision = decision(state)
        let tallies = (0...last).map { tally(state, $0) }
        let baseline = tallies.first?.plurality()
        let answered = Panel(state, .answer).answers(of: state.seatNumbers).count
        return JSONObject([
            ("method", .string(decision.method)),
            ("message", decision.message.map { .string($0.description) } ?? .null),
            ("answer", decision.answer.map { .string($0) } ?? .null), ("rounds_run", .number(JSONNumber(last))),
            (
                "tally",
                .array(
                    tallies.enumerated().map { ["round": .number(JSONNumber($0.offset)), "counts": $0.element.json] }
                )
            ), ("baseline", Baseline.json(baseline, of: state.seats.count)),
        ]).adding(state.honesty(answered: answered))
    }
}

/// What a plain vote over the first answers would have said: it stands beside every result.
enum Baseline {
    static func json(_ group: Tally.Group?, of seats: Int) -> JSONValue {
        guard let group else { return .null }
        return [
            "answer": .string(group.answer), "votes": .number(JSONNumber(group.seats.count)),
            "of": .number(JSONNumber(seats)),
        ]
    }
}
