/// How transactions begin and end. Everything that is set is set for the transaction alone, so that a pooler may give
/// the server's connection to somebody else afterwards.
enum PostgresTransaction {
    case read
    case write
    /// A write that may take minutes.
    case migration

    /// Sends the first two statements, whose answers come before all others.
    func begin(on connection: PostgresConnection) throws(PostgresFault) {
        switch self {
        case .read:
            try connection.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try connection.send(
                """
                SELECT set_config('search_path', 'plenum', true), set_config('statement_timeout', '5000', true),
                set_config('lock_timeout', '2000', true),
                set_config('idle_in_transaction_session_timeout', '10000', true)
                """
            )
        case .write:
            try connection.send("BEGIN ISOLATION LEVEL READ COMMITTED")
            try connection.send(
                """
                SELECT pg_current_xact_id()::text::bigint, set_config('search_path', 'plenum', true),
                set_config('statement_timeout', '5000', true), set_config('lock_timeout', '2000', true),
                set_config('idle_in_transaction_session_timeout', '10000', true),
                set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') = 'off' THEN 'on'
                ELSE current_setting('synchronous_commit') END, true)
                """
            )
        case .migration:
            try connection.send("BEGIN ISOLATION LEVEL READ COMMITTED")
            try connection.send(
                """
                SELECT 0::bigint, set_config('search_path', 'plenum', true),
                set_config('statement_timeout', '1800000', true), set_config('lock_timeout', '60000', true),
                set_config('idle_in_transaction_session_timeout', '60000', true)
                """
            )
        }
    }

    /// How many answers belong to the beginning.
    static let openingAnswers = 2
}
