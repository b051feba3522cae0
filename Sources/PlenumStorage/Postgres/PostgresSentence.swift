import PlenumCore

/// What PostgreSQL reports, in sentences that say what to do.
enum PostgresSentence {
    /// The error for a SQLSTATE.
    static func error(sqlState: String, cause: String) -> PlenumError {
        switch sqlState {
        case "23505": PlenumError(.conflict, "A row with this key is there already.", cause: cause)
        case "54000", "53200":
            PlenumError(.storage, "PostgreSQL has not enough memory for this: try again later.", cause: cause)
        default:
            PlenumError(
                .storage,
                sentence(sqlState) ?? "PostgreSQL does not do what it should: look at the log for the cause.",
                retryable: !lasting.contains(sqlState),
                cause: cause
            )
        }
    }

    /// What trying again does not cure.
    private static let lasting: Set = ["42501", "25006", "28P01", "28000", "3D000", "22021", "42P01", "42703"]

    private static func sentence(_ sqlState: String) -> String? {
        switch sqlState {
        case "28P01", "28000": password
        case "3D000": database
        case "42501": "This role of PostgreSQL may not do that: let it own the database, or the schema plenum."
        case "53300": connections
        case "53100":
            "The disk of the PostgreSQL server is full: free some space. Nothing new is kept until then."
        case "25006":
            "PostgreSQL takes no writes: it is a replica, or the project is over its plan's size (500 MB on Supabase's"
                + " free plan): free some space or get a larger plan."
        case "57014": "PostgreSQL took too long for this and was stopped: try again later."
        case "55P03", "40001", "40P01": "Others hold these rows in PostgreSQL: try again."
        case "42P01", "42703", "3F000":
            "The tables in PostgreSQL's schema plenum are not those of this version: run `plenum storage migrate`."
        default: nil
        }
    }

    private static let password =
        "PostgreSQL refuses the user or the password: correct them in the storage address; in a URL, signs such as @ : /"
        + " are written in percent encoding."
    private static let database = "PostgreSQL has no such database: create it, or name another in the storage address."
    private static let connections =
        "PostgreSQL takes no more connections: end others, raise max_connections, or go through a pooler."

    /// The detail that stands for what libpq says of an address, which it may repeat.
    static let invalidAddress = "the storage address is no valid connection uri"

    /// What a failed attempt to connect means. libpq gives no SQLSTATE here, so it is read from the words.
    static func connecting(_ detail: String) -> PlenumError {
        let words = detail.lowercased()
        func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
        let isLasting = says(
            "password",
            "authentication",
            "does not exist",
            "certificate",
            "ssl",
            "tenant",
            invalidAddress
        )
        return PlenumError(
            .storage,
            connectionSentence(says),
            retryable: !isLasting,
            retryAfter: isLasting ? nil : .seconds(1),
            cause: detail
        )
    }

    private static func connectionSentence(_ says: (String...) -> Bool) -> String {
        if says("tenant or user not found", "tenant/user") {
            return "Supabase knows no such project or user: copy the address anew from its dashboard (Connect), and"
                + " wake the project there if it is paused."
        }
        if says(invalidAddress) {
            return
                "The storage address cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with signs such"
                + " as @ : / in a password in percent encoding."
        }
        if says("could not translate host name", "name or service not known", "no address associated") {
            return "The host in the storage address cannot be found: correct it; a paused Supabase project has none, so"
                + " wake it in the dashboard."
        }
        if says(
            "password authentication failed",
            "no password supplied",
            "sasl authentication failed",
            "wrong password"
        ) {
            return password
        }
        if says("role \"", "no such user") { return password }
        if says("no such database") || says("database \"") && says("does not exist") { return database }
        if says("too many", "remaining connection slots", "no more connections", "max_client_conn", "max client conn") {
            return connections
        }
        if says("certificate", "does not support ssl", "ssl error", "ssl connection", "root certificate") {
            return "PostgreSQL's certificate cannot be verified: give the authority's file by sslrootcert in the"
                + " storage address, or by SUPABASE_CA_FILE."
        }
        if says("starting up", "shutting down", "recovery mode", "not yet accepting") {
            return "PostgreSQL is starting or stopping: Plenum connects by itself once it is up."
        }
        if says("connection refused") {
            return
                "Nobody listens at the host and port of the storage address: start PostgreSQL there, or correct them."
        }
        if says("pg_hba.conf") { return "PostgreSQL's pg_hba.conf does not let this user in from here: add a line." }
        return "PostgreSQL cannot be reached: look at the host, the port and the network."
    }
}
