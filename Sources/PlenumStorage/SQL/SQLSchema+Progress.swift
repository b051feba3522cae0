extension SQLSchema {
    /// The text of checkpoints as bytes: unlike text, they hold any string on every database.
    static func progress(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE generation_progress_as_bytes (
            generation \(dialect.integer) NOT NULL REFERENCES generation (number),
            sequence \(dialect.integer) NOT NULL, text \(dialect.bytes) NOT NULL, reasoning \(dialect.bytes) NOT NULL,
            PRIMARY KEY (generation, sequence)
        ) \(dialect.clustered);
        INSERT INTO generation_progress_as_bytes (generation, sequence, text, reasoning)
        SELECT generation, sequence, \(dialect.encoded("text")), \(dialect.encoded("reasoning"))
        FROM generation_progress;
        DROP TABLE generation_progress;
        ALTER TABLE generation_progress_as_bytes RENAME TO generation_progress;

        """
    }
}
