import PlenumCore

/// What is told of a conversation that has grown long: a clerk's summary in the place of its older turns.
struct Digest {
    /// The summary; `nil` while none is needed.
    let summary: String?
    /// The turns that are told word for word.
    let rest: [RunTurn]

    /// The most tokens of a summary.
    private static let limit = 600
    /// From which share of the smallest context on, in percent, older turns are summed up.
    private static let share = 60
    private static let rules = """
        You keep the minutes of a debate. Sum up what was said so far in at most 300 words, each participant's points under its \
        own name, so that somebody who reads only this can go on. Judge nothing.
        \(Quote.rule)
        """

    /// Reads the turns of a conversation.
    /// - Parameter speeches: what was said, in order.
    init(_ speeches: [RunTurn], _ state: RunState) {
        let last = state.turns.last { turn in
            turn.slot.step.phase == .minutes && state.answer(in: turn.slot)?.number == turn.number
        }
        guard let last else {
            (summary, rest) = (nil, speeches)
            return
        }
        // A summary holds what was said before it but for the last word of each.
        let before = speeches.filter { $0.number < last.number }.dropLast(state.seats.count)
        let covered = before.last?.number ?? -1
        summary = last.text
        rest = speeches.filter { $0.number > covered }
    }

    /// The summary as the others' words are told.
    var quotes: [Quote] {
        summary.map { [Quote(from: "the minutes", round: nil, said: $0)] } ?? []
    }

    /// What is to be done before anybody speaks again; `nil` if nothing is.
    /// - Parameter quote: how a turn is told.
    static func due(
        _ speeches: [RunTurn],
        _ state: RunState,
        _ quote: (RunTurn) -> Quote
    ) -> StrategyStep? {
        let digest = Digest(speeches, state)
        let count = state.turns.count { $0.slot.step.phase == .minutes && $0.status == .completed }
        let slot = Slot(seat: nil, .minutes, part: count)
        switch state.state(of: slot) {
        case .underWay: return .wait
        case .open: break
        default: return nil
        }
        guard digest.rest.count > 2 * state.seats.count, isLong(digest, state), state.limitReached == nil else {
            return nil
        }
        var prompt = Prompt([rules], history: state.history)
        prompt.quote(digest.quotes + digest.rest.dropLast(state.seats.count).map(quote))
        return .call([state.callJudge(slot, prompt, limit: limit, parent: state.chainEnd)])
    }

    private static func isLong(_ digest: Digest, _ state: RunState) -> Bool {
        // Somebody could not read it, and there is no newer summary.
        let tooLong = state.turns.last { $0.error?.code == PlenumError.Code.contextLength.rawValue }?.number ?? -1
        let summed = state.turns.last { $0.slot.step.phase == .minutes && $0.status == .completed }?.number ?? -1
        if tooLong > summed { return true }
        guard let context = state.smallestContext else { return false }
        let tokens = digest.rest.reduce(TokenBound(digest.summary ?? "").likely) { $0 + TokenBound($1.text).likely }
        return tokens * 100 > context * share
    }
}
