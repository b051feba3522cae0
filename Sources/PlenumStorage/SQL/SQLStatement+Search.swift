extension SQLStatement {
    /// The message that a row of `searchable` is about, where it is about a title: no message has this number.
    private static let title = 0

    /// The statements about what can be searched.
    func searchText(_ dialect: SQLDialect) -> String? {
        let insert = "INSERT INTO searchable (conversation, message, words)"
        let words = dialect.search.placeholder
        let messages = Self.searchableMessages(rows: dialect.alsoRows)
        let titles = Self.searchableTitles(rows: dialect.alsoRows)
        switch self {
        case .insertSearchableMessage:
            return """
                \(insert) SELECT c.number, m.number, \(words)
                FROM message m JOIN conversation c ON c.id = m.conversation\(dialect.alsoRows)
                WHERE m.id = ? AND m.role IN ('user', 'assistant')
                """
        case .insertSearchableTitle:
            return "\(insert) SELECT number, \(Self.title), \(words) FROM conversation\(dialect.alsoRows) WHERE id = ?"
        case .insertSearchable: return "\(insert) VALUES (?, ?, \(words))"
        case .deleteSearchableMessage:
            return "DELETE FROM searchable WHERE number IN (SELECT s.number FROM \(messages))"
        case .deleteSearchableTitle:
            return "DELETE FROM searchable WHERE number IN (SELECT s.number FROM \(titles))"
        case .deleteSearchablesOfConversation:
            return "DELETE FROM searchable WHERE conversation = (SELECT number FROM conversation WHERE id = ?)"
        default: return searchReadText(dialect)
        }
    }

    private static func searchableMessages(rows: String = "") -> String {
        """
        message m JOIN conversation c ON c.id = m.conversation
        JOIN searchable s ON s.conversation = c.number AND s.message = m.number\(rows) WHERE m.id = ?
        """
    }

    private static func searchableTitles(rows: String = "") -> String {
        """
        conversation c JOIN searchable s ON s.conversation = c.number AND s.message = \(title)\(rows) WHERE c.id = ?
        """
    }

    private func searchReadText(_ dialect: SQLDialect) -> String? {
        let search = dialect.search
        switch self {
        case .messagesToSearch:
            return """
                SELECT m.number, c.number, m.parts FROM message m JOIN conversation c ON c.id = m.conversation
                WHERE m.number > ? AND m.role IN ('user', 'assistant') AND NOT m.\(Self.unfinished)
                ORDER BY m.number LIMIT ?
                """
        case .titlesToSearch:
            return """
                SELECT number, title FROM conversation WHERE number > ? AND title IS NOT NULL ORDER BY number LIMIT ?
                """
        case .searchableMessage: return "SELECT s.number FROM \(Self.searchableMessages())"
        case .searchableTitle: return "SELECT s.number FROM \(Self.searchableTitles())"
        case .search: return search.prelude + hits(in: search.found)
        case .searchNewest: return hits(in: search.newest ?? search.found)
        default: return nil
        }
    }

    /// A page of hits: in all conversations (2), the archived (1) or the others (0). The page is made of numbers alone,
    /// and only its rows are joined with what they show; whoever reads them sorts them.
    private func hits(in found: String) -> String {
        """
        SELECT hit.number, \(Self.columns(Self.conversationColumns, of: "c")), m.id, m.parts
        FROM (
            SELECT number, conversation, message FROM \(found) found
            WHERE ? = 2 OR (SELECT c.is_archived FROM conversation c WHERE c.number = found.conversation) = ?
            ORDER BY number DESC LIMIT ?
        ) hit JOIN conversation c ON c.number = hit.conversation LEFT JOIN message m ON m.number = hit.message
        """
    }
}
