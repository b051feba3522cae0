import PlenumCore

/// The tables, and how older ones become them: each migration is applied once, in order, and never changed afterwards.
enum SQLSchema {
    /// The version that this program reads and writes.
    static let version = 8

    /// Brings a database up to ``version``. Of one that is there already, it only asks.
    /// - Throws: `storage` if the database is of a newer version.
    static func migrate(_ session: any SQLSession) throws(PlenumError) {
        if try session.exists(.schemaIsThere), try isNew(try found(session)) { return }
        let dialect = session.dialect
        // Another process may have been faster: so the version is read once more behind the lock.
        try session.execute(
            "\(dialect.beforeMigration)CREATE TABLE IF NOT EXISTS schema_version (version \(dialect.integer) NOT NULL)"
        )
        let found = try found(session)
        if try isNew(found) { return }
        if found < 1 { try session.execute(first(dialect)) }
        if found < 2 {
            try session.execute(second(dialect))
            if found > 0 { try fillSearch(session) }
        }
        if found < 3 { try session.execute(third(dialect)) }
        if found < 4 { try session.execute(steps(dialect)) }
        if found < 5 { try session.execute(commands(dialect)) }
        if found < 6 { try session.execute(callStates(dialect)) }
        if found < 7 { try session.execute(priceVersions(dialect)) }
        if found < 8 { try session.execute(keyNames(dialect)) }
        try session.execute(
            """
            DELETE FROM schema_version; INSERT INTO schema_version (version) VALUES (\(version))\(dialect.afterMigration)
            """
        )
    }

    private static func found(_ session: any SQLSession) throws(PlenumError) -> Int {
        try session.first(.schemaVersion, { _ in }) { $0.int() } ?? 0
    }

    /// Whether nothing is to be done for a version.
    private static func isNew(_ found: Int) throws(PlenumError) -> Bool {
        guard found <= version else { throw tooNew(found) }
        return found == version
    }

    /// What is said of a database that a newer program has migrated.
    static func tooNew(_ found: Int) -> PlenumError {
        PlenumError(
            .storage,
            "The database has schema \(found), this Plenum knows up to \(version): start a newer Plenum.",
            retryable: false
        )
    }

    /// Version 1. A table's `number` is the order in which its rows were stored.
    static func first(_ dialect: SQLDialect) -> String {
        conversations(dialect) + messages(dialect) + generations(dialect) + runs(dialect)
    }

    /// Version 2: words to search, keys of repeated requests.
    static func second(_ dialect: SQLDialect) -> String { search(dialect) + keys(dialect) }

    /// Version 3: processes that share a database, and checkpoints as bytes.
    static func third(_ dialect: SQLDialect) -> String { progress(dialect) + leases(dialect) }

    private static func conversations(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE probe (number \(dialect.integer) PRIMARY KEY, count \(dialect.integer) NOT NULL);
        INSERT INTO probe (number, count) VALUES (1, 0);

        CREATE TABLE conversation (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            title \(dialect.text), model \(dialect.text), leaf \(dialect.bytes),
            is_pinned \(dialect.integer) NOT NULL, is_archived \(dialect.integer) NOT NULL,
            metadata \(dialect.text) NOT NULL,
            created_at \(dialect.integer) NOT NULL, updated_at \(dialect.integer) NOT NULL
        );
        CREATE INDEX conversation_by_change ON conversation (updated_at, id, is_archived);

        """
    }

    private static func usage(_ dialect: SQLDialect) -> String {
        """
        input_uncached \(dialect.integer), cache_read \(dialect.integer), cache_write \(dialect.integer),
            cache_write_long \(dialect.integer), output \(dialect.integer), reasoning \(dialect.integer),
            reported_cost \(dialect.integer)
        """
    }

    private static func messages(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE message (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            conversation \(dialect.bytes) NOT NULL REFERENCES conversation (id),
            parent \(dialect.bytes), role \(dialect.text) NOT NULL, parts \(dialect.text) NOT NULL, status \(dialect.text) NOT NULL,
            model \(dialect.text), provider \(dialect.text),
            run \(dialect.bytes), seat \(dialect.integer), generation \(dialect.bytes),
            finish \(dialect.text), native_finish \(dialect.text),
            \(usage(dialect)),
            cost \(dialect.integer),
            error_code \(dialect.text), error_message \(dialect.text), error_retryable \(dialect.integer),
            created_at \(dialect.integer) NOT NULL, ended_at \(dialect.integer)
        );
        CREATE INDEX message_of_conversation ON message (conversation, number);
        CREATE INDEX message_of_run ON message (run, number) WHERE run IS NOT NULL;
        CREATE INDEX message_unfinished ON message (number) WHERE status IN ('queued', 'in_progress');

        """
    }

    private static func generations(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE generation (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            model \(dialect.text) NOT NULL, requested_model \(dialect.text) NOT NULL, provider \(dialect.text) NOT NULL, dialect \(dialect.text), door \(dialect.text),
            conversation \(dialect.bytes), message \(dialect.bytes), run \(dialect.bytes), seat \(dialect.integer),
            attempt_group \(dialect.bytes) NOT NULL, attempt \(dialect.integer) NOT NULL,
            is_streamed \(dialect.integer) NOT NULL, status \(dialect.text) NOT NULL, created_at \(dialect.integer) NOT NULL,
            http_status \(dialect.integer), finish \(dialect.text), native_finish \(dialect.text),
            \(usage(dialect)),
            cost \(dialect.integer), cost_source \(dialect.text), upstream_id \(dialect.text),
            time_to_first_token \(dialect.integer), duration \(dialect.integer),
            error_code \(dialect.text), error_message \(dialect.text), error_retryable \(dialect.integer)
        );
        CREATE INDEX generation_of_conversation ON generation (conversation) WHERE conversation IS NOT NULL;
        CREATE INDEX generation_of_message ON generation (message) WHERE message IS NOT NULL;
        CREATE INDEX generation_of_run ON generation (run, number) WHERE run IS NOT NULL;
        CREATE INDEX generation_unfinished ON generation (number) WHERE status IN ('queued', 'in_progress');

        CREATE TABLE generation_content (
            generation \(dialect.integer) PRIMARY KEY REFERENCES generation (number),
            request \(dialect.bytes) NOT NULL, reply \(dialect.bytes) NOT NULL
        );
        CREATE TABLE generation_progress (
            generation \(dialect.integer) NOT NULL REFERENCES generation (number),
            sequence \(dialect.integer) NOT NULL, text \(dialect.text) NOT NULL, reasoning \(dialect.text) NOT NULL,
            PRIMARY KEY (generation, sequence)
        ) \(dialect.clustered);

        """
    }

    private static func runs(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE run (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            kind \(dialect.text) NOT NULL,
            conversation \(dialect.bytes) NOT NULL REFERENCES conversation (id),
            input_message \(dialect.bytes) NOT NULL, seats \(dialect.text) NOT NULL,
            status \(dialect.text) NOT NULL, stop_reason \(dialect.text),
            created_at \(dialect.integer) NOT NULL, ended_at \(dialect.integer)
        );
        CREATE INDEX run_of_conversation ON run (conversation);
        CREATE INDEX run_by_end ON run (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX run_unfinished ON run (number) WHERE status IN ('queued', 'in_progress');

        CREATE TABLE run_event (
            run \(dialect.integer) NOT NULL REFERENCES run (number),
            sequence \(dialect.integer) NOT NULL, name \(dialect.text) NOT NULL, seat \(dialect.integer),
            data \(dialect.bytes) NOT NULL,
            PRIMARY KEY (run, sequence)
        ) \(dialect.clustered);
        """
    }
}
