/// One prompt to one or more seats.
public struct Run: Sendable, Hashable, Identified {
    /// Ids begin with `run_`.
    public static let identifierPrefix = "run"

    /// What a run is for: an open set, since each strategy brings its own.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The word of the API.
        public let rawValue: String
        /// Takes a word.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// One seat answers.
        public static let chat = Kind(rawValue: "chat")
        /// Several seats answer the same prompt, each by itself.
        public static let compare = Kind(rawValue: "compare")
    }

    /// Its id.
    public var id: RunID
    /// What it is for.
    public var kind: Kind
    /// The conversation that its messages belong to.
    public var conversation: ConversationID
    /// The message that asks.
    public var inputMessage: MessageID
    /// Who answers, in order.
    public var seats: [Seat]
    /// How far it has come.
    public var status: Status
    /// Why it ended, in one word: `completed`, `cancelled`, `failed`, `interrupted`.
    public var stopReason: String?
    /// When it was made.
    public var createdAt: Timestamp
    /// When it ended.
    public var endedAt: Timestamp?

    /// Makes a run that begins.
    public init(
        id: RunID,
        kind: Kind,
        conversation: ConversationID,
        inputMessage: MessageID,
        seats: [Seat],
        createdAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.conversation = conversation
        self.inputMessage = inputMessage
        self.seats = seats
        self.status = .inProgress
        self.createdAt = createdAt
    }
}

/// A place in a run: a model with its instructions and its message.
public struct Seat: Sendable, Hashable {
    /// Its number, from 0.
    public var index: Int
    /// The model asked for, as `provider/id`.
    public var model: String
    /// The message that it writes.
    public var message: MessageID
    /// System text of its own.
    public var system: String?
    /// Parameters of its own: `temperature`, `top_p`, `max_output_tokens`, `reasoning_effort`.
    public var parameters: JSONObject

    /// Makes a seat.
    public init(
        index: Int,
        model: String,
        message: MessageID,
        system: String? = nil,
        parameters: JSONObject = JSONObject()
    ) {
        self.index = index
        self.model = model
        self.message = message
        self.system = system
        self.parameters = parameters
    }
}

/// A step of a run, for those who follow it.
public struct RunEvent: Sendable, Hashable {
    /// Its number within the run, from 1, growing; numbers may be missing where deltas were put together.
    public var sequence: Int
    /// Its name: `run.created`, `seat.started`, `seat.delta`, …
    public var name: String
    /// The seat, if it is one's.
    public var seat: Int?
    /// The JSON object that followers are sent.
    public var data: [UInt8]

    /// Makes an event.
    public init(sequence: Int, name: String, seat: Int? = nil, data: [UInt8]) {
        self.sequence = sequence
        self.name = name
        self.seat = seat
        self.data = data
    }
}
