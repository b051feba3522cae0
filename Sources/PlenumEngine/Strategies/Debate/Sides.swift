import PlenumCore

/// Each seat argues for a side, in turn and in rounds; a judge outside the panel reads the debate twice, the second time
/// with the sides in the opposite order and under each other's names. A winner counts only if both readings name it.
///
/// After Liang et al., "Encouraging Divergent Thinking in Large Language Models through Multi-Agent Debate" (EMNLP 2024),
/// and Khan et al., "Debating with More Persuasive LLMs Leads to More Truthful Answers" (ICML 2024).
struct Sides: Strategy {
    private func rounds(_ state: RunState) -> Int { state.settings.rounds ?? 2 }

    /// The opener changes from round to round.
    private func order(_ round: Int, _ state: RunState) -> [Int] {
        let seats = state.seatNumbers
        guard !seats.isEmpty else { return [] }
        let first = (round - 1) % seats.count
        return Array(seats[first...] + seats[..<first])
    }

    private func slot(_ seat: Int, _ round: Int) -> Slot {
        Slot(seat: seat, round == 1 ? .opening : .rebuttal, round: round)
    }

    func next(_ state: RunState) -> StrategyStep {
        switch debate(state) {
        case .step(let step): step
        case .over(let reason): verdict(state, reason)
        }
    }

    private enum Course {
        case step(StrategyStep)
        case over(String)
    }

    /// The speeches, one after another.
    private func debate(_ state: RunState) -> Course {
        for round in 1...rounds(state) {
            for seat in order(round, state) {
                switch state.state(of: slot(seat, round)) {
                case .open:
                    if let limit = state.limitReached { return .over(limit) }
                    let said = speeches(state)
                    if let digest = Digest.due(said, state, { quote($0, state, label) }) {
                        return .step(digest)
                    }
                    return .step(.call([speech(seat, round, state)]))
                case .underWay: return .step(.wait)
                case .absent:
                    let isPausing = state.settings.onSeatFailure == .pause && state.limitReached == nil
                    return isPausing ? .step(.pause(reason: "seat_failed")) : .over("seat_failed")
                case .done(let turn):
                    // A short debate ends where one side gives in; a person may ask for more.
                    if turn.text.contains(SidesPrompts.concession), isLast(turn, state) { return .over("concession") }
                case .declined: continue
                }
            }
            guard round < rounds(state), state.settings.stopsEarly else { continue }
            let slot = Slot(seat: nil, .check, round: round)
            switch state.state(of: slot) {
            case .open:
                if let limit = state.limitReached { return .over(limit) }
                return .step(.call([check(slot, state)]))
            case .underWay: return .step(.wait)
            case .done(let turn) where isDecided(turn): return .over("judge_decided")
            default: continue
            }
        }
        return .over("max_rounds")
    }

    private func isLast(_ turn: RunTurn, _ state: RunState) -> Bool {
        speeches(state).last?.number == turn.number
    }

    private func isDecided(_ turn: RunTurn) -> Bool {
        LooseJSON.object(in: turn.text, with: "decided")?["decided"]?.bool ?? false
    }

    // MARK: - The verdict

    /// The judge's two readings, one after the other, each with one more try where it cannot be read.
    private func verdict(_ state: RunState, _ reason: String) -> StrategyStep {
        guard !speeches(state).isEmpty else { return .finish(RunOutcome(.failed, reason)) }
        for pass in 0...1 {
            for slot in [Slot(seat: nil, .judge, round: 0, part: pass), Slot(seat: nil, .repair, round: 0, part: pass)]
            {
                switch state.state(of: slot) {
                case .open where !state.refused.contains(slot): return .call([judgement(slot, state)])
                case .underWay: return .wait
                default: break
                }
                if isReadable(pass, state) || state.answer(in: slot) == nil { break }
            }
        }
        let isWhole = reason != "seat_failed" && reason != "concluded" && verdicts(state).allSatisfy { $0 != nil }
        return .finish(RunOutcome(isWhole ? .completed : .incomplete, reason, leaf: leaf(state)))
    }

    private func isReadable(_ pass: Int, _ state: RunState) -> Bool { verdicts(state)[pass] != nil }

