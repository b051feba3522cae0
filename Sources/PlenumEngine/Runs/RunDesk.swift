import PlenumCore

/// What the coordinator of a run has before it: how far it has come, what it may spend, what is under way.
struct RunDesk: Sendable {
    /// The run as it is kept.
    var run: Run
    let strategy: any Strategy
    var state: RunState
    var budget: RunBudget
    var totals = RunTotals()
    /// What is under way, by the turn's number.
    var live: [Int: PreparedStep] = [:]
    /// How the run is over once what is under way has ended, if nothing more can be kept of it.
    var fault: RunOutcome?
    /// Whether the next step may be made although the run goes step by step.
    var mayStep = true
    /// How many turns of a slot are not booked whose cost is not known, from before this process took the run over.
    var unbooked: [Slot: Int] = [:]

    init(_ run: Run, strategy: any Strategy, state: RunState) {
        self.run = run
        self.strategy = strategy
        self.state = state
        self.budget = RunBudget(cap: state.settings.maxCost)
    }

    /// What is to be done next, a pause aside.
    func next() -> StrategyStep {
        let step = strategy.next(state)
        guard case .call = step else { return step }
        if state.settings.isPaused { return .wait }
        return state.settings.isStepwise && !mayStep && live.isEmpty ? .pause(reason: "step") : step
    }

    /// Makes calls ready, as far as there is money for them; the others are refused.
    /// - Returns: the steps, and the changes that keep their beginning.
    mutating func plan(_ calls: [StepCall], _ engine: Engine) -> (steps: [PreparedStep], changes: [StorageChange]) {
        var steps: [PreparedStep] = []
        var changes: [StorageChange] = []
        let keeping = kept(behind: calls, engine)
        mayStep = false
        for (place, call) in calls.enumerated() {
            do throws(PlenumError) {
                let candidates = try engine.candidates(call)
                var fitted = call.fitted(to: candidates)
                shrink(&fitted, candidates, among: calls.count - place, keeping: keeping)
                guard pay(fitted, candidates, keeping: keeping) else {
                    state.refused.insert(call.slot)
                    continue
                }
                let step = try engine.prepare(fitted, candidates, number: state.turns.count, of: run)
                budget.reserve(CallCost(fitted, candidates).most, for: step.turn.number)
                state.turns.append(step.turn)
                live[step.turn.number] = step
                steps.append(step)
                changes += step.beginning
            } catch {
                // A model that was taken off the list since is a seat that is absent, not the end of the run.
                let message = engine.failed(call, error, in: run)
                changes.append(.appendMessage(message, movesLeaf: false))
                if let turn = RunTurn(message, number: state.turns.count) { state.turns.append(turn) }
            }
        }
        return (steps, changes)
    }

    /// Whether a call can be paid for; what an interrupted one before it may have cost is booked first.
    private mutating func pay(_ call: StepCall, _ candidates: [Deployment], keeping: Money) -> Bool {
        let cost = CallCost(call, candidates).most
        if let lost = unbooked.removeValue(forKey: call.slot), let cost {
            for _ in 0..<lost { budget.book(cost) }
        }
        return budget.affords(cost, keeping: keeping)
    }

    /// Cuts the length of an answer that is the client's own matter to what the money allows.
    private func shrink(_ call: inout StepCall, _ candidates: [Deployment], among count: Int, keeping: Money) {
        guard call.mayShrink, let left = budget.left else { return }
        let share = Money(nanoDollars: max(0, left.nanoDollars - keeping.nanoDollars) / Int64(max(1, count)))
        if let limit = CallCost.limit(call, candidates, within: share) { call.chat.maxOutputTokens = limit }
    }

    /// The most that it costs to bring the run to an honest end once calls have been answered as long as they may be.
    private func kept(behind calls: [StepCall], _ engine: Engine) -> Money {
        guard budget.cap != nil else { return .zero }
        var after = state
        for index in after.turns.indices where !after.turns[index].status.isTerminal {
            after.turns[index] = after.turns[index].imagined(tokens: CouncilPrompts.chairLimit)
        }
        for call in calls {
            let turn = RunTurn(number: after.turns.count, slot: call.slot, message: call.parent, status: .completed)
            after.turns.append(turn.imagined(tokens: call.chat.maxOutputTokens ?? CallCost.unlimited))
        }
        let slots = Set(calls.map(\.slot))
        var kept = Money.zero
        for call in strategy.closing(after) where !slots.contains(call.slot) {
            guard let candidates = try? engine.candidates(call) else { continue }
            kept = kept + (CallCost(call.fitted(to: candidates), candidates).most ?? .zero)
        }
        return kept
    }

    /// Notes how a step ended.
    mutating func end(_ ended: StepPerformer.Ended) {
        live[ended.turn.number] = nil
        state.turns[ended.turn.number] = ended.turn
        budget.settle(ended.turn.number, ended.ending.cost, isFree: ended.isFree)
        totals.add(ended.ending.usage, ended.ending.cost)
    }

    /// How a run is over that was stopped: what is there counts.
    func stopped(asInterrupted: Bool) -> RunOutcome {
        let status: Status = asInterrupted ? .interrupted : .cancelled
        return RunOutcome(status, status.rawValue)
    }
}

extension StepCall {
    /// The call as these candidates can take it.
    func fitted(to candidates: [Deployment]) -> StepCall {
        var call = self
        if call.chat.output != nil, !candidates.allSatisfy({ $0.model.capabilities[.nativeStructuredOutput] == true }) {
            call.chat.output = nil
        }
        // The limits of the protocols are those of what is said; some think first, and pay from the same purse.
        if !mayShrink, let limit = call.chat.maxOutputTokens, candidates.contains(where: \.model.thinksUnasked) {
            call.chat.maxOutputTokens = limit + CallCost.thinking
        }
        return call
    }
}

extension RunTurn {
    /// The turn as if it had been answered at length.
    func imagined(tokens: Int) -> RunTurn {
        var turn = self
        turn.status = .completed
        turn.text = String(repeating: "word", count: max(1, tokens))
        return turn
    }
}

extension StepPerformer.Ended {
    /// Whether it cannot have cost anything: it was refused before a word was made.
    var isFree: Bool {
        guard let failure, ending.timeToFirstToken == nil else { return false }
        if let status = ending.httpStatus { return status >= 400 }
        let refusals: Set<PlenumError.Code> = [
            .unavailable, .overloaded, .rateLimited, .quotaExhausted, .upstreamAuthentication, .notFound,
            .invalidRequest,
            .contextLength, .contentBlocked, .badUpstream,
        ]
        return refusals.contains(failure.code)
    }
}
