extension SQLStatement {
    /// The statements about what models had in mind when they asked for calls.
    func callStateText(_ dialect: SQLDialect) -> String? {
        switch self {
        case .keepCallState:
            """
            INSERT INTO call_state (call, parts, created_at) VALUES (?, ?, ?)
            ON CONFLICT (call) DO UPDATE SET parts = excluded.parts, created_at = excluded.created_at
            """
        case .callState: "SELECT call, parts, created_at FROM call_state WHERE call = ?"
        case .pruneCallStates: "DELETE FROM call_state WHERE created_at < ?"
        default: nil
        }
    }
}
