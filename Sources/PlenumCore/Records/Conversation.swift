/// A conversation: a tree of messages with a title.
public struct Conversation: Sendable, Hashable, Identified {
    /// Ids begin with `conv_`.
    public static let identifierPrefix = "conv"

    /// Its id.
    public var id: ConversationID
    /// A title that a person gave or that was made of the first words; `nil` until there are any.
    public var title: String?
    /// The model to ask when a request names none, as `provider/id`.
    public var model: String?
    /// The message after which the conversation goes on.
    public var leaf: MessageID?
    /// Whether it stands at the top of the list.
    public var isPinned: Bool
    /// Whether it is put away.
    public var isArchived: Bool
    /// The client's own notes, a JSON object.
    public var metadata: JSONObject
    /// When it was made.
    public var createdAt: Timestamp
    /// When its last message or change came.
    public var updatedAt: Timestamp

    /// Makes a conversation.
    public init(
        id: ConversationID,
        title: String? = nil,
        model: String? = nil,
        leaf: MessageID? = nil,
        isPinned: Bool = false,
        isArchived: Bool = false,
        metadata: JSONObject = JSONObject(),
        createdAt: Timestamp,
        updatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.title = title
        self.model = model
        self.leaf = leaf
        self.isPinned = isPinned
        self.isArchived = isArchived
        self.metadata = metadata
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
    }
}

/// Changes to a conversation; `nil` leaves a field as it is.
public struct ConversationPatch: Sendable, Hashable {
    /// A new title.
    public var title: String?
    /// A new default model.
    public var model: String?
    /// A new leaf.
    public var leaf: MessageID?
    /// Whether it stands at the top.
    public var isPinned: Bool?
    /// Whether it is put away.
    public var isArchived: Bool?
    /// New notes, in place of all the old.
    public var metadata: JSONObject?
    /// When the change was made.
    public var updatedAt: Timestamp

    /// Makes a patch that changes nothing but the time.
    public init(updatedAt: Timestamp) { self.updatedAt = updatedAt }
}
