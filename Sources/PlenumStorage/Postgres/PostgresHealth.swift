import PlenumCore
import Synchronization

/// Whether the database answers: what the writer knows, for all who would otherwise wait.
final class PostgresHealth: Sendable {
    enum State {
        case up
        /// There is no connection, and why.
        case down(PlenumError)
        /// There is one, but no answer.
        case stalled
    }

    private let state = Mutex(State.up)

    func set(_ new: State) { state.withLock { $0 = new } }

    /// The error for those who ask now; `nil` if the database answers.
    var fault: PlenumError? {
        switch state.withLock({ $0 }) {
        case .up: nil
        case .down(let error): error
        case .stalled: Self.silence
        }
    }

    /// What is said of a database that does not answer.
    static let silence = PlenumError(
        .storage,
        "PostgreSQL does not answer: look at the server and the network. Plenum goes on by itself once it does.",
        retryable: true,
        retryAfter: .seconds(1)
    )

    /// Something lasting may be wrong, such as a password, but callers may try again all the same.
    static func retryable(_ error: PlenumError) -> PlenumError {
        var error = error
        error.isRetryable = true
        error.retryAfter = .seconds(1)
        return error
    }
}

/// A unit of work that waits for the writer, and who waits for it. It is answered once; later answers are dropped.
final class PostgresWrite: Sendable {
    /// How a unit of work is done.
    enum Kind {
        /// With others, if it can.
        case usual
        /// By itself, in all the time that it needs.
        case migration
        /// There is nothing to be done: somebody wants to know whether the database answers.
        case ping
    }

    let kind: Kind
    let bytes: Int
    let work: @Sendable (any SQLSession) throws(PlenumError) -> Void
    private let waiter: Mutex<CheckedContinuation<PlenumError?, Never>?>

    init(
        _ kind: Kind,
        weighing bytes: Int = 0,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void = { _ in },
        waiter: CheckedContinuation<PlenumError?, Never>? = nil
    ) {
        self.kind = kind
        self.bytes = bytes
        self.work = work
        self.waiter = Mutex(waiter)
    }

    func answer(_ fault: PlenumError?) {
        let waiting = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiting?.resume(returning: fault)
    }
}

/// What the writer has done, for tests and for the curious.
final class PostgresTally: Sendable {
    /// Transactions that were committed.
    let transactions = Atomic(0)
    /// Units of work that were done in them.
    let writes = Atomic(0)
    /// Statements that were sent for them.
    let statements = Atomic(0)
    /// Connections that the writer has opened.
    let connections = Atomic(0)
}
