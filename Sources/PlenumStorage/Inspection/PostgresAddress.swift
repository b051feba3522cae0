internal import CPostgres
import PlenumCore

/// Where a PostgreSQL server is, read from its address as libpq reads it.
struct PostgresAddress: Sendable, Hashable {
    /// What stands at a host and a port.
    enum Endpoint: Sendable, Hashable {
        /// Supabase's shared pooler that keeps a connection for each client.
        case sessionPooler
        /// A pooler of Supabase that lends connections for single transactions.
        case transactionPooler
        /// Supabase's database itself.
        case supabaseDirect
        /// Any other server, or a pooler that cannot be told from one.
        case other
    }

    var host: String
    var port: String
    var user: String
    var database: String
    /// How strictly TLS is asked for: libpq's word; `nil` if the address does not say.
    var sslmode: String?
    var hasPassword: Bool

    /// Reads an address.
    /// - Parameters:
    ///   - text: the address.
    ///   - defaults: libpq's parameters for what it does not say.
    /// - Throws: `invalidRequest` if libpq cannot read it; the password is not repeated.
    init(_ text: String, defaults: [String: String] = [:]) throws(PlenumError) {
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &complaint) else {
            PQfreemem(complaint)
            throw PlenumError(
                .invalidRequest,
                "The PostgreSQL address cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with "
                    + "special characters of the password as %XX (@ is %40, : is %3A, / is %2F, # is %23).",
                parameter: "PLENUM_STORAGE"
            )
        }
        defer { PQconninfoFree(options) }
        var values = defaults
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        host = values["host"] ?? values["hostaddr"] ?? "localhost"
        port = values["port"] ?? "5432"
        user = values["user"] ?? ""
        database = values["dbname"] ?? values["user"] ?? ""
        sslmode = values["sslmode"]
        hasPassword = values["password"] != nil
    }

    /// Reads the address in settings.
    init(_ settings: PostgresSettings) throws(PlenumError) {
        try self.init(settings.url, defaults: settings.defaults)
    }

    /// The address without the password.
    var shown: String { "postgres://\(user.isEmpty ? "" : user + "@")\(host):\(port)/\(database)" }

    /// What stands at host and port.
    var endpoint: Endpoint {
        if host.hasSuffix(".pooler.supabase.com") { return port == "6543" ? .transactionPooler : .sessionPooler }
        if isSupabase { return port == "6543" ? .transactionPooler : .supabaseDirect }
        return .other
    }

    /// Whether it is one of Supabase's hosts.
    var isSupabase: Bool {
        host.hasSuffix(".supabase.co") || host.hasSuffix(".supabase.com") || host.hasSuffix(".supabase.net")
    }
}
