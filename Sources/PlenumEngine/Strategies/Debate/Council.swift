import PlenumCore

/// All members answer; each ranks the others' answers, which it sees without names and in an order of its own; the chair
/// reads answers, rankings and scores, and writes the final answer.
///
/// After A. Karpathy's llm-council; other than there nobody ranks itself, and the chair sees no names either.
struct Council: Strategy {
    /// How many members may take the chair when it fails.
    private static let substitutes = 2

    func next(_ state: RunState) -> StrategyStep {
        let members = state.seatNumbers
        let panel = Panel(state, .answer)
        let open = panel.open(of: members)
        if state.limitReached == nil, !open.isEmpty { return .call(open.map { answer($0, state) }) }
        guard !panel.isUnderWay(members) else { return .wait }
        let answers = answers(state)
        guard answers.count > 1 else {
            let reason = state.limitReached ?? (answers.isEmpty ? "failed" : "seat_failed")
            return .finish(RunOutcome(answers.isEmpty ? .failed : .incomplete, reason, leaf: answers.first?.message))
        }
        if let step = ranking(answers.compactMap(\.slot.seat), state) { return step }
        return chair(state)
    }

    /// The answers, also of members that were taken out since: the letters by which others know them must not change.
    private func answers(_ state: RunState) -> [RunTurn] {
        Panel(state, .answer).answers(of: state.seats.map(\.index))
    }

    // MARK: - Stage 2: rankings

    private func rankSlot(_ seat: Int, isRepair: Bool = false) -> Slot {
        Slot(seat: seat, isRepair ? .repair : .rank, round: 1)
    }

    /// What is to be done about the rankings; `nil` when all are in.
    private func ranking(_ seats: [Int], _ state: RunState) -> StrategyStep? {
        var calls: [StepCall] = []
        var isUnderWay = false
        for seat in seats {
            for slot in [rankSlot(seat), rankSlot(seat, isRepair: true)] {
                switch state.state(of: slot) {
                case .open where state.limitReached == nil && !state.settings.cancelledSeats.contains(seat):
                    calls.append(rank(slot, seats, state))
                case .underWay: isUnderWay = true
                default: break
                }
                // A ballot that can be read, or that nobody gave, is not asked for again.
                guard let turn = state.answer(in: slot), ballot(turn, seats, state) == nil else { break }
            }
        }
        if !calls.isEmpty { return .call(calls) }
        return isUnderWay ? .wait : nil
    }

    /// The others' answers as a member sees them: letters for seats, mixed for each reader.
    private func labels(for reader: Int, _ seats: [Int], _ state: RunState) -> [(label: String, seat: Int)] {
        var shuffle = SeededShuffle(state.run, 1, reader)
        let others = seats.filter { $0 != reader }.shuffled(using: &shuffle)
        return others.enumerated().map { (Self.letter($0.offset), $0.element) }
    }

    private static func letter(_ place: Int) -> String { String(UnicodeScalar(UInt8(65 + place % 26))) }

    /// A member's ballot as a list of seats, best first.
    private func ballot(_ turn: RunTurn, _ seats: [Int], _ state: RunState) -> [Int]? {
        guard let reader = turn.slot.seat else { return nil }
        let labels = labels(for: reader, seats, state)
        guard let ballot = Ballot(turn.text, labels: labels.map(\.label)) else { return nil }
        return ballot.ranking.compactMap { label in labels.first { $0.label == label }?.seat }
    }

    private func ballots(_ seats: [Int], _ state: RunState) -> [(seat: Int, ranking: [Int])] {
        seats.compactMap { seat in
            for slot in [rankSlot(seat), rankSlot(seat, isRepair: true)] {
                guard let turn = state.answer(in: slot), let ranking = ballot(turn, seats, state) else { continue }
                return (seat, ranking)
            }
            return nil
        }
    }

    /// The scores; `nil` with fewer than two ballots.
    private func scores(_ seats: [Int], _ state: RunState) -> RankScores? {
        let ballots = ballots(seats, state)
        return ballots.count < 2 ? nil : RankScores(seats: seats, ballots: ballots.map(\.ranking))
    }