    /// The conversation goes on from the last verdict, or else from the last speech.
    private func leaf(_ state: RunState) -> MessageID? {
        (verdictTurns(state).last ?? speeches(state).last)?.message
    }

    private func verdictTurns(_ state: RunState) -> [RunTurn] {
        state.turns.filter { [.judge, .repair].contains($0.slot.step.phase) && $0.status != .failed && !$0.isBlank }
    }

    /// What was read out of each pass, the winner as a seat's place in the panel.
    private func verdicts(_ state: RunState) -> [(verdict: Verdict, winner: Int?)?] {
        let seats = state.seats.map(\.index)
        return (0...1).map { pass in
            let turns = [RunStep.Phase.repair, .judge].compactMap {
                state.answer(in: Slot(seat: nil, $0, round: 0, part: pass))
            }
            for turn in turns {
                guard let verdict = Verdict(turn.text, sides: seats.count) else { continue }
                let winner = verdict.winner.map { pass == 0 ? seats[$0] : seats[seats.count - 1 - $0] }
                return (verdict, winner)
            }
            return nil
        }
    }

    // MARK: - What is asked

    /// A side keeps its number also when another one is taken out.
    private func label(_ seat: Int) -> String { "Side \(seat + 1)" }

    private func position(_ seat: Int, _ state: RunState) -> String {
        let own = state.seats.first { $0.index == seat }
        let standard = ["Yes: argue for it.", "No: argue against it."]
        return own?.side ?? (state.seats.count == 2 && seat < 2 ? standard[seat] : "the best answer that you can find")
    }

    /// What was said in the debate, by sides and by people, in order.
    private func speeches(_ state: RunState) -> [RunTurn] {
        state.turns.filter { turn in
            switch turn.slot.step.phase {
            case .opening, .rebuttal: state.answer(in: turn.slot)?.number == turn.number || turn.isDeclined
            case .human: true
            default: false
            }
        }
    }

    private func quote(_ turn: RunTurn, _ state: RunState, _ name: (Int) -> String) -> Quote {
        let round = turn.slot.seat == nil ? nil : turn.slot.step.round
        let said = turn.slot.seat == nil ? turn.text : state.shown(turn)
        return Quote(from: turn.slot.seat.map(name) ?? "Moderator", round: round, said: said)
    }

    private func speech(_ seat: Int, _ round: Int, _ state: RunState) -> StepCall {
        let own = state.seats.first { $0.index == seat }
        let rules = SidesPrompts.side(
            label(seat),
            position(seat, state),
            agreement: state.settings.agreement
        )
        var prompt = Prompt([rules, own?.persona, own?.system], history: state.history(of: seat))
        let digest = Digest(speeches(state), state)
        var others = digest.quotes
        for turn in digest.rest {
            guard turn.slot.seat == seat else {
                others.append(quote(turn, state, label))
                continue
            }
            prompt.quote(others)
            others = []
            prompt.add(.assistant, turn.isDeclined ? Quote.declined : turn.text)
        }
        prompt.quote(others)
        prompt.add(.user, round == 1 ? SidesPrompts.opening : SidesPrompts.rebuttal)
        return state.call(
            slot(seat, round),
            prompt.request(limit: SidesPrompts.limit, own?.parameters ?? JSONObject()),
            parent: state.chainEnd
        )
    }

    /// The debate as the judge reads it.
    private func transcript(_ state: RunState, isSwapped: Bool) -> [Quote] {
        let last = state.seats.count - 1
        let name = { (seat: Int) in label(isSwapped ? last - seat : seat) }
        let digest = Digest(speeches(state), state)
        let all = digest.rest
        guard isSwapped else { return digest.quotes + all.map { quote($0, state, name) } }
        // Within each round the speeches stand in the opposite order.
        var swapped: [RunTurn] = []
        var round: [RunTurn] = []
        for turn in all {
            if let first = round.first, first.slot.step.round != turn.slot.step.round {
                swapped += round.reversed()
                round = []
            }
            round.append(turn)
        }
        return digest.quotes + (swapped + round.reversed()).map { quote($0, state, name) }
    }

