import PlenumCore
import PlenumEngine
import Testing

/// Carries a strategy out without an engine: a function says what each call is answered, and all is written down as text
/// that a person can read.
struct StrategyDriver {
    /// What a call is answered.
    enum Said {
        case text(String)
        /// The model does not want to.
        case refusal(String)
        /// An error before the first word.
        case failure(PlenumError.Code)
        /// An error behind these words.
        case broken(String)
        /// The server died behind these words.
        case interrupted(String)
    }

    var state: RunState
    let strategy: any Strategy
    private(set) var calls: [StepCall] = []
    private(set) var log = ""
    private(set) var news: [StrategyNews] = []

    /// A run whose ids are always the same, so that what is mixed is always mixed the same.
    init(
        _ kind: Run.Kind = .debate,
        _ debate: DebateProtocol? = nil,
        seats: Int,
        question: String = "Is 91 a prime?",
        _ configure: (inout RunState) -> Void = { _ in }
    ) throws {
        var settings = RunSettings()
        settings.debate = debate
        if debate != nil { settings.judge = RunSettings.Voice(model: "far/judge") }
        var state = RunState(
            run: RunID(high: 0x0192_0000_0000_7000, low: 0x8000_0000_0000_0001),
            seats: (0..<seats).map { Seat(index: $0, model: "test/\(["a", "b", "c", "d", "e", "f"][$0])") },
            settings: settings,
            question: Self.message(0),
            history: [Turn(.user, [.text(question)])]
        )
        configure(&state)
        strategy = try #require(StrategyCatalogue.strategy(for: kind, state.settings))
        self.state = state
    }

    static func message(_ number: Int) -> MessageID { MessageID(high: 0x0192_0000_0000_7000, low: UInt64(number)) }

    /// Answers calls until the run is over, paused, or has made so many steps.
    /// - Returns: the last step.
    @discardableResult
    mutating func run(most: Int = 200, _ answer: (StepCall) -> Said) -> StrategyStep {
        for _ in 0..<most {
            let step = strategy.next(state)
            switch step {
            case .call(let wanted):
                // All are under way at once, and end in order.
                let first = state.turns.count
                for call in wanted {
                    calls.append(call)
                    var turn = RunTurn(
                        number: state.turns.count,
                        slot: call.slot,
                        message: Self.message(state.turns.count + 1),
                        status: .inProgress
                    )
                    turn.model = call.models.first
                    state.turns.append(turn)
                }
                for (offset, call) in wanted.enumerated() {
                    let said = answer(call)
                    state.turns[first + offset].take(said)
                    write(call, said)
                    tell(strategy.news(of: state.turns[first + offset], in: state))
                }
            case .wait: return step
            case .pause(let reason):
                log += "=== paused: \(reason)\n"
                return step
            case .finish(let outcome):
                let leaf = state.turns.first { $0.message == outcome.leaf }.map { "turn \($0.number)" } ?? "none"
                log += "=== \(outcome.status.rawValue) (\(outcome.stopReason)), leaf: \(leaf)\n"
                if let result = strategy.result(state) { log += result.readable + "\n" }
                return step
            }
        }
        if most == 200 { Issue.record("the strategy does not come to an end") }
        return .wait
    }

    /// The result.
    var result: JSONObject { strategy.result(state) ?? JSONObject() }

    private mutating func tell(_ more: [StrategyNews]) {
        for item in more {
            news.append(item)
            log += "--- \(item.name)\(item.seat.map { " seat \($0)" } ?? "") \(JSONValue.object(item.members).text)\n"
        }
    }

    private mutating func write(_ call: StepCall, _ said: Said) {
        let seat = call.slot.seat.map { "seat \($0)" } ?? "no seat"
        let parent = state.turns.first { $0.message == call.parent }.map { "turn \($0.number)" } ?? "the question"
        let step = call.slot.step
        let part = step.part > 0 ? ".\(step.part)" : ""
        log +=
            "### \(step.phase.rawValue)\(part), round \(step.round), \(seat), by \(call.models.joined(separator: " or "))"
        log +=
            ", behind \(parent), at most \(call.chat.maxOutputTokens ?? 0) tokens\(call.chat.output == nil ? "" : ", JSON")\n"
        for text in call.chat.instructions { log += "[system] \(text.text)\n" }
        for turn in call.chat.turns { log += "[\(turn.role.rawValue)] \(turn.text)\n" }
        log += ">>> \(said)\n"
    }
}

extension RunTurn {
    fileprivate mutating func take(_ said: StrategyDriver.Said) {
        switch said {
        case .text(let text):
            (status, self.text, finish) = (.completed, text, .endTurn)
        case .refusal(let text):
            (status, self.text, finish) = (.completed, text, .refusal)
        case .failure(let code):
            (status, error) = (.failed, RecordedError(PlenumError(code, "It failed.")))
        case .broken(let text):
            (status, self.text) = (.failed, text)
            error = RecordedError(PlenumError(.upstreamInterrupted, "It broke off."))
        case .interrupted(let text):
            (status, self.text) = (.interrupted, text)
            error = RecordedError(PlenumError(.interrupted, "The server died."))
        }
    }
}

extension JSONObject {
    /// A member a line.
    fileprivate var readable: String {
        members.map { "  \($0.key): \($0.value.text)" }.joined(separator: "\n")
    }
}
