import PlenumCore

/// Two to four partners speak in turn, until the turns are over, all have nothing to add, or one repeats itself.
struct Talk: Strategy {
    /// From which overlap of three-word runs on, in percent, a turn says again what its speaker has said before.
    private static let repeated = 60

    private func turns(_ state: RunState) -> Int { state.settings.turns ?? 8 }

    private func slot(_ turn: Int, _ seats: [Int]) -> Slot {
        Slot(seat: seats[turn % seats.count], .say, round: turn / seats.count, part: turn)
    }

    func next(_ state: RunState) -> StrategyStep {
        // Who is taken out keeps its place in the order: otherwise past turns would be others'.
        let seats = state.seats.map(\.index)
        for turn in 0..<turns(state) {
            let slot = slot(turn, seats)
            let isOut = state.settings.cancelledSeats.contains(slot.seat ?? -1)
            switch state.state(of: slot) {
            case .open where isOut: return lost(state)
            case .open:
                if let limit = state.limitReached { return close(state, limit) }
                if let digest = Digest.due(speeches(state), state, { quote($0, for: nil, state) }) { return digest }
                return .call([speech(slot, state)])
            case .underWay: return .wait
            case .absent: return lost(state)
            case .done, .declined:
                if let reason = stop(after: turn, seats, state) { return close(state, reason) }
            }
        }
        return close(state, "max_turns")
    }

    private func lost(_ state: RunState) -> StrategyStep {
        let isPausing = state.settings.onSeatFailure == .pause && state.limitReached == nil
        return isPausing ? .pause(reason: "seat_failed") : close(state, "seat_failed")
    }

    /// Why the conversation is over after a turn; `nil` if it is not.
    private func stop(after turn: Int, _ seats: [Int], _ state: RunState) -> String? {
        // Who has gone on past a turn has been asked to.
        let said = (0...turn).compactMap { state.answer(in: slot($0, seats)) }
        guard let last = said.last, state.turns.last(where: { $0.slot.step.phase == .say })?.number == last.number
        else {
            return nil
        }
        if said.count > 1, said.suffix(2).allSatisfy({ $0.text.contains(TalkPrompts.end) }) { return "done" }
        return said.count(where: { isRepeated($0, among: said) }) >= 2 ? "repeating" : nil
    }

    private func isRepeated(_ turn: RunTurn, among said: [RunTurn]) -> Bool {
        said.contains { earlier in
            earlier.number < turn.number && earlier.slot.seat == turn.slot.seat
                && Repetition.overlap(of: turn.text, with: earlier.text) > Self.repeated
        }
    }

    private func close(_ state: RunState, _ reason: String) -> StrategyStep {
        let last = state.turns.last { $0.slot.step.phase == .say && !$0.isBlank }
        guard let last else { return .finish(RunOutcome(.failed, reason)) }
        var leaf = last.message
        if state.settings.sumsUp {
            let slot = Slot(seat: nil, .summary)
            switch state.state(of: slot) {
            case .open where !state.refused.contains(slot): return .call([summary(slot, state)])
            case .underWay: return .wait
            case .done(let turn): leaf = turn.message
            default: break
            }
        }
        let status: Status = reason == "seat_failed" || reason == "concluded" ? .incomplete : .completed
        return .finish(RunOutcome(status, reason, leaf: leaf))
    }

    // MARK: - What is asked

    private func speeches(_ state: RunState) -> [RunTurn] {
        state.turns.filter {
            switch $0.slot.step.phase {
            case .say: state.answer(in: $0.slot)?.number == $0.number || $0.isDeclined
            case .human: true
            default: false
            }
        }
    }

    private func name(_ seat: Int?, for reader: Int?, _ state: RunState) -> String {
        guard let seat else { return "Moderator" }
        return state.seats.count == 2 && reader != nil ? "Partner" : "Partner \(seat + 1)"
    }

    private func quote(_ turn: RunTurn, for reader: Int?, _ state: RunState) -> Quote {
        let said = turn.slot.seat == nil ? turn.text : state.shown(turn)
        return Quote(
            from: name(turn.slot.seat, for: reader, state),
            round: nil,
            said: said.replacing(TalkPrompts.end, with: "")
        )
    }

    private func speech(_ slot: Slot, _ state: RunState) -> StepCall {
        let own = state.seats.first { $0.index == slot.seat }
        var prompt = Prompt([TalkPrompts.partner, own?.persona, own?.system], history: state.history(of: slot.seat))
        let digest = Digest(speeches(state), state)
        var others = digest.quotes
        for turn in digest.rest {
            guard turn.slot.seat == slot.seat else {
                others.append(quote(turn, for: slot.seat, state))
                continue
            }
            prompt.quote(others)
            others = []
            prompt.add(.assistant, turn.isDeclined ? Quote.declined : turn.text)
        }
        prompt.quote(others)
        if speeches(state).isEmpty { prompt.add(.user, TalkPrompts.opening) }
        return state.call(
            slot,
            prompt.request(limit: TalkPrompts.limit, own?.parameters ?? JSONObject()),
            parent: state.chainEnd
        )
    }

    private func summary(_ slot: Slot, _ state: RunState) -> StepCall {
        var prompt = Prompt([TalkPrompts.summary], history: state.history)
        let said = speeches(state)
        let digest = Digest(said, state)
        prompt.quote(digest.quotes + digest.rest.map { quote($0, for: nil, state) })
        var call = state.callJudge(slot, prompt, limit: TalkPrompts.summaryLimit, parent: state.chainEnd)
        call.derivedFrom = said.filter { $0.slot.seat != nil }.map(\.message)
        return call
    }

    /// The summary, where one was asked for.
    func closing(_ state: RunState) -> [StepCall] {
        let slot = Slot(seat: nil, .summary)
        guard state.settings.sumsUp, !speeches(state).isEmpty, state.state(of: slot) == .open else { return [] }
        return [summary(slot, state)]
    }

    // MARK: - What is told

    func notes(on turn: RunTurn, in state: RunState) -> JSONObject {
        guard let seat = turn.slot.seat else { return JSONObject() }
        return JSONObject([
            ("label", .string("Partner \(seat + 1)")), ("done", .bool(turn.text.contains(TalkPrompts.end))),
        ])
    }

    func result(_ state: RunState) -> JSONObject? {
        let summary = state.answer(in: Slot(seat: nil, .summary))
        let said = speeches(state).filter { $0.slot.seat != nil }
        return JSONObject([
            ("method", .string(summary == nil ? "none" : "summary")),
            ("message", (summary ?? said.last).map { .string($0.message.description) } ?? .null),
            ("answer", summary.map { .string($0.text) } ?? .null), ("turns_run", .number(JSONNumber(said.count))),
            ("baseline", .null),
        ]).adding(state.honesty(answered: Set(said.compactMap(\.slot.seat)).count))
    }
}
