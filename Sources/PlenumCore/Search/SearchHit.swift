/// Something that a search found: a message that is at its end, or a conversation's title.
public struct SearchHit: Sendable, Hashable {
    /// Where the words were found: the cursor of the list of hits.
    public enum Place: Sendable, Hashable, CustomStringConvertible {
        /// In a conversation's title.
        case title(ConversationID)
        /// In a message's text.
        case message(MessageID)

        /// Reads the id of a conversation or of a message; `nil` for anything else.
        public init?(_ text: String) {
            if let id = MessageID(text) {
                self = .message(id)
            } else if let id = ConversationID(text) {
                self = .title(id)
            } else {
                return nil
            }
        }

        /// The id of the conversation or of the message.
        public var description: String {
            switch self {
            case .title(let id): id.description
            case .message(let id): id.description
            }
        }
    }

    /// The conversation.
    public var conversation: Conversation
    /// The message; `nil` if it was the title.
    public var message: MessageID?
    /// The words that were found, with some around them.
    public var snippet: Snippet

    /// Makes a hit.
    public init(conversation: Conversation, message: MessageID?, snippet: Snippet) {
        self.conversation = conversation
        self.message = message
        self.snippet = snippet
    }

    /// Where the words were found.
    public var place: Place { message.map { .message($0) } ?? .title(conversation.id) }
}
