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
        /// Several seats answer, read each other and come to a result, by one of the protocols.
        public static let debate = Kind(rawValue: "debate")
        /// One model makes one answer of several.
        public static let synthesis = Kind(rawValue: "synthesis")
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
    /// What was asked for beside the seats (protocol, caps, blindness) and what has become of it since (pauses, more
    /// rounds), as the engine writes it.
    public var settings: JSONObject
    /// How far it has come. A run that has ended may be reopened, by who asks for more of it.
    public var status: Status
    /// Why it ended, in one word: `completed`, `cancelled`, `failed`, `interrupted`, `budget`, …
    public var stopReason: String?
    /// What it came to, as the API shows it; `nil` while it goes on and where there is nothing beside the answers.
    public var result: JSONObject?
    /// Which answer a person liked best; `nil` until one says.
    public var preference: Preference?
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
        settings: JSONObject = JSONObject(),
        createdAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.conversation = conversation
        self.inputMessage = inputMessage
        self.seats = seats
        self.settings = settings
        self.status = .inProgress
        self.createdAt = createdAt
    }
}

/// A place in a run: a model with its instructions.
public struct Seat: Sendable, Hashable {
    /// Its number, from 0.
    public var index: Int
    /// The model asked for, as `provider/id`.
    public var model: String
    /// Models that stand in when it fails before it has shown anything, in order.
    public var fallbacks: [String] = []
    /// System text of its own.
    public var system: String?
    /// Who it speaks as in a debate, in words for the model.
    public var persona: String?
    /// The position that it argues for in a debate.
    public var side: String?
    /// Parameters of its own: `temperature`, `top_p`, `max_output_tokens`, `reasoning_effort`.
    public var parameters: JSONObject

    /// Makes a seat.
    public init(
        index: Int,
        model: String,
        system: String? = nil,
        parameters: JSONObject = JSONObject()
    ) {
        self.index = index
        self.model = model
        self.system = system
        self.parameters = parameters
    }
}

/// Which answer of a run a person liked best.
public struct Preference: Sendable, Hashable {
    /// What was said of the answers.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One is the best.
        case prefer
        /// They are equally good.
        case tie
        /// None is good.
        case allBad = "all_bad"
    }

    /// What was said.
    public var kind: Kind
    /// The best one's seat, with `prefer`.
    public var seat: Int?
    /// Why, in the person's words.
    public var reason: String?
    /// Whether the models' names were hidden until then.
    public var isBlind: Bool
    /// When it was said.
    public var createdAt: Timestamp

    /// Makes a preference.
    public init(kind: Kind, seat: Int? = nil, reason: String? = nil, isBlind: Bool, createdAt: Timestamp) {
        self.kind = kind
        self.seat = seat
        self.reason = reason
        self.isBlind = isBlind
        self.createdAt = createdAt
    }
}

/// How a run ended.
public struct RunEnding: Sendable, Hashable {
    /// A terminal status.
    public var status: Status
    /// Why, in one word.
    public var stopReason: String
    /// What it came to.
    public var result: JSONObject?
    /// When.
    public var endedAt: Timestamp

    /// Makes an ending.
    public init(status: Status, stopReason: String, result: JSONObject? = nil, endedAt: Timestamp) {
        self.status = status
        self.stopReason = stopReason
        self.result = result
        self.endedAt = endedAt
    }
}

/// Changes to a run, whether it has ended or not; `nil` leaves a field as it is.
public struct RunPatch: Sendable, Hashable {
    /// New seats, in place of all the old.
    public var seats: [Seat]?
    /// New settings, in place of all the old.
    public var settings: JSONObject?
    /// What a person says of the answers, in place of what was said before.
    public var preference: Preference?

    /// Makes a patch that changes nothing.
    public init() {}
}

/// Which runs are asked for.
public struct RunFilter: Sendable, Hashable {
    /// Those of a conversation; of all if `nil`.
    public var conversation: ConversationID?
    /// Whether only those of whose answers a person has said something.
    public var isJudged: Bool

    /// Makes a filter; without arguments it lets everything through.
    public init(conversation: ConversationID? = nil, isJudged: Bool = false) {
        self.conversation = conversation
        self.isJudged = isJudged
    }
}

/// Which step of a run wrote a message. Several messages of one run, seat and step are one after another: each but the
/// last one broke off.
public struct RunStep: Sendable, Hashable {
    /// What a step does: an open set, since each strategy brings its own.
    public struct Phase: RawRepresentable, Sendable, Hashable {
        /// The word of the API.
        public let rawValue: String
        /// Takes a word.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A seat answers the question.
        public static let answer = Phase(rawValue: "answer")
    }

    /// The round, from 0.
    public var round: Int
    /// What it does.
    public var phase: Phase
    /// Which of several alike in the round, from 0: of a judge's two passes, for instance.
    public var part: Int

    /// Makes a step.
    public init(round: Int = 0, phase: Phase, part: Int = 0) {
        self.round = round
        self.phase = phase
        self.part = part
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
