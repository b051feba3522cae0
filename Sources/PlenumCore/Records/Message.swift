/// A message of a conversation: what was said, by whom, and by which model.
public struct Message: Sendable, Hashable, Identified {
    /// Ids begin with `msg_`.
    public static let identifierPrefix = "msg"

    /// Its id.
    public var id: MessageID
    /// The conversation it belongs to.
    public var conversation: ConversationID
    /// The message that it answers or follows; `nil` for a first one.
    public var parent: MessageID?
    /// Whose it is.
    public var role: Turn.Role
    /// What it says.
    public var parts: [ContentPart]
    /// How far it has come; a user's message is always completed.
    public var status: Status
    /// The tag of the model that gave it, as `provider/id`; `nil` for a user's.
    public var model: String?
    /// The provider that gave it.
    public var provider: String?
    /// The run it came of.
    public var run: RunID?
    /// The seat of that run; `nil` for what no seat wrote: a judge's verdict, a person's word in a debate.
    public var seat: Int?
    /// The step of that run.
    public var step: RunStep?
    /// The messages that it was made of, by a model that put them together.
    public var derivedFrom: [MessageID] = []
    /// The generation that made it: the last attempt.
    public var generation: GenerationID?
    /// Why the model stopped.
    public var finish: FinishReason?
    /// The tokens.
    public var usage: Usage?
    /// What it cost; `nil` if not known.
    public var cost: Money?
    /// The code and the message of the error that ended it.
    public var error: RecordedError?
    /// When it was made.
    public var createdAt: Timestamp
    /// When it came to its end.
    public var endedAt: Timestamp?

    /// Makes a message.
    public init(
        id: MessageID,
        conversation: ConversationID,
        parent: MessageID? = nil,
        role: Turn.Role,
        parts: [ContentPart] = [],
        status: Status = .completed,
        createdAt: Timestamp
    ) {
        self.id = id
        self.conversation = conversation
        self.parent = parent
        self.role = role
        self.parts = parts
        self.status = status
        self.createdAt = createdAt
        self.endedAt = status.isTerminal ? createdAt : nil
    }

    /// The text parts, joined.
    public var text: String { parts.compactMap(\.text).joined() }
}

/// An error as it is kept.
public struct RecordedError: Sendable, Hashable {
    /// The code's name.
    public var code: String
    /// The message.
    public var message: String
    /// Whether trying again may help.
    public var isRetryable: Bool

    /// Makes a value.
    public init(code: String, message: String, isRetryable: Bool) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }

    /// Keeps an error; its cause stays out.
    public init(_ error: PlenumError) {
        self.init(code: error.code.rawValue, message: error.message, isRetryable: error.isRetryable)
    }
}

/// How a message ended.
public struct MessageEnding: Sendable, Hashable {
    /// A terminal status.
    public var status: Status
    /// All that it says.
    public var parts: [ContentPart]
    /// The tag of the model that gave it in the end.
    public var model: String?
    /// The provider that gave it.
    public var provider: String?
    /// The generation that made it.
    public var generation: GenerationID?
    /// Why the model stopped.
    public var finish: FinishReason?
    /// The tokens.
    public var usage: Usage?
    /// What it cost; `nil` if not known.
    public var cost: Money?
    /// The error that ended it.
    public var error: RecordedError?
    /// When it ended.
    public var endedAt: Timestamp

    /// Makes an ending.
    public init(status: Status, parts: [ContentPart], endedAt: Timestamp) {
        self.status = status
        self.parts = parts
        self.endedAt = endedAt
    }
}
