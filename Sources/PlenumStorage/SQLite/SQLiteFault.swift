import CSQLite
import Glibc
import PlenumCore

/// A result code of libsqlite3 in words that say what to do.
struct SQLiteFault {
    /// The extended result code.
    let code: Int32
    /// The operating system's number for what went wrong, 0 if it had no part in it.
    let systemError: Int32
    /// What SQLite says.
    let detail: String
    /// The file.
    let name: String

    init(code: Int32, connection: OpaquePointer?, name: String) {
        self.code = code
        self.name = name
        systemError = connection.map { sqlite3_system_errno($0) } ?? 0
        detail = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? ""
    }

    /// SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_ROWID: macros that Swift does not see.
    private static let repeatedKeys = [6, 8, 10].map { SQLITE_CONSTRAINT | $0 << 8 }

    /// The error for callers.
    var error: PlenumError {
        let cause = "SQLite \(code): \(detail)"
        if Self.repeatedKeys.contains(code) {
            return PlenumError(.conflict, "A row with this key is there already.", cause: cause)
        }
        switch code & 0xFF {
        case SQLITE_TOOBIG:
            return PlenumError(.tooLarge, "This is more than the database can keep in one record.", cause: cause)
        case let primary: return PlenumError(.storage, sentence(primary), retryable: isRetryable, cause: cause)
        }
    }

    private var isRetryable: Bool {
        switch code & 0xFF {
        case SQLITE_NOTADB, SQLITE_CORRUPT: false
        default: true
        }
    }

    private func sentence(_ primary: Int32) -> String {
        switch primary {
        case SQLITE_FULL: full
        case SQLITE_IOERR where systemError == ENOSPC || systemError == EDQUOT: full
        case SQLITE_IOERR: "The disk does not read or write \(name): look at its health; reading goes on where it can."
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            "The database \(name) cannot be written: give this user the right to write the file and its folder."
        case SQLITE_CANTOPEN: "The database \(name) cannot be opened: look at the folder and its rights."
        case SQLITE_NOTADB: "\(name) is not a SQLite database: move it away, or name another file."
        case SQLITE_CORRUPT: "The database \(name) is damaged: restore a backup, or try `sqlite3 FILE .recover`."
        case SQLITE_BUSY, SQLITE_LOCKED: "Another program holds the database \(name): end it, and keep it away."
        case SQLITE_NOMEM: "There is not enough memory for the database \(name): try again later."
        default: "The database \(name) does not answer as it should: look at the log for the cause."
        }
    }

    private var full: String {
        "The disk that holds \(name) is full: free some space. Nothing new is kept until then; reading goes on."
    }
}
