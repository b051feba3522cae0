import PlenumCore

/// The seats of a debate that answer the question each by itself: who did, and who did not.
struct Panel {
    let state: RunState
    let phase: RunStep.Phase
    let round: Int

    init(_ state: RunState, _ phase: RunStep.Phase, round: Int = 0) {
        self.state = state
        self.phase = phase
        self.round = round
    }

    /// Where a seat's answer belongs.
    func slot(_ seat: Int) -> Slot { Slot(seat: seat, phase, round: round) }

    /// The answers, by seat.
    func answers(of seats: [Int]) -> [RunTurn] { seats.compactMap { state.answer(in: slot($0)) } }

    /// Which of some seats are still to be called.
    func open(of seats: [Int]) -> [Int] { seats.filter { state.state(of: slot($0)) == .open } }

    /// Whether somebody is still answering.
    func isUnderWay(_ seats: [Int]) -> Bool { seats.contains { state.state(of: slot($0)) == .underWay } }
}

extension RunState {
    /// The seats that a person has not taken out.
    var seatNumbers: [Int] { seats.map(\.index).filter { !settings.cancelledSeats.contains($0) } }

    /// All models at the table.
    var models: [String] { seats.map(\.model) + turns.compactMap(\.model) }

    /// What other models are shown of a turn.
    func shown(_ turn: RunTurn) -> String {
        turn.isDeclined ? Quote.declined : Anonymity.stripped(turn.text, models: models)
    }

    /// A call of a seat.
    func call(_ slot: Slot, _ chat: ChatRequest, parent: MessageID) -> StepCall {
        let seat = slot.seat.flatMap { index in seats.first { $0.index == index } }
        return StepCall(slot, models: seat.map { [$0.model] + $0.fallbacks } ?? [], chat: chat, parent: parent)
    }

    /// A call of the judge, the chair or the clerk; of the first seat where none was named.
    func callJudge(_ slot: Slot, _ prompt: Prompt, limit: Int, isJSON: Bool = false, parent: MessageID) -> StepCall {
        let voice = settings.judge ?? RunSettings.Voice(model: seats.first?.model ?? "")
        let chat = prompt.request(limit: limit, voice.parameters, isJSON: isJSON)
        return StepCall(slot, models: [voice.model] + voice.fallbacks, chat: chat, parent: parent)
    }

    /// The last message of a chain that all speakers add to, or the question.
    var chainEnd: MessageID {
        turns.last { $0.status == .completed || $0.status == .incomplete }?.message ?? question
    }

    /// Seats whose last turn failed, with why.
    var failedSeats: JSONValue {
        var failed: [JSONValue] = []
        for seat in seats {
            guard let last = turns.last(where: { $0.slot.seat == seat.index }), last.status.isTerminal,
                last.status != .completed, last.status != .incomplete
            else { continue }
            failed.append([
                "seat": .number(JSONNumber(seat.index)), "model": .string(last.model ?? seat.model),
                "status": .string(last.status.rawValue), "error": last.error?.json ?? .null,
            ])
        }
        return .array(failed)
    }

    /// Seats that somebody else has spoken for.
    var substitutedSeats: JSONValue {
        var substituted: [JSONValue] = []
        for seat in seats {
            let spoke = turns.last { $0.slot.seat == seat.index && !$0.isBlank }
            guard let model = spoke?.model, model != seat.model else { continue }
            substituted.append([
                "seat": .number(JSONNumber(seat.index)), "model": .string(seat.model), "by": .string(model),
            ])
        }
        return .array(substituted)
    }

    /// The members that every result has: who failed, who was spoken for, how many took part.
    func honesty(answered: Int) -> [JSONObject.Member] {
        [
            ("failed_seats", failedSeats), ("substituted_seats", substitutedSeats),
            ("quorum", ["answered": .number(JSONNumber(answered)), "of": .number(JSONNumber(seats.count))]),
        ]
    }
}

extension JSONObject {
    /// Adds members.
    func adding(_ more: [Member]) -> JSONObject { JSONObject(members + more) }
}
