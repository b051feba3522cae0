public import PlenumCore

/// How far a run has come: all that a strategy knows.
public struct RunState: Sendable {
    /// The run: it seeds what must be mixed the same way each time.
    public var run: RunID
    /// Who takes part.
    public var seats: [Seat]
    /// What was asked for, and what people have said since.
    public var settings: RunSettings
    /// The message that asks.
    public var question: MessageID
    /// What each seat reads before its own words: the conversation up to the question, which is the last turn.
    public var history: [Turn]
    /// The same for seats that have a thread of their own.
    public var histories: [Int: [Turn]] = [:]
    /// What was said, in order.
    public var turns: [RunTurn] = []
    /// How many tokens the model with the smallest context can read, as far as that is known.
    public var smallestContext: Int?
    /// Where a call was not made for want of money.
    public var refused: Set<Slot> = []
    /// Whether the run has taken as long as it may.
    public var isOverdue = false

    /// Makes the state of a run that has not begun.
    public init(run: RunID, seats: [Seat], settings: RunSettings, question: MessageID, history: [Turn]) {
        self.run = run
        self.seats = seats
        self.settings = settings
        self.question = question
        self.history = history
    }

    /// What a seat reads before its own words.
    public func history(of seat: Int?) -> [Turn] { seat.flatMap { histories[$0] } ?? history }

    /// Why no further round is to be begun; `nil` if one may.
    public var limitReached: String? {
        if !refused.isEmpty { return "budget" }
        if isOverdue { return "timeout" }
        return settings.isConcluding ? "concluded" : nil
    }
}

/// A message that a step of a run has written or is writing.
public struct RunTurn: Sendable, Hashable {
    /// Its number in the run, from 0.
    public var number: Int
    /// Where it belongs.
    public var slot: Slot
    /// The message.
    public var message: MessageID
    /// How far it has come.
    public var status: Status
    /// What was said; empty while it is being said.
    public var text: String
    /// The model that said it, as `provider/id`; the one that is asked while nothing is said.
    public var model: String?
    /// Why the model stopped.
    public var finish: FinishReason.Meaning?
    /// The error that ended it.
    public var error: RecordedError?
    /// The tokens.
    public var usage: Usage?
    /// What it cost; `nil` if not known.
    public var cost: Money?

    /// Makes a turn.
    public init(number: Int, slot: Slot, message: MessageID, status: Status, text: String = "") {
        self.number = number
        self.slot = slot
        self.message = message
        self.status = status
        self.text = text
    }
}

/// What has become of a slot.
public enum SlotState: Sendable, Hashable {
    /// It is to be called: nobody was yet, or what came of it does not count.
    case open
    /// It is being answered.
    case underWay
    /// It was answered.
    case done(RunTurn)
    /// The model does not want to answer, or must not.
    case declined(RunTurn)
    /// There is no answer, and none will come.
    case absent(RunTurn)

    /// The turn that decided it.
    public var turn: RunTurn? {
        switch self {
        case .open, .underWay: nil
        case .done(let turn), .declined(let turn), .absent(let turn): turn
        }
    }
}

extension RunState {
    /// What was written for a slot, in order.
    public func turns(in slot: Slot) -> [RunTurn] { turns.filter { $0.slot == slot } }

    /// What has become of a slot.
    /// - Parameter again: how often an answer that broke off is asked for again.
    public func state(of slot: Slot, again: Int = 1) -> SlotState {
        let written = turns(in: slot)
        guard let last = written.last else { return .open }
        guard !settings.again.contains(last.message) else { return .open }
        switch last.status {
        case .queued, .inProgress: return .underWay
        case .interrupted: return .open
        case .cancelled:
            let isOut = last.slot.seat.map(settings.cancelledSeats.contains) ?? true
            return isOut ? .absent(last) : .open
        case .completed, .incomplete:
            if last.isDeclined { return .declined(last) }
            if !last.isBlank { return .done(last) }
        case .failed:
            if last.isDeclined { return .declined(last) }
        }
        let broken = written.count { $0.isBroken && !settings.again.contains($0.message) }
        return last.isBroken && broken <= again && brokenTurns <= repeatLimit ? .open : .absent(last)
    }

    private var brokenTurns: Int { turns.count(where: \.isBroken) }

    /// How many answers that broke off may be asked for again in the whole run: each may cost as much as a whole one.
    public var repeatLimit: Int { max(2, seats.count) }

    /// The answer in a slot; `nil` if there is none (yet).
    public func answer(in slot: Slot) -> RunTurn? {
        if case .done(let turn) = state(of: slot) { turn } else { nil }
    }
}

extension RunTurn {
    /// Whether the model does not want to answer, or its filter does not let it.
    public var isDeclined: Bool {
        switch finish {
        case .refusal, .contentFilter: true
        default: error?.code == PlenumError.Code.contentBlocked.rawValue
        }
    }

    /// Whether nothing was said.
    public var isBlank: Bool { !text.contains { !$0.isWhitespace } }

    /// Whether an answer had begun and broke off, came without a word, or was refused for its length: asking again may
    /// give a whole one.
    var isBroken: Bool {
        switch status {
        case .completed, .incomplete: isBlank
        case .failed: !isBlank || error?.code == PlenumError.Code.contextLength.rawValue
        default: false
        }
    }
}
