extension SQLSchema {
    /// Version 5: what is said to runs of other processes.
    static func commands(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE run_command (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            run \(dialect.integer) NOT NULL REFERENCES run (number),
            command \(dialect.text) NOT NULL,
            is_answered \(dialect.integer) NOT NULL,
            error_code \(dialect.text), error_message \(dialect.text), error_retryable \(dialect.integer)
        );
        CREATE INDEX run_command_of_run ON run_command (run);
        CREATE INDEX run_command_waiting ON run_command (number) WHERE is_answered = 0;

        """
    }
}
