import PlenumCore

/// The tables, and how older ones become them: each migration is applied once, in order, and never changed afterwards.
enum SQLSchema {
    /// The version that this program reads and writes.
    static let version = 3

    /// Brings a database up to ``version``.
    /// - Throws: `storage` if the database is of a newer version.
    static func migrate(_ session: any SQLSession) throws(PlenumError) {
        try session.execute("CREATE TABLE IF NOT EXISTS schema_version (version \(session.dialect.integer) NOT NULL)")
        let found = try session.first(.schemaVersion, { _ in }) { $0.int() } ?? 0
        guard found <= version else { throw tooNew(found) }
        guard found < version else { return }
        if found < 1 { try session.execute(first(session.dialect)) }
        if found < 2 {
            try session.execute(second(session.dialect))
            if found > 0 { try fillSearch(session) }
        }
        if found < 3 { try session.execute(third(session.dialect)) }
        try session.execute("DELETE FROM schema_version; INSERT INTO schema_version (version) VALUES (\(version))")
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
    private static func second(_ dialect: SQLDialect) -> String { search(dialect) + keys(dialect) }

    /// Version 3: processes that share a database.
    private static func third(_ dialect: SQLDialect) -> String { leases(dialect) }

    private static func conversations(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE probe (number \(dialect.integer) PRIMARY KEY, count \(dialect.integer) NOT NULL);
        INSERT INTO probe (number, count) VALUES (1, 0);

        CREATE TABLE conversation (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            title TEXT, model TEXT, leaf \(dialect.bytes),
            is_pinned \(dialect.integer) NOT NULL, is_archived \(dialect.integer) NOT NULL,
            metadata TEXT NOT NULL,
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
            parent \(dialect.bytes), role TEXT NOT NULL, parts TEXT NOT NULL, status TEXT NOT NULL,
            model TEXT, provider TEXT,
            run \(dialect.bytes), seat \(dialect.integer), generation \(dialect.bytes),
            finish TEXT, native_finish TEXT,
            \(usage(dialect)),
            cost \(dialect.integer),
            error_code TEXT, error_message TEXT, error_retryable \(dialect.integer),
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
            model TEXT NOT NULL, requested_model TEXT NOT NULL, provider TEXT NOT NULL, dialect TEXT, door TEXT,
            conversation \(dialect.bytes), message \(dialect.bytes), run \(dialect.bytes), seat \(dialect.integer),
            attempt_group \(dialect.bytes) NOT NULL, attempt \(dialect.integer) NOT NULL,
            is_streamed \(dialect.integer) NOT NULL, status TEXT NOT NULL, created_at \(dialect.integer) NOT NULL,
            http_status \(dialect.integer), finish TEXT, native_finish TEXT,
            \(usage(dialect)),
            cost \(dialect.integer), cost_source TEXT, upstream_id TEXT,
            time_to_first_token \(dialect.integer), duration \(dialect.integer),
            error_code TEXT, error_message TEXT, error_retryable \(dialect.integer)
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
            sequence \(dialect.integer) NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL,
            PRIMARY KEY (generation, sequence)
        ) \(dialect.clustered);

        """
    }

    private static func runs(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE run (
            number \(dialect.countingKey),
            id \(dialect.bytes) NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            conversation \(dialect.bytes) NOT NULL REFERENCES conversation (id),
            input_message \(dialect.bytes) NOT NULL, seats TEXT NOT NULL,
            status TEXT NOT NULL, stop_reason TEXT,
            created_at \(dialect.integer) NOT NULL, ended_at \(dialect.integer)
        );
        CREATE INDEX run_of_conversation ON run (conversation);
        CREATE INDEX run_by_end ON run (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX run_unfinished ON run (number) WHERE status IN ('queued', 'in_progress');

        CREATE TABLE run_event (
            run \(dialect.integer) NOT NULL REFERENCES run (number),
            sequence \(dialect.integer) NOT NULL, name TEXT NOT NULL, seat \(dialect.integer),
            data \(dialect.bytes) NOT NULL,
            PRIMARY KEY (run, sequence)
        ) \(dialect.clustered);
        """
    }
}
