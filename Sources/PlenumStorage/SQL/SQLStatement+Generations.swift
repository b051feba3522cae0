extension SQLStatement {
    static let generationColumns = """
        id, model, requested_model, provider, dialect, door, key_name, conversation, message, run, seat,
        attempt_group, attempt, is_streamed, created_at, status, \(endingColumns)
        """

    private static let endingColumns = """
        http_status, finish, native_finish,
        input_uncached, cache_read, cache_write, cache_write_long, output, reasoning, reported_cost,
        cost, cost_source, price_version, upstream_id, time_to_first_token, duration, error_code, error_message, error_retryable
        """

    /// The statements about generations.
    func generationText(_ dialect: SQLDialect) -> String? {
        let columns = Self.generationColumns
        switch self {
        case .insertGeneration:
            let values = dialect.values(Self.placeholders(for: columns) + ", ?")
            return "INSERT INTO generation (\(columns), owner) \(values)"
        case .insertContent:
            return """
                INSERT INTO generation_content (generation, request, reply)
                SELECT number, ?, ? FROM generation\(dialect.alsoRows) WHERE id = ?
                """
        case .insertProgress:
            return """
                INSERT INTO generation_progress (generation, sequence, text, reasoning)
                SELECT number, ?, ?, ? FROM generation\(dialect.alsoRows) WHERE id = ? AND \(Self.unfinished)
                """
        case .finishGeneration:
            let assignments = Self.endingColumns.split(separator: ",").map { "\($0) = ?" }.joined(separator: ", ")
            return
                "UPDATE generation SET status = ?, \(assignments)\(dialect.fromRows) WHERE id = ? AND \(Self.unfinished)"
        case .deleteProgress:
            return """
                DELETE FROM generation_progress
                WHERE generation IN (SELECT number FROM generation\(dialect.alsoRows) WHERE id = ?)
                """
        case .setReply:
            return """
                UPDATE generation_content SET reply = ?\(dialect.fromRows)
                WHERE generation = (SELECT number FROM generation WHERE id = ?)
                """
        case .interruptGenerations:
            return """
                UPDATE generation SET status = 'interrupted', duration = \(dialect.greater)(0, ? - created_at),
                error_code = ?, error_message = ?, error_retryable = ? WHERE \(Self.abandoned("generation"))
                """
        case .deleteEndedProgress:
            return """
                DELETE FROM generation_progress
                WHERE generation NOT IN (SELECT number FROM generation WHERE \(Self.unfinished))
                """
        case .generationStatus: return "SELECT status FROM generation\(dialect.alsoRows) WHERE id = ?"
        case .generation: return "SELECT \(columns) FROM generation WHERE id = ?"
        case .generationsOfRun: return "SELECT \(columns) FROM generation WHERE run = ? ORDER BY number"
        case .content:
            return """
                SELECT c.request, c.reply FROM generation g JOIN generation_content c ON c.generation = g.number
                WHERE g.id = ?
                """
        case .usageByModel: return usage(by: "model", dialect)
        case .usageByProvider: return usage(by: "provider", dialect)
        case .usageByKey: return usage(by: "COALESCE(key_name, '')", dialect)
        case .usageByDay: return usage(by: "created_at / \(StorageLimits.day)", dialect)
        default: return nil
        }
    }

    /// The usage report: sums over all that ended, each number bounded so that no sum can overflow.
    private func usage(by key: String, _ dialect: SQLDialect) -> String {
        func total(_ column: String, most: some BinaryInteger) -> String {
            "CAST(SUM(CASE WHEN \(column) > \(most) THEN \(most) ELSE \(column) END) AS \(dialect.integer))"
        }
        func sum(_ column: String) -> String { "COALESCE(\(total(column, most: StorageLimits.reportedTokens)), 0)" }
        func cost(_ column: String) -> String { total(column, most: StorageLimits.reportedCost) }
        let tokens = ["input_uncached", "cache_read", "cache_write", "cache_write_long", "output", "reasoning"]
        return """
            SELECT \(key), COUNT(*), SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END),
            \(tokens.map(sum).joined(separator: ", ")), \(cost("reported_cost")), \(cost("cost")),
            SUM(CASE WHEN input_uncached IS NOT NULL AND cost IS NULL THEN 1 ELSE 0 END),
            \(["time_to_first_token", "duration"].map { "\(sum($0)), COUNT(\($0))" }.joined(separator: ", "))
            FROM generation WHERE created_at >= ? AND NOT \(Self.unfinished) GROUP BY 1 ORDER BY 1
            """
    }
}