    // MARK: - Stage 3: the chair

    private func chair(_ state: RunState) -> StrategyStep {
        let answers = answers(state)
        let seats = answers.compactMap(\.slot.seat)
        let reason = state.limitReached ?? "completed"
        for part in 0...Self.substitutes {
            let slot = Slot(seat: nil, .chair, round: 2, part: part)
            switch state.state(of: slot) {
            case .open where !state.refused.contains(slot): return .call([finalAnswer(slot, seats, state)])
            case .underWay: return .wait
            case .done(let turn): return .finish(RunOutcome(.completed, reason, leaf: turn.message))
            default: continue
            }
        }
        let best = best(seats, state)
        let message = answers.first { $0.slot.seat == best }?.message
        return .finish(RunOutcome(.incomplete, reason == "completed" ? "chair_failed" : reason, leaf: message))
    }

    private func best(_ seats: [Int], _ state: RunState) -> Int? {
        scores(seats, state)?.scores.first?.seat ?? seats.first
    }

    // MARK: - What is asked

    private func answer(_ seat: Int, _ state: RunState) -> StepCall {
        let own = state.seats.first { $0.index == seat }
        let prompt = Prompt([CouncilPrompts.answer, own?.persona, own?.system], history: state.history(of: seat))
        return state.call(
            Slot(seat: seat, .answer),
            prompt.request(limit: CouncilPrompts.answerLimit, own?.parameters ?? JSONObject()),
            parent: state.question
        )
    }

    private func rank(_ slot: Slot, _ seats: [Int], _ state: RunState) -> StepCall {
        let reader = slot.seat ?? 0
        let own = state.seats.first { $0.index == reader }
        let labels = labels(for: reader, seats, state)
        var prompt = Prompt([Quote.rule], history: state.history(of: reader))
        prompt.quote(
            labels.compactMap { label, seat in
                state.answer(in: Slot(seat: seat, .answer)).map {
                    Quote(from: "Response \(label)", round: nil, said: state.shown($0))
                }
            }
        )
        prompt.add(.user, CouncilPrompts.rank(labels.map(\.label)))
        if slot.step.phase == .repair, let first = state.answer(in: rankSlot(reader)) {
            prompt.add(.assistant, first.text)
            prompt.add(.user, CouncilPrompts.repair)
        }
        var parameters = own?.parameters ?? JSONObject()
        parameters["max_output_tokens"] = nil
        return state.call(
            slot,
            prompt.request(limit: CouncilPrompts.ballotLimit, parameters, isJSON: true),
            parent: state.answer(in: Slot(seat: reader, .answer))?.message ?? state.question
        )
    }

    private func finalAnswer(_ slot: Slot, _ seats: [Int], _ state: RunState) -> StepCall {
        let answers = Panel(state, .answer).answers(of: seats)
        let labels = labels(for: -1, seats, state)
        let name = { (seat: Int) in "Response " + (labels.first { $0.seat == seat }?.label ?? "?") }
        var prompt = Prompt([CouncilPrompts.chair], history: state.history)
        prompt.quote(
            labels.compactMap { label in
                answers.first { $0.slot.seat == label.seat }.map {
                    Quote(from: name(label.seat), round: nil, said: state.shown($0))
                }
            }
        )
        prompt.add(.user, rankings(seats, state, name))
        let limit = CouncilPrompts.chairLimit
        var call = state.callJudge(slot, prompt, limit: limit, parent: state.question)
        // Where the chair fails, the best ranked members write in turn.
        let ranked = scores(seats, state)?.scores.map(\.seat) ?? seats
        if slot.step.part > 0, slot.step.part <= ranked.count,
            let substitute = state.seats.first(where: { $0.index == ranked[slot.step.part - 1] })
        {
            call.models = [substitute.model]
        }
        call.derivedFrom = answers.map(\.message)
        return call
    }

