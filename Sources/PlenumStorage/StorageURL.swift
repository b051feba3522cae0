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
                "The storage setting names no known backend: write memory, sqlite:PATH, postgres://… or supabase.",
                parameter: "PLENUM_STORAGE"
            )
        }
    }

    /// Opens the storage.
    /// - Parameter environment: gives the value of a setting such as `SUPABASE_DB_URL`, `nil` if it is not set.
    /// - Throws: `storage` if it cannot be used, `invalidRequest` if a setting is missing.
    public func open(environment: (String) -> String? = { _ in nil }) async throws(PlenumError) -> any Storage {
        switch self {
        case .memory: return .inMemory
        case .sqlite(let path): return try await .sqlite(path: path)
        case .sqliteInMemory: return try await .sqliteInMemory()
        case .postgres(let url): return try await .postgres(url)
        case .supabase: return try await .postgres(try Self.supabase(environment))
        }
    }

    /// Where the authorities stand that the system trusts.
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// PostgreSQL as Supabase offers it: the server's certificate is verified unless the address says otherwise.
    static func supabase(_ environment: (String) -> String?) throws(PlenumError) -> PostgresSettings {
        guard let url = environment("SUPABASE_DB_URL"), !url.isEmpty else {
            throw PlenumError(
                .invalidRequest,
                "Set SUPABASE_DB_URL to your project's address: in Supabase's dashboard, Connect > Session pooler.",
                parameter: "SUPABASE_DB_URL"
            )
        }
        var settings = PostgresSettings(url: url)
        settings.defaults["sslmode"] = "verify-full"
        settings.defaults["sslrootcert"] = environment("SUPABASE_CA_FILE") ?? systemAuthorities
        return settings
    }
}
