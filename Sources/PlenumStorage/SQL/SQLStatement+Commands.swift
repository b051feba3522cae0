extension SQLStatement {
    /// The statements about commands on their way.
    func commandText(_ dialect: SQLDialect) -> String? {
        let found = """
            SELECT c.id, r.id, c.command, c.is_answered, c.error_code, c.error_message, c.error_retryable
            FROM run_command c JOIN run r ON r.number = c.run WHERE
            """
        return switch self {
        case .insertCommand:
            """
            INSERT INTO run_command (id, run, command, is_answered)
            SELECT ?, number, ?, 0 FROM run WHERE id = ? AND \(Self.unfinished)
            """
        case .answerCommand:
            """
            UPDATE run_command SET is_answered = 1, error_code = ?, error_message = ?, error_retryable = ?
            WHERE id = ? AND is_answered = 0
            """
        case .withdrawCommand: "DELETE FROM run_command WHERE id = ? AND is_answered = 0"
        case .commandIsThere: "SELECT 1 FROM run_command WHERE id = ?"
        case .command: "\(found) c.id = ?"
        case .commandsToObey:
            "\(found) c.is_answered = 0 AND r.\(Self.unfinished) AND COALESCE(r.owner, 0) = ? ORDER BY c.number"
        case .dropCommandsOfRun:
            """
            DELETE FROM run_command WHERE is_answered = 0
            AND run IN (SELECT number FROM run\(dialect.alsoRows) WHERE id = ?)
            """
        case .deleteCommandsOfConversation:
            "DELETE FROM run_command WHERE run IN (SELECT number FROM run WHERE conversation = ?)"
        case .pruneCommands: "DELETE FROM run_command WHERE run IN (SELECT number FROM run WHERE ended_at < ?)"
        default: nil
        }
    }
}
