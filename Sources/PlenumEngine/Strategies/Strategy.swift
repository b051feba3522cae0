public import PlenumCore

/// How a run goes about its work: a pure value that is asked what to do next whenever something has ended.
///
/// It reads the state and says what to call; it starts nothing, waits for nothing and keeps nothing, so that it can be
/// tested without a network, asked again after a crash, and asked what it would cost.
public protocol Strategy: Sendable {
    /// Says what to do, given how far the run has come.
    func next(_ state: RunState) -> StrategyStep

    /// The calls that would bring the run to an honest end from here, for which money is kept back.
    func closing(_ state: RunState) -> [StepCall]

    /// What those who follow the run are told beside a turn that has just come to its end.
    func news(of turn: RunTurn, in state: RunState) -> [StrategyNews]

    /// What was read out of a turn: its label, the answer, how sure it is.
    func notes(on turn: RunTurn, in state: RunState) -> JSONObject

    /// What the run has come to so far; `nil` where there is nothing beside the answers.
    func result(_ state: RunState) -> JSONObject?
}

extension Strategy {
    /// Nothing is kept back.
    public func closing(_ state: RunState) -> [StepCall] { [] }

    /// Nothing.
    public func news(of turn: RunTurn, in state: RunState) -> [StrategyNews] { [] }

    /// Nothing.
    public func notes(on turn: RunTurn, in state: RunState) -> JSONObject { JSONObject() }

    /// Nothing.
    public func result(_ state: RunState) -> JSONObject? { nil }
}

/// What to do next.
public enum StrategyStep: Sendable, Hashable {
    /// Make these calls, all at once, beside those that are under way.
    case call([StepCall])
    /// Wait until a call ends.
    case wait
    /// Wait until a person says how to go on.
    case pause(reason: String)
    /// The run is over.
    case finish(RunOutcome)
}

/// How a run is over.
public struct RunOutcome: Sendable, Hashable {
    /// A terminal status.
    public var status: Status
    /// Why, in one word.
    public var stopReason: String
    /// The message after which the conversation goes on; the one it went on from before if `nil`.
    public var leaf: MessageID?

    /// Makes an outcome.
    public init(_ status: Status, _ stopReason: String, leaf: MessageID? = nil) {
        self.status = status
        self.stopReason = stopReason
        self.leaf = leaf
    }
}

/// Something that those who follow a run are told.
public struct StrategyNews: Sendable, Hashable {
    /// The event's name: `round.completed`, `ballot`, `verdict`.
    public var name: String
    /// The seat that it is about.
    public var seat: Int?
    /// What is told.
    public var members: JSONObject

    /// Makes news.
    public init(_ name: String, seat: Int? = nil, _ members: [JSONObject.Member]) {
        self.name = name
        self.seat = seat
        self.members = JSONObject(members)
    }
}
