extension SQLSchema {
    /// Keys of repeated requests.
    static func keys(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE claim (
            number \(dialect.countingKey),
            key_hash \(dialect.bytes) NOT NULL UNIQUE, fingerprint \(dialect.bytes) NOT NULL,
            generation \(dialect.bytes), run \(dialect.bytes), status \(dialect.text) NOT NULL,
            http_status \(dialect.integer), content_type \(dialect.text), body \(dialect.bytes),
            created_at \(dialect.integer) NOT NULL
        );
        CREATE INDEX claim_of_generation ON claim (generation) WHERE generation IS NOT NULL;
        CREATE INDEX claim_by_time ON claim (created_at);
        CREATE INDEX claim_unfinished ON claim (number) WHERE status IN ('queued', 'in_progress');

        """
    }
}
