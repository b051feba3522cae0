extension SQLStatement {
    static let runColumns = """
        id, kind, conversation, input_message, seats, settings, status, stop_reason, result, preference,
        created_at, ended_at
        """

    /// The statements about runs.
    func runText(_ dialect: SQLDialect) -> String? {
        switch self {
        case .insertRun:
            """
            INSERT INTO run (\(Self.runColumns), owner)
            \(dialect.values(Self.placeholders(for: Self.runColumns) + ", ?"))
            """
        case .updateRun:
            """
            UPDATE run SET seats = COALESCE(?, seats), settings = COALESCE(?, settings),
            preference = COALESCE(?, preference)\(dialect.fromRows) WHERE id = ?
            """
        case .finishRun:
            """
            UPDATE run SET status = ?, stop_reason = ?, result = ?, ended_at = ?\(dialect.fromRows)
            WHERE id = ? AND \(Self.unfinished)
            """
        case .reopenRun:
            """
            UPDATE run SET status = 'in_progress', stop_reason = NULL, result = NULL, ended_at = NULL,
            stop_requested = 0, owner = ?\(dialect.fromRows) WHERE id = ? AND NOT \(Self.unfinished)
            """
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
        case .runNumber: "SELECT number, conversation FROM run WHERE id = ?"
        case .run: "SELECT \(Self.runColumns) FROM run WHERE id = ?"
        case .events:
            """
            SELECT sequence, name, seat, data FROM run_event
            WHERE run = (SELECT number FROM run WHERE id = ?) AND sequence > ? ORDER BY sequence LIMIT ?
            """
        default: runListText
        }
    }

    /// The pages of the list of runs: of all, of the judged ones, and of a conversation's (all, or with 1 the judged).
    private var runListText: String? {
        func list(_ condition: String = "", after: String, order: String) -> String {
            """
            SELECT \(Self.runColumns) FROM run WHERE \(condition) number \(after) ? ORDER BY number \(order) LIMIT ?
            """
        }
        let judged = "preference IS NOT NULL AND"
        let ofConversation = "conversation = ? AND (? = 0 OR preference IS NOT NULL) AND"
        return switch self {
        case .runsAscending: list(after: ">", order: "ASC")
        case .runsDescending: list(after: "<", order: "DESC")
        case .judgedRunsAscending: list(judged, after: ">", order: "ASC")
        case .judgedRunsDescending: list(judged, after: "<", order: "DESC")
        case .runsOfConversationAscending: list(ofConversation, after: ">", order: "ASC")
        case .runsOfConversationDescending: list(ofConversation, after: "<", order: "DESC")
        default: nil
        }
    }
}
