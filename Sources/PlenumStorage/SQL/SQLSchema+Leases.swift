extension SQLSchema {
    /// Which process writes what: a row in progress names its owner, whose lease runs by the database's clock. A table's
    /// `number` may be used again once its row is gone, a process's `id` never is.
    static func leases(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE process (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            lease_until \(dialect.integer) NOT NULL
        );
        ALTER TABLE message ADD COLUMN owner \(dialect.integer);
        ALTER TABLE generation ADD COLUMN owner \(dialect.integer);
        ALTER TABLE run ADD COLUMN owner \(dialect.integer);
        ALTER TABLE run ADD COLUMN stop_requested \(dialect.integer) NOT NULL DEFAULT 0;
        CREATE INDEX run_to_stop ON run (number) WHERE stop_requested = 1 AND status IN ('queued', 'in_progress');

        """
    }
}
