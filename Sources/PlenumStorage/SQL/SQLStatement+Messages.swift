extension SQLStatement {
    static let messageColumns = """
        id, conversation, parent, role, parts, status, model, provider, run, seat, round, phase, part, derived_from,
        generation, finish, native_finish,
        input_uncached, cache_read, cache_write, cache_write_long, output, reasoning, reported_cost, cost,
        error_code, error_message, error_retryable, created_at, ended_at
        """

    /// The generations that name a message, and the one that it names.
    static func generationsOfMessage(rows: String = "") -> String {
        """
        SELECT number FROM generation\(rows) WHERE message = ?
        UNION SELECT g.number FROM message m JOIN generation g ON g.id = m.generation\(rows) WHERE m.id = ?
        """
    }

    /// The statements that change messages.
    func messageText(_ dialect: SQLDialect) -> String? {
        let columns = Self.messageColumns
        switch self {
        case .insertMessage:
            let values = dialect.values(Self.placeholders(for: columns) + ", ?")
            return "INSERT INTO message (\(columns), owner) \(values)"
        case .finishMessage:
            return """
                UPDATE message SET status = ?, parts = ?, model = COALESCE(?, model),
                provider = COALESCE(?, provider), generation = COALESCE(?, generation), finish = ?, native_finish = ?,
                input_uncached = ?, cache_read = ?, cache_write = ?, cache_write_long = ?, output = ?, reasoning = ?,
                reported_cost = ?, cost = ?, error_code = ?, error_message = ?, error_retryable = ?, ended_at = ?
                \(dialect.fromRows) WHERE id = ? AND \(Self.unfinished)
                """
        case .interruptMessage:
            return """
                UPDATE message SET status = 'interrupted', parts = ?, error_code = ?, error_message = ?,
                error_retryable = ?, ended_at = ? WHERE id = ? AND \(Self.unfinished)
                """
        case .deleteProgressOfMessage:
            let numbers = Self.generationsOfMessage(rows: dialect.alsoRows)
            return "DELETE FROM generation_progress WHERE generation IN (\(numbers))"
        case .deleteContentOfMessage:
            return "DELETE FROM generation_content WHERE generation IN (\(Self.generationsOfMessage()))"
        case .moveLeafToParent:
            return """
                UPDATE conversation SET leaf = (SELECT parent FROM message WHERE id = ?)
                WHERE id = (SELECT conversation FROM message WHERE id = ?) AND leaf = ?
                """
        case .orphanAnswers:
            return """
                UPDATE message SET parent = NULL
                WHERE conversation = (SELECT conversation FROM message WHERE id = ?) AND parent = ?
                """
        case .deleteMessage: return "DELETE FROM message WHERE id = ?"
        default: return messageReadText(dialect)
        }
    }

    /// The statements that read messages.
    private func messageReadText(_ dialect: SQLDialect) -> String? {
        let columns = Self.messageColumns
        switch self {
        case .messageStatus: return "SELECT status FROM message WHERE id = ?"
        case .messageIsInConversation:
            return "SELECT 1 FROM message\(dialect.alsoRows) WHERE id = ? AND conversation = ?"
        case .messageNumber: return "SELECT number FROM message WHERE id = ? AND conversation = ?"
        case .message: return "SELECT \(columns) FROM message WHERE id = ?"
        case .messagesAscending:
            return "SELECT \(columns) FROM message WHERE conversation = ? AND number > ? ORDER BY number LIMIT ?"
        case .messagesDescending:
            return "SELECT \(columns) FROM message WHERE conversation = ? AND number < ? ORDER BY number DESC LIMIT ?"
        case .thread:
            return """
                WITH RECURSIVE path (id, parent, depth) AS (
                    SELECT id, parent, 1 FROM message WHERE id = ?
                    UNION ALL
                    SELECT m.id, m.parent, path.depth + 1 FROM path JOIN message m ON m.id = path.parent
                    WHERE path.depth < ?
                )
                SELECT \(Self.columns(columns, of: "m")) FROM path JOIN message m ON m.id = path.id
                ORDER BY path.depth DESC
                """
        case .messagesOfRun:
            return "SELECT \(columns) FROM message WHERE run = ? AND round IS NOT NULL ORDER BY number"
        case .abandonedMessages:
            return "SELECT \(columns) FROM message WHERE \(Self.abandoned("message")) ORDER BY number"
        case .progressOfMessage:
            return """
                SELECT sequence, text, reasoning FROM generation_progress WHERE generation = (
                    SELECT MAX(number) FROM generation
                    WHERE number IN (\(Self.generationsOfMessage())) AND \(Self.unfinished)
                ) ORDER BY sequence
                """
        default: return nil
        }
    }
}
