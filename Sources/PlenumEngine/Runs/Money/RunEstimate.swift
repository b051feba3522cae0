public import PlenumCore

/// What a run would cost.
public struct RunEstimate: Sendable, Hashable {
    /// An amount of work.
    public struct Amount: Sendable, Hashable {
        /// Calls of models.
        public var calls = 0
        /// Tokens of prompts.
        public var input = 0
        /// Tokens of answers.
        public var output = 0
        /// What they cost; `nil` if a price is not known.
        public var cost: Money? = .zero
    }

    /// The most that it can come to, repeated calls included; never above the cap.
    public var most: Amount
    /// What it is likely to come to.
    public var likely: Amount
    /// The cap that it would run under.
    public var cap: Money?
    /// Who would judge.
    public var judge: String?
    /// What a person should know before starting it.
    public var warnings: [String]
}

extension Engine {
    /// Reckons what a run would cost, by going through it with made-up answers of full length. Nothing is kept and nobody
    /// is asked.
    /// - Throws: as ``start(_:)``.
    public func estimate(_ ask: RunAsk) async throws(PlenumError) -> RunEstimate {
        let (desk, _) = try await desk(for: ask)
        return estimate(desk)
    }

    func estimate(_ desk: RunDesk) -> RunEstimate {
        let courses = ImaginedCourse.Mood.allCases.map { ImaginedCourse(desk, $0, isLikely: false, self).amount }
        var most = courses[0]
        for other in courses.dropFirst() {
            most.calls = max(most.calls, other.calls)
            most.input = max(most.input, other.input)
            most.output = max(most.output, other.output)
            most.cost = most.cost.flatMap { cost in other.cost.map { max(cost, $0) } }
        }
        if let cap = desk.budget.cap, let cost = most.cost { most.cost = min(cap, cost) }
        return RunEstimate(
            most: most,
            likely: ImaginedCourse(desk, .agreeable, isLikely: true, self).amount,
            cap: desk.budget.cap,
            judge: desk.state.settings.judge?.model,
            warnings: warnings(desk, most)
        )
    }

    /// What is said of a cap that does not even pay for the first call.
    func tooLittle(_ desk: RunDesk) async -> PlenumError {
        var free = desk
        free.budget.cap = nil
        free.state.refused = []
        let cost = estimate(free).most.cost.map { " The whole run costs up to \($0) dollars." } ?? ""
        return PlenumError(
            .invalidRequest,
            "\"max_cost\" does not pay for the first step and the end of this run.\(cost)",
            parameter: "max_cost"
        )
    }

    private func warnings(_ desk: RunDesk, _ most: RunEstimate.Amount) -> [String] {
        var warnings: [String] = []
        let seats = desk.run.seats
        var byFamily: [String: [Int]] = [:]
        for seat in seats {
            guard let id = ModelID(seat.model) else { continue }
            byFamily[ModelFamily.of(id), default: []].append(seat.index)
        }
        if seats.count > 1 {
            for (family, indices) in byFamily.sorted(by: { $0.key < $1.key }) where indices.count > 1 {
                let list = indices.map(String.init).joined(separator: " and ")
                warnings.append("Seats \(list) are models of one maker (\(family)): they tend to err alike.")
            }
        }
        if let judge = desk.state.settings.judge.flatMap({ ModelID($0.model) }), byFamily[ModelFamily.of(judge)] != nil
        {
            warnings.append(
                "The judge \(judge) is of the same maker as a seat: judges favour their own family's style."
            )
        }
        if desk.state.settings.debate == .revise, seats.count > 5 {
            warnings.append(
                "With more than five seats every round reads a lot: the cost grows with the square of the seats."
            )
        }
        if most.cost == nil { warnings.append("A price is not known, so the cost is not known and there is no cap.") }
        if let cap = desk.budget.cap, let cost = most.cost, cost == cap {
            warnings.append("The cap may end the run before its last round.")
        }
        return warnings
    }
}

/// A run gone through with made-up answers.
struct ImaginedCourse {
    /// How the made-up answers are.
    enum Mood: CaseIterable {
        /// Each says something else, in the form that was asked for.
        case agreeable
        /// Nothing can be read, so that all is asked for once more.
        case garbled
        /// Nothing can be read in the last round.
        case garbledAtLast
    }

    private(set) var amount = RunEstimate.Amount()

    /// The most steps that a course has: a strategy that does not come to its end is cut off.
    private static let longest = 1000

    init(_ desk: RunDesk, _ mood: Mood, isLikely: Bool, _ engine: Engine) {
        var state = desk.state
        var dearest = Money.zero
        var steps = 0
        while steps < Self.longest, case .call(let calls) = desk.strategy.next(state) {
            for call in calls {
                steps += 1
                guard let candidates = try? engine.candidates(call) else { continue }
                let fitted = call.fitted(to: candidates)
                let cost = CallCost(fitted, candidates)
                let output = isLikely ? (call.mayShrink ? min(cost.output, 700) : cost.output * 2 / 3) : cost.output
                amount.calls += 1
                amount.input += isLikely ? cost.input.likely : cost.input.most
                amount.output += output
                let money = isLikely ? cost.likely : cost.most
                amount.cost = amount.cost.flatMap { sum in money.map { sum + $0 } }
                dearest = max(dearest, cost.most ?? .zero)
                let said = call.chat.maxOutputTokens ?? output
                state.turns.append(Self.turn(call, state, mood, tokens: isLikely ? said * 2 / 3 : said))
            }
        }
        guard !isLikely, desk.state.settings.debate != nil else { return }
        // Answers that break off are asked for again, a few times in a run.
        for _ in 0..<state.repeatLimit { amount.cost = amount.cost.map { $0 + dearest } }
        amount.calls += state.repeatLimit
    }

    private static func turn(_ call: StepCall, _ state: RunState, _ mood: Mood, tokens: Int) -> RunTurn {
        let number = state.turns.count
        var turn = RunTurn(number: number, slot: call.slot, message: call.parent, status: .completed)
        turn = turn.imagined(tokens: tokens)
        let isGarbled: Bool =
            switch mood {
            case .agreeable: false
            case .garbled: true
            case .garbledAtLast: call.slot.step.round == (state.settings.rounds ?? 1)
            }
        guard !isGarbled else { return turn }
        switch call.slot.step.phase {
        case .rank, .repair, .judge: turn.text += "\n" + form(of: call)
        default: turn.text += "\nANSWER: \(number)\nCONFIDENCE: 50"
        }
        return turn
    }

    /// What fills the form that the call asks to be filled.
    private static func form(of call: StepCall) -> String {
        if let form = LooseJSON.object(in: call.chat.turns.last?.text ?? "", with: "ranking") {
            return JSONValue.object(form).text
        }
        return #"{"winner": "1"}"#
    }
}