    private func check(_ slot: Slot, _ state: RunState) -> StepCall {
        var prompt = Prompt([SidesPrompts.judge], history: state.history)
        prompt.quote(transcript(state, isSwapped: false))
        prompt.add(.user, SidesPrompts.check)
        return state.callJudge(slot, prompt, limit: SidesPrompts.checkLimit, isJSON: true, parent: state.chainEnd)
    }

    private func judgement(_ slot: Slot, _ state: RunState) -> StepCall {
        var prompt = Prompt([SidesPrompts.judge], history: state.history)
        prompt.quote(transcript(state, isSwapped: slot.step.part == 1))
        prompt.add(.user, SidesPrompts.verdict(sides: state.seats.count))
        if slot.step.phase == .repair,
            let first = state.answer(in: Slot(seat: nil, .judge, round: 0, part: slot.step.part))
        {
            prompt.add(.assistant, first.text)
            prompt.add(.user, SidesPrompts.repair)
        }
        let limit = SidesPrompts.verdictLimit
        var call = state.callJudge(slot, prompt, limit: limit, isJSON: true, parent: state.chainEnd)
        call.derivedFrom = speeches(state).filter { $0.slot.seat != nil }.map(\.message)
        return call
    }

    /// Both readings.
    func closing(_ state: RunState) -> [StepCall] {
        guard !speeches(state).isEmpty else { return [] }
        return (0...1).map { Slot(seat: nil, .judge, round: 0, part: $0) }
            .filter { state.state(of: $0) == .open }.map { judgement($0, state) }
    }

    // MARK: - What is told

    func news(of turn: RunTurn, in state: RunState) -> [StrategyNews] {
        let round = turn.slot.step.round
        switch turn.slot.step.phase {
        case .opening, .rebuttal:
            let isOver = order(round, state).allSatisfy { seat in state.state(of: slot(seat, round)).turn != nil }
            return isOver ? [StrategyNews("round.completed", [("round", .number(JSONNumber(round)))])] : []
        case .judge, .repair:
            guard turn.slot.step.part == 1, verdicts(state)[1] != nil || turn.slot.step.phase == .repair else {
                return []
            }
            return [StrategyNews("verdict", decision(state).members)]
        default: return []
        }
    }

    func notes(on turn: RunTurn, in state: RunState) -> JSONObject {
        guard let seat = turn.slot.seat else { return JSONObject() }
        var notes = JSONObject([("label", .string(label(seat))), ("side", .string(position(seat, state)))])
        if turn.text.contains(SidesPrompts.concession) { notes["conceded"] = true }
        return notes
    }

    private func decision(_ state: RunState) -> JSONObject {
        let verdicts = verdicts(state)
        let passes = verdicts.enumerated().compactMap { pass, read -> JSONValue? in
            guard let read else { return nil }
            return [
                "order": .string(pass == 0 ? "as_spoken" : "swapped"),
                "winner": read.winner.map { .number(JSONNumber($0)) } ?? .string("tie"),
                "verdict": .object(read.verdict.json),
            ]
        }
        guard let first = verdicts[0], let second = verdicts[1] else {
            return JSONObject([
                ("method", "no_verdict"), ("consistent", .null), ("winner", .null), ("verdicts", .array(passes)),
            ])
        }
        let isConsistent = first.winner == second.winner
        let winner: JSONValue = first.winner.map { .number(JSONNumber($0)) } ?? .string("tie")
        return JSONObject([
            ("method", .string(isConsistent ? "judge" : "split")), ("consistent", .bool(isConsistent)),
            ("winner", isConsistent ? winner : .null),
            ("answer", isConsistent ? first.verdict.json["answer"] ?? .null : .null),
            ("decisive_point", isConsistent ? first.verdict.json["decisive_point"] ?? .null : .null),
            ("verdicts", .array(passes)),
        ])
    }

    func result(_ state: RunState) -> JSONObject? {
        let spoken = Set(speeches(state).compactMap(\.slot.seat)).count
        // Assigned sides do not vote: there is nothing to compare the verdict with.
        return JSONObject([("message", leaf(state).map { .string($0.description) } ?? .null)])
            .adding(decision(state).members).adding([("baseline", .null)]).adding(state.honesty(answered: spoken))
    }
}
