public import PlenumCore

/// Where a turn belongs in a run: several messages may have been written for one slot, the last one counts.
public struct Slot: Sendable, Hashable {
    /// The seat; `nil` for what no seat says: a judge's verdict, a clerk's summary, a person's word.
    public var seat: Int?
    /// What is done.
    public var step: RunStep

    /// Makes a slot.
    public init(seat: Int?, _ phase: RunStep.Phase, round: Int = 0, part: Int = 0) {
        self.seat = seat
        self.step = RunStep(round: round, phase: phase, part: part)
    }

    /// Takes the place of a message.
    public init(seat: Int?, step: RunStep) {
        self.seat = seat
        self.step = step
    }
}

/// A call that a strategy wants made.
public struct StepCall: Sendable, Hashable {
    /// Where its answer belongs.
    public var slot: Slot
    /// Whom to ask, by any name: the model, then those that stand in for it.
    public var models: [String]
    /// What is asked, whole.
    public var chat: ChatRequest
    /// The message that the answer hangs on.
    public var parent: MessageID
    /// The messages that the answer is made of, where it puts others together.
    public var derivedFrom: [MessageID] = []
    /// Whether the answer's length is the client's own matter: then it may be cut to what the money allows.
    public var mayShrink = false

    /// Makes a call.
    public init(_ slot: Slot, models: [String], chat: ChatRequest, parent: MessageID) {
        self.slot = slot
        self.models = models
        self.chat = chat
        self.parent = parent
    }
}

extension RunStep.Phase {
    /// A side states its case.
    public static let opening = Self(rawValue: "opening")
    /// A side answers the others.
    public static let rebuttal = Self(rawValue: "rebuttal")
    /// The judge says whether it has heard enough.
    public static let check = Self(rawValue: "check")
    /// The judge says who has convinced it.
    public static let judge = Self(rawValue: "judge")
    /// What could not be read is asked for once more.
    public static let repair = Self(rawValue: "repair")
    /// A seat answers again, having read all answers.
    public static let revise = Self(rawValue: "revise")
    /// A member ranks the others' answers.
    public static let rank = Self(rawValue: "rank")
    /// The chair writes the final answer.
    public static let chair = Self(rawValue: "chair")
    /// A partner speaks.
    public static let say = Self(rawValue: "say")
    /// A person speaks.
    public static let human = Self(rawValue: "human")
    /// The clerk puts together what was said.
    public static let clerk = Self(rawValue: "clerk")
    /// The clerk sums up what was said before, so that a long debate can go on.
    public static let minutes = Self(rawValue: "minutes")
    /// The clerk sums up a conversation.
    public static let summary = Self(rawValue: "summary")
    /// One answer is made of several.
    public static let fuse = Self(rawValue: "fuse")
    /// The points in which answers differ are listed.
    public static let points = Self(rawValue: "points")
}
