extension SQLStatement {
    static let conversationColumns =
        "id, title, model, leaf, is_pinned, is_archived, metadata, created_at, updated_at"

    /// The statements about conversations.
    func conversationText(_ dialect: SQLDialect) -> String? {
        let columns = Self.conversationColumns
        switch self {
        case .insertConversation:
            return "INSERT INTO conversation (\(columns)) \(dialect.values(Self.placeholders(for: columns)))"
        case .updateConversation:
            return """
                UPDATE conversation SET title = COALESCE(?, title), model = COALESCE(?, model),
                leaf = COALESCE(?, leaf), is_pinned = COALESCE(?, is_pinned), is_archived = COALESCE(?, is_archived),
                metadata = COALESCE(?, metadata), updated_at = \(dialect.greater)(updated_at, ?)
                \(dialect.fromRows) WHERE id = ?
                """
        case .touchConversation:
            return """
                UPDATE conversation SET updated_at = \(dialect.greater)(updated_at, ?), leaf = COALESCE(?, leaf)
                \(dialect.fromRows) WHERE id = ?
                """
        case .touchConversationOfMessage:
            return """
                UPDATE conversation SET updated_at = \(dialect.greater)(updated_at, ?)
                WHERE id = (SELECT conversation FROM message WHERE id = ?)
                """
        case .conversationIsThere: return "SELECT 1 FROM conversation\(dialect.alsoRows) WHERE id = ?"
        case .conversation: return "SELECT \(columns) FROM conversation WHERE id = ?"
        case .conversationsAscending: return list(after: ">", order: "ASC")
        case .conversationsDescending: return list(after: "<", order: "DESC")
        default: return deletionText
        }
    }

    /// A page of the list: all (2), the archived (1) or the others (0), and the same of pins.
    private func list(after: String, order: String) -> String {
        """
        SELECT \(Self.conversationColumns) FROM conversation
        WHERE (updated_at, id) \(after) (?, ?) AND (? = 2 OR is_archived = ?) AND (? = 2 OR is_pinned = ?)
        ORDER BY updated_at \(order), id \(order) LIMIT ?
        """
    }

    /// The generations that name a conversation, its messages or its runs, and those that its messages name.
    static let generationsOfConversation = """
        SELECT number FROM generation WHERE conversation = ?
        UNION SELECT g.number FROM message m JOIN generation g ON g.message = m.id WHERE m.conversation = ?
        UNION SELECT g.number FROM message m JOIN generation g ON g.id = m.generation WHERE m.conversation = ?
        UNION SELECT g.number FROM run r JOIN generation g ON g.run = r.id WHERE r.conversation = ?
        """

    /// The parts of a conversation's removal.
    private var deletionText: String? {
        let generations = Self.generationsOfConversation
        switch self {
        case .deleteContentOfConversation:
            return "DELETE FROM generation_content WHERE generation IN (\(generations))"
        case .deleteProgressOfConversation:
            return "DELETE FROM generation_progress WHERE generation IN (\(generations))"
        case .deleteEventsOfConversation:
            return "DELETE FROM run_event WHERE run IN (SELECT number FROM run WHERE conversation = ?)"
        case .deleteRunsOfConversation: return "DELETE FROM run WHERE conversation = ?"
        case .deleteMessagesOfConversation: return "DELETE FROM message WHERE conversation = ?"
        case .deleteConversation: return "DELETE FROM conversation WHERE id = ?"
        default: return nil
        }
    }
}
