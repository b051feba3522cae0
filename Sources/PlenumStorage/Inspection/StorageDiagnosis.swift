import PlenumCore

/// What an examination of a storage has found, in the order in which it looked.
public struct StorageDiagnosis: Sendable, Hashable {
    /// The findings.
    public var findings: [StorageFinding] = []

    /// How bad the worst of them is.
    public var worst: StorageFinding.Level { findings.map(\.level).max() ?? .fine }

    /// Makes a diagnosis.
    public init(findings: [StorageFinding] = []) { self.findings = findings }

    /// Adds a finding.
    public mutating func add(_ level: StorageFinding.Level, _ sentence: String) {
        findings.append(StorageFinding(level, sentence))
    }

    /// How many milliseconds the clocks of database and machine may differ.
    static let skew = 5000
    /// The size of a database on Supabase from which there is a warning; its free plan ends at 500 MB.
    static let largeOnSupabase = 400_000_000

    /// Judges a PostgreSQL server.
    /// - Parameters:
    ///   - facts: what it says.
    ///   - address: how it is reached.
    ///   - now: this machine's clock at the moment of asking.
    init(of facts: PostgresFacts, at address: PostgresAddress, now: Timestamp) {
        add(.fine, "PostgreSQL \(facts.version) answers.")
        judgeEndpoint(address)
        judgeEncryption(address, facts)
        judgeSchema(facts)
        judgeGuards(facts)
        judgeRoom(facts, address)
        let skew = abs(facts.time - now)
        if skew > Self.skew {
            add(.warning, "Its clock and this machine's differ by \(skew / 1000) s: set both by NTP.")
        } else {
            add(.fine, "Its clock and this machine's agree.")
        }
    }

    private mutating func judgeEndpoint(_ address: PostgresAddress) {
        switch address.endpoint {
        case .sessionPooler: add(.fine, "This is Supabase's session pooler: the right one for a server.")
        case .transactionPooler:
            add(
                .fine,
                "This is Supabase's transaction pooler (6543): it works; a server that runs all day is better "
                    + "off with the session pooler (5432)."
            )
        case .supabaseDirect:
            add(.fine, "This is Supabase's direct connection: by IPv6 alone, unless the project has the IPv4 add-on.")
        case .other: break
        }
    }

    private mutating func judgeEncryption(_ address: PostgresAddress, _ facts: PostgresFacts) {
        let isLocal = address.host.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(address.host)
        switch address.sslmode {
        case "verify-full":
            add(.fine, "The connection is encrypted, and the server's certificate and name are verified.")
        case "verify-ca":
            add(
                .warning,
                "The connection is encrypted and the certificate verified, but not its name: write "
                    + "sslmode=verify-full."
            )
        case let mode? where mode == "require" || (mode != "disable" && facts.isEncrypted == true):
            add(
                .warning,
                "The connection is encrypted, but nobody checks who is at the other end: write "
                    + "sslmode=verify-full."
            )
        default:
            if isLocal { return add(.fine, "The connection stays on this machine.") }
            add(
                .problem,
                "The connection is not verified, and may not be encrypted: add sslmode=verify-full to the "
                    + "address, and sslrootcert=FILE for a certificate authority of its own."
            )
        }
    }

    private mutating func judgeSchema(_ facts: PostgresFacts) {
        guard let schema = facts.schema else {
            return add(.warning, "There are no tables of Plenum yet: `plenum storage migrate`, or a start, makes them.")
        }
        if schema > SQLSchema.version {
            add(.problem, SQLSchema.tooNew(schema).message)
        } else if schema < SQLSchema.version {
            add(
                .warning,
                "The schema is \(schema), this Plenum's is \(SQLSchema.version): `plenum storage migrate`, or a "
                    + "start, brings it up to date."
            )
        } else {
            add(.fine, "The schema is \(schema), as this Plenum writes it.")
        }
    }

    private mutating func judgeGuards(_ facts: PostgresFacts) {
        if facts.exposed.contains("plenum") {
            add(
                .problem,
                "Supabase's Data API shows the schema plenum: take it off the exposed schemas in the "
                    + "dashboard, under the Data API's settings."
            )
        }
        for grant in facts.grants {
            add(
                .problem,
                "\(grant.role) has rights on \(grant.object) of plenum: REVOKE ALL ON "
                    + (grant.object == "the schema" ? "SCHEMA plenum" : "plenum.\(grant.object)")
                    + " FROM \(grant.role);"
            )
        }
        let bare = facts.tables.filter { !$0.hasRowSecurity || !$0.isForced }
        for table in bare {
            add(
                .problem,
                "Row-level security is not on and forced on plenum.\(table.name): ALTER TABLE "
                    + "plenum.\(table.name) ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            )
        }
        guard !facts.tables.isEmpty, bare.isEmpty, facts.grants.isEmpty else { return }
        add(
            .fine,
            "Row-level security is on and forced on all \(facts.tables.count) tables, and neither anon nor "
                + "authenticated nor PUBLIC has any right."
        )
    }

    private mutating func judgeRoom(_ facts: PostgresFacts, _ address: PostgresAddress) {
        let megabytes = facts.bytes / 1_000_000
        if facts.isReadOnly {
            add(
                .problem,
                "The database only reads: on Supabase's free plan that is what a database above 500 MB does; this "
                    + "one has \(megabytes) MB. Delete what is not needed and run VACUUM FULL, or change the plan."
            )
        } else if address.isSupabase, facts.bytes > Self.largeOnSupabase {
            add(.warning, "The database has \(megabytes) MB; Supabase's free plan ends at 500 MB, where it only reads.")
        } else {
            add(.fine, "The database has \(megabytes) MB.")
        }
    }
}
