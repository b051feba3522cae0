import PlenumCore

/// One model makes something of several answers: one answer, a list of points to pick from, a table.
struct Synthesis: Strategy {
    let plan: SynthesisPlan

    private var slot: Slot {
        Slot(seat: 0, plan.mode == .checklist && plan.picks.isEmpty ? .points : .fuse)
    }

    /// Whether what is made is an answer, from which the conversation goes on; a list of points or a table is none.
    private var isAnswer: Bool { slot.step.phase == .fuse && plan.mode != .compare }

    func next(_ state: RunState) -> StrategyStep {
        switch state.state(of: slot) {
        case .open where state.limitReached == nil: return .call([call(state)])
        case .underWay: return .wait
        case .done(let turn):
            return .finish(RunOutcome(.completed, "completed", leaf: isAnswer ? turn.message : nil))
        default: return .finish(RunOutcome(.failed, state.limitReached ?? "failed"))
        }
    }

    /// The answers, in an order of their own, so that none is first because it was asked first.
    private func mixed(_ state: RunState) -> [SynthesisPlan.Source] {
        var shuffle = SeededShuffle(state.run)
        return plan.sources.shuffled(using: &shuffle)
    }

    private func call(_ state: RunState) -> StepCall {
        let seat = state.seats.first
        var prompt = Prompt([SynthesisPrompts.rules(plan.mode), seat?.system], history: state.history)
        prompt.quote(
            mixed(state).enumerated().map { place, source in
                let said = Anonymity.stripped(source.text, models: state.models)
                return Quote(from: SynthesisPrompts.label(place), round: nil, said: said)
            }
        )
        prompt.add(.user, SynthesisPrompts.task(plan))
        let chat = prompt.request(
            limit: SynthesisPrompts.limit,
            seat?.parameters ?? JSONObject(),
            isJSON: slot.step.phase == .points
        )
        var call = state.call(slot, chat, parent: state.question)
        call.derivedFrom = plan.sources.map(\.message)
        return call
    }

    func result(_ state: RunState) -> JSONObject? {
        let made = state.answer(in: slot)
        var result = JSONObject([
            ("method", .string(plan.mode.rawValue)), ("message", made.map { .string($0.message.description) } ?? .null),
            ("of", plan.of.map { .string($0.description) } ?? .null),
            ("left_out", .array(plan.left.map { .number(JSONNumber($0)) })),
        ])
        guard let made else { return result }
        let seats = mixed(state).map(\.seat)
        // The seats behind "Response A", "Response B" and so on, which the text may speak of.
        result["labels"] = .array(seats.map { $0.map { .number(JSONNumber($0)) } ?? .null })
        if slot.step.phase == .points { result["points"] = points(made.text, seats) }
        if plan.mode == .compare { result["best"] = best(made.text, seats) }
        return result
    }

    private func points(_ text: String, _ seats: [Int?]) -> JSONValue {
        let points = LooseJSON.object(in: text, with: "points")?["points"]?.array ?? []
        return .array(
            points.prefix(9).compactMap { point in
                guard let text = point["text"]?.string, !text.isEmpty else { return nil }
                let named = (point["responses"]?.array ?? []).compactMap { $0.string.flatMap { seat(of: $0, seats) } }
                return ["text": .string(text), "seats": .array(named.map { .number(JSONNumber($0)) })]
            }
        )
    }

    private func best(_ text: String, _ seats: [Int?]) -> JSONValue {
        let line = text.split(whereSeparator: \.isNewline).last { $0.uppercased().contains("BEST:") }
        guard let line, let colon = line.lastIndex(of: ":") else { return .null }
        return seat(of: String(line[line.index(after: colon)...]), seats).map { .number(JSONNumber($0)) } ?? .null
    }

    /// The seat behind "B" or "Response B".
    private func seat(of label: String, _ seats: [Int?]) -> Int? {
        let words = label.uppercased().split { !$0.isLetter }
        guard let letter = words.last(where: { $0.count == 1 })?.unicodeScalars.first else { return nil }
        let place = Int(letter.value) - 65
        return seats.indices.contains(place) ? seats[place] : nil
    }
}
