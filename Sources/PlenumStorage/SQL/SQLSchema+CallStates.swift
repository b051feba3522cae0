extension SQLSchema {
    /// Version 6: what models had in mind when they asked for calls.
    static func callStates(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE call_state (
            call \(dialect.text) PRIMARY KEY,
            parts \(dialect.text) NOT NULL,
            created_at \(dialect.integer) NOT NULL
        );
        CREATE INDEX call_state_by_time ON call_state (created_at);

        """
    }
}
