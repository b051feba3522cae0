public import PlenumCore

/// Where to keep things, as `PLENUM_STORAGE` writes it.
public enum StorageURL: Sendable, Hashable {
    /// `memory`: nothing outlives the process.
    case memory
    /// `sqlite:PATH`: a file of SQLite.
    case sqlite(path: String)
    /// `sqlite::memory:`: SQLite without a file.
    case sqliteInMemory
    /// `postgres://…` or `postgresql://…`: an address that may hold a password, and is never written to a log.
    case postgres(String)
    /// `supabase`: PostgreSQL at the address in `SUPABASE_DB_URL`.
    case supabase

    /// Reads a setting.
    /// - Throws: `invalidRequest` for anything else, with the forms that there are.
    public init(_ text: String) throws(PlenumError) {
        if text == "memory" {
            self = .memory
        } else if text == "sqlite::memory:" {
            self = .sqliteInMemory
        } else if text == "supabase" {
            self = .supabase
        } else if text.hasPrefix("sqlite:"), text.utf8.count > 7 {
            self = .sqlite(path: String(text.dropFirst(7)))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(text)
        } else {
            throw PlenumError(
                .invalidRequest,
                "The storage setting names no known backend: write memory or sqlite:PATH.",
                parameter: "PLENUM_STORAGE"
            )
        }
    }

    /// Opens the storage.
    /// - Throws: `storage` if it cannot be used, `invalidRequest` for a backend that this build does not have.
    public func open() async throws(PlenumError) -> any Storage {
        switch self {
        case .memory: return .inMemory
        case .sqlite(let path): return try await .sqlite(path: path)
        case .sqliteInMemory: return try await .sqliteInMemory()
        case .postgres, .supabase: throw .laterVersion
        }
    }
}

extension PlenumError {
    /// What is said of a backend that is not here yet.
    static var laterVersion: PlenumError {
        PlenumError(
            .invalidRequest,
            "PostgreSQL and Supabase come in a later version: write memory or sqlite:PATH.",
            parameter: "PLENUM_STORAGE"
        )
    }
}
