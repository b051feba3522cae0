extension SQLStatement {
    /// How many ids a look for what is there already has room for.
    static let presenceBatch = 100

    /// The statements that tell everything, that look for what is there, and that count.
    var exportText: String? { sizesText ?? pagesText ?? presenceText }

    /// What a page would weigh, row by row, so that it can end before it grows too large.
    private var sizesText: String? {
        func sizes(_ size: String, of table: String) -> String {
            "SELECT number, \(size) FROM \(table) WHERE number > ? ORDER BY number LIMIT ?"
        }
        switch self {
        case .sizesOfConversations: return sizes("LENGTH(metadata) + COALESCE(LENGTH(title), 0)", of: "conversation")
        case .sizesOfMessages: return sizes("LENGTH(parts)", of: "message")
        case .sizesOfRuns:
            let texts = ["seats", "settings", "result", "preference"]
            return sizes(texts.map { "COALESCE(LENGTH(\($0)), 0)" }.joined(separator: " + "), of: "run")
        case .sizesOfEvents:
            return """
                SELECT run, sequence, LENGTH(data) FROM run_event
                WHERE (run, sequence) > (?, ?) ORDER BY run, sequence LIMIT ?
                """
        case .sizesOfGenerations:
            return """
                SELECT g.number, COALESCE(LENGTH(c.request) + LENGTH(c.reply), 0)
                FROM generation g LEFT JOIN generation_content c ON c.generation = g.number
                WHERE g.number > ? ORDER BY g.number LIMIT ?
                """
        case .sizesOfProgress:
            return """
                SELECT generation, sequence, LENGTH(text) + LENGTH(reasoning) FROM generation_progress
                WHERE (generation, sequence) > (?, ?) ORDER BY generation, sequence LIMIT ?
                """
        default: return nil
        }
    }

    /// The rows of a page: those after a place, up to another. Ids that a row only names by number come first.
    private var pagesText: String? {
        let numbers = "WHERE number > ? AND number <= ? ORDER BY number"
        switch self {
        case .exportConversations: return "SELECT \(Self.conversationColumns) FROM conversation \(numbers)"
        case .exportMessages:
            return """
                SELECT (SELECT leaf FROM conversation WHERE conversation.id = message.conversation),
                \(Self.messageColumns) FROM message \(numbers)
                """
        case .exportRuns: return "SELECT \(Self.runColumns) FROM run \(numbers)"
        case .exportEvents:
            return """
                SELECT (SELECT id FROM run WHERE number = run_event.run), sequence, name, seat, data FROM run_event
                WHERE (run, sequence) > (?, ?) AND (run, sequence) <= (?, ?) ORDER BY run, sequence
                """
        case .exportGenerations:
            return """
                SELECT CASE WHEN c.generation IS NULL THEN 0 ELSE 1 END, c.request, c.reply,
                \(Self.columns(Self.generationColumns, of: "g"))
                FROM generation g LEFT JOIN generation_content c ON c.generation = g.number
                WHERE g.number > ? AND g.number <= ? ORDER BY g.number
                """
        case .exportProgress:
            return """
                SELECT (SELECT id FROM generation WHERE number = generation_progress.generation),
                sequence, text, reasoning FROM generation_progress
                WHERE (generation, sequence) > (?, ?) AND (generation, sequence) <= (?, ?)
                ORDER BY generation, sequence
                """
        default: return nil
        }
    }

    /// Which of many ids are there, in one go: a round trip for each would make going on slower than beginning anew.
    private var presenceText: String? {
        let ids = "(\(Array(repeating: "?", count: Self.presenceBatch).joined(separator: ", ")))"
        switch self {
        case .presentConversations: return "SELECT id FROM conversation WHERE id IN \(ids)"
        case .presentMessages: return "SELECT id FROM message WHERE id IN \(ids)"
        case .presentRuns: return "SELECT id FROM run WHERE id IN \(ids)"
        case .presentEvents:
            return """
                SELECT r.id, e.sequence FROM run r JOIN run_event e ON e.run = r.number
                WHERE r.id IN \(ids) AND e.sequence BETWEEN ? AND ?
                """
        case .presentGenerations: return "SELECT id FROM generation WHERE id IN \(ids)"
        // A generation at its end answers without a number: it takes no more checkpoints.
        case .presentProgress:
            return """
                SELECT g.id, p.sequence FROM generation g LEFT JOIN generation_progress p ON p.generation = g.number
                WHERE g.id IN \(ids) AND (p.sequence BETWEEN ? AND ? OR NOT g.\(Self.unfinished))
                """
        case .counts:
            return """
                SELECT (SELECT COUNT(*) FROM conversation), (SELECT COUNT(*) FROM message),
                (SELECT COUNT(*) FROM run), (SELECT COUNT(*) FROM run_event), (SELECT COUNT(*) FROM generation)
                """
        default: return nil
        }
    }
}
