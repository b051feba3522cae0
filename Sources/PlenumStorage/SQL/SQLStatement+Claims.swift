extension SQLStatement {
    static let claimColumns =
        "key_hash, fingerprint, generation, run, status, http_status, content_type, body, created_at"

    /// The statements about claims on keys.
    func claimText(_ dialect: SQLDialect) -> String? {
        let drop = "UPDATE claim SET http_status = NULL, content_type = NULL, body = NULL WHERE generation IN"
        let unfinished = "key_hash = ? AND generation = ? AND \(Self.unfinished)"
        switch self {
        case .insertClaim:
            let values = dialect.values(Self.placeholders(for: Self.claimColumns))
            return "INSERT INTO claim (\(Self.claimColumns)) \(values)"
        case .settleClaim:
            return """
                UPDATE claim SET status = ?, http_status = ?, content_type = ?, body = ?\(dialect.fromRows)
                WHERE \(unfinished)
                """
        case .releaseClaim:
            return "DELETE FROM claim WHERE number IN (SELECT number FROM claim\(dialect.alsoRows) WHERE \(unfinished))"
        case .pruneClaims:
            return "DELETE FROM claim WHERE created_at < ? AND status NOT IN ('queued', 'in_progress')"
        case .interruptClaims:
            // A generation and its claim end in one commit: where only the generation has ended, recovery has ended it.
            return """
                UPDATE claim SET status = 'interrupted' WHERE \(Self.unfinished) AND NOT EXISTS (
                    SELECT 1 FROM generation g
                    WHERE g.attempt_group = claim.generation AND g.status IN ('queued', 'in_progress')
                )
                """
        case .dropAnswersOfConversation:
            return "\(drop) (SELECT id FROM generation WHERE number IN (\(Self.generationsOfConversation)))"
        case .dropAnswersOfMessage:
            return "\(drop) (SELECT id FROM generation WHERE number IN (\(Self.generationsOfMessage())))"
        case .claimStatus: return "SELECT status FROM claim WHERE key_hash = ? AND generation = ?"
        case .claim: return "SELECT \(Self.claimColumns) FROM claim WHERE key_hash = ?"
        default: return nil
        }
    }
}