    private func rankings(_ seats: [Int], _ state: RunState, _ name: (Int) -> String) -> String {
        let ballots = ballots(seats, state)
        guard let scores = scores(seats, state) else { return "There are no rankings." }
        let lines = ballots.map { "The writer of \(name($0.seat)): \($0.ranking.map(name).joined(separator: " > "))" }
        let places = scores.scores.filter { !$0.places.isEmpty }.map {
            "\(name($0.seat)): mean place \($0.mean / 100).\($0.mean % 100 / 10)"
        }
        return "Rankings, best first:\n\(lines.joined(separator: "\n"))\nScores:\n\(places.joined(separator: "\n"))"
    }

    /// The chair's answer.
    func closing(_ state: RunState) -> [StepCall] {
        let seats = answers(state).compactMap(\.slot.seat)
        let slot = Slot(seat: nil, .chair, round: 2)
        return seats.count > 1 && state.state(of: slot) == .open ? [finalAnswer(slot, seats, state)] : []
    }

    // MARK: - What is told

    func news(of turn: RunTurn, in state: RunState) -> [StrategyNews] {
        let members = state.seatNumbers
        switch turn.slot.step.phase {
        case .answer:
            let panel = Panel(state, .answer)
            guard !panel.isUnderWay(members), panel.open(of: members).isEmpty else { return [] }
            return [StrategyNews("round.completed", [("round", 0)])]
        case .rank, .repair:
            let seats = answers(state).compactMap(\.slot.seat)
            let ranking = ballot(turn, seats, state)
            // A ballot that is asked for once more is not told yet.
            guard ranking != nil || turn.slot.step.phase == .repair || turn.isBlank else { return [] }
            return [
                StrategyNews(
                    "ballot",
                    seat: turn.slot.seat,
                    [
                        ("ranking", .array((ranking ?? []).map { .number(JSONNumber($0)) })),
                        ("valid", .bool(ranking != nil)),
                    ]
                )
            ]
        default: return []
        }
    }

    func notes(on turn: RunTurn, in state: RunState) -> JSONObject {
        guard let seat = turn.slot.seat else { return JSONObject() }
        var notes = JSONObject([("label", .string("S\(seat + 1)"))])
        if turn.slot.step.phase == .answer {
            notes["answer"] = AnswerEnvelope(turn.text).answer.map { .string($0) } ?? .null
        }
        return notes
    }

    func result(_ state: RunState) -> JSONObject? {
        let answers = answers(state)
        let seats = answers.compactMap(\.slot.seat)
        let chairs = (0...Self.substitutes).map { Slot(seat: nil, .chair, round: 2, part: $0) }
        let final = chairs.lazy.compactMap { state.answer(in: $0) }.first
        let best = answers.first { $0.slot.seat == self.best(seats, state) }
        let chosen = final ?? best
        let votes = answers.compactMap { turn in turn.slot.seat.map { ($0, AnswerEnvelope(turn.text)) } }
        let ballots = ballots(seats, state)
        return JSONObject([
            (
                "method",
                .string(
                    final != nil ? "chair" : answers.count == 1 ? "single" : answers.isEmpty ? "none" : "best_ranked"
                )
            ),
            ("message", chosen.map { .string($0.message.description) } ?? .null),
            ("answer", chosen.map { .string($0.text) } ?? .null), ("synthesis", .bool(final != nil)),
            ("chair", final?.model.map { .string($0) } ?? .null),
            ("chair_substituted", .bool((final?.slot.step.part ?? 0) > 0)),
            ("scores", scores(seats, state)?.json ?? .null),
            (
                "ballots",
                .array(
                    ballots.map {
                        [
                            "seat": .number(JSONNumber($0.seat)),
                            "ranking": .array($0.ranking.map { .number(JSONNumber($0)) }),
                        ]
                    }
                )
            ), ("baseline", Baseline.json(Tally(votes, of: state.seats.count).plurality(), of: state.seats.count)),
        ]).adding(state.honesty(answered: answers.count))
    }
}
