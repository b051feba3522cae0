import CPostgres
import PlenumCore

/// Why an exchange with PostgreSQL did not end well.
struct PostgresFault: Error {
    enum Kind: Equatable {
        /// The connection is gone: nobody knows what became of what was sent.
        case lost
        /// The server refused, with this SQLSTATE.
        case refused(String)
        /// Nobody waits for the answer any more, or it took too long: the connection cannot be used again.
        case givenUp
    }

    let kind: Kind
    /// The error for callers.
    let error: PlenumError

    static func lost(_ cause: String?) -> PostgresFault {
        let message = "The connection to PostgreSQL was lost: Plenum connects again by itself. Try again."
        return PostgresFault(
            kind: .lost,
            error: PlenumError(.storage, message, retryable: true, retryAfter: .seconds(1), cause: cause)
        )
    }

    static func givenUp(_ error: PlenumError) -> PostgresFault { PostgresFault(kind: .givenUp, error: error) }

    /// What the server said to a statement.
    init(sqlState: String, detail: String) {
        // Shutdowns and faults of the connection end it, whoever reports them.
        let isEnd = sqlState.hasPrefix("08") || (sqlState.hasPrefix("57P") && sqlState != "57P05")
        guard !isEnd else {
            self = .lost("PostgreSQL \(sqlState): \(detail)")
            return
        }
        kind = .refused(sqlState)
        error = PostgresSentence.error(sqlState: sqlState, cause: "PostgreSQL \(sqlState): \(detail)")
    }

    private init(kind: Kind, error: PlenumError) {
        self.kind = kind
        self.error = error
    }

    /// Whether the same transaction may well succeed when it is done again: it met another one.
    var isTransient: Bool { ["40001", "40P01", "23503"].contains { kind == .refused($0) } }

    /// Whether the connection is of no more use.
    var endsConnection: Bool { kind == .lost || kind == .givenUp }
}
