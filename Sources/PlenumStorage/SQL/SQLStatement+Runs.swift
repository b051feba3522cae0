extension SQLStatement {
    static let runColumns =
        "id, kind, conversation, input_message, seats, status, stop_reason, created_at, ended_at"

    /// The statements about runs.
    func runText(_ dialect: SQLDialect) -> String? {
        switch self {
        case .insertRun:
            """
            INSERT INTO run (\(Self.runColumns), owner)
            \(dialect.values(Self.placeholders(for: Self.runColumns) + ", ?"))
            """
        case .finishRun:
            "UPDATE run SET status = ?, stop_reason = ?, ended_at = ?\(dialect.fromRows) WHERE id = ? AND \(Self.unfinished)"
        case .interruptRuns:
            """
            UPDATE run SET status = 'interrupted', stop_reason = 'interrupted', ended_at = ?
            WHERE \(Self.abandoned("run"))
            """
        case .insertEvent:
            """
            INSERT INTO run_event (run, sequence, name, seat, data)
            SELECT number, ?, ?, ?, ? FROM run\(dialect.alsoRows) WHERE id = ?
            """
        case .pruneEvents: "DELETE FROM run_event WHERE run IN (SELECT number FROM run WHERE ended_at < ?)"
        case .runStatus: "SELECT status FROM run\(dialect.alsoRows) WHERE id = ?"
        case .run: "SELECT \(Self.runColumns) FROM run WHERE id = ?"
        case .events:
            """
            SELECT sequence, name, seat, data FROM run_event
            WHERE run = (SELECT number FROM run WHERE id = ?) AND sequence > ? ORDER BY sequence LIMIT ?
            """
        default: nil
        }
    }
}
