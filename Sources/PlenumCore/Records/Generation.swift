/// One attempt at one provider: a row of the ledger.
public struct Generation: Sendable, Hashable, Identified {
    /// Ids begin with `gen_`.
    public static let identifierPrefix = "gen"

    /// Its id.
    public var id: GenerationID
    /// The model that was used, as `provider/id`.
    public var model: String
    /// What the client asked for.
    public var requestedModel: String
    /// The provider.
    public var provider: String
    /// The dialect spoken with the provider; `nil` for one without a wire.
    public var dialect: Dialect?
    /// The dialect of the door that the request came in by; `nil` for runs and the terminal.
    public var door: Dialect?
    /// The name of the key that its client came with; `nil` if it came without one.
    public var key: String?
    /// The conversation, if it belongs to one.
    public var conversation: ConversationID?
    /// The message that it makes, if it makes one.
    public var message: MessageID?
    /// The run, if it belongs to one.
    public var run: RunID?
    /// The seat of that run.
    public var seat: Int?
    /// The first attempt's id, which all attempts at one answer share.
    public var group: GenerationID
    /// Which attempt of the group this is, from 1.
    public var attempt: Int
    /// Whether the reply came in pieces.
    public var isStreamed: Bool
    /// How far it has come.
    public var status: Status
    /// When it began.
    public var createdAt: Timestamp
    /// How it ended; `nil` while it goes on.
    @Boxed public var ending: GenerationEnding?

    /// Makes a generation that begins.
    public init(
        id: GenerationID,
        model: ModelID,
        requestedModel: String,
        dialect: Dialect?,
        door: Dialect?,
        isStreamed: Bool,
        createdAt: Timestamp
    ) {
        self.id = id
        self.model = model.description
        self.requestedModel = requestedModel
        self.provider = model.provider
        self.dialect = dialect
        self.door = door
        self.group = id
        self.attempt = 1
        self.isStreamed = isStreamed
        self.status = .inProgress
        self.createdAt = createdAt
    }
}

/// How a generation ended.
public struct GenerationEnding: Sendable, Hashable {
    /// Where a cost comes from.
    public enum CostSource: String, Sendable, Hashable {
        /// The provider said so.
        case provider
        /// Reckoned from the price table.
        case table
    }

    /// Why a cost is not known.
    public enum CostGap: String, Sendable, Hashable {
        /// The provider did not say how many tokens there were.
        case noUsage = "no_usage"
        /// The tokens are known, and the model has no price in the table.
        case noPrice = "no_price"
    }

    /// A terminal status.
    public var status: Status
    /// The HTTP status of the provider's answer; `nil` if there was none.
    public var httpStatus: Int?
    /// Why the model stopped.
    public var finish: FinishReason?
    /// The tokens.
    public var usage: Usage?
    /// What it cost; `nil` if not known.
    public var cost: Money?
    /// Where the cost comes from.
    public var costSource: CostSource?
    /// The version of the price table that the cost was reckoned from; `nil` for a cost from elsewhere.
    public var priceVersion: String?
    /// The provider's id of the request.
    public var upstreamID: String?
    /// Milliseconds to the first content; `nil` if none came.
    public var timeToFirstToken: Int?
    /// Milliseconds in all.
    public var duration: Int
    /// The error that ended it.
    public var error: RecordedError?

    /// Makes an ending.
    public init(status: Status, duration: Int) {
        self.status = status
        self.duration = duration
    }

    /// Why the cost is not known; `nil` if it is.
    public var costGap: CostGap? {
        guard cost == nil else { return nil }
        return usage == nil ? .noUsage : .noPrice
    }
}

/// The words of a generation, kept apart from its numbers.
public struct GenerationContent: Sendable, Hashable {
    /// What was asked, in the dialect of the door or as canonical items.
    public var request: [UInt8]
    /// What was answered; empty while nothing is.
    public var reply: [UInt8]

    /// Makes a value.
    public init(request: [UInt8], reply: [UInt8] = []) {
        self.request = request
        self.reply = reply
    }
}
