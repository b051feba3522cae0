extension SQLSchema {
    /// Version 4: steps, results and preferences of runs. What a seat wrote before there were steps was its answer.
    static func steps(_ dialect: SQLDialect) -> String {
        """
        ALTER TABLE message ADD COLUMN round \(dialect.integer);
        ALTER TABLE message ADD COLUMN phase \(dialect.text);
        ALTER TABLE message ADD COLUMN part \(dialect.integer);
        ALTER TABLE message ADD COLUMN derived_from \(dialect.text);
        UPDATE message SET round = 0, phase = 'answer', part = 0 WHERE run IS NOT NULL AND seat IS NOT NULL;

        ALTER TABLE run ADD COLUMN settings \(dialect.text);
        ALTER TABLE run ADD COLUMN result \(dialect.text);
        ALTER TABLE run ADD COLUMN preference \(dialect.text);
        DROP INDEX run_of_conversation;
        CREATE INDEX run_of_conversation ON run (conversation, number);
        CREATE INDEX run_judged ON run (number) WHERE preference IS NOT NULL;

        """
    }
}
