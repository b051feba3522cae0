import PlenumCore

/// What a PostgreSQL server says of itself and of Plenum's tables.
struct PostgresFacts: Sendable, Hashable {
    /// A table with its guards.
    struct Table: Sendable, Hashable {
        var name: String
        var hasRowSecurity: Bool
        var isForced: Bool
    }

    /// Something that a role of Supabase's Data API may do, or everybody.
    struct Grant: Sendable, Hashable {
        var role: String
        var object: String
    }

    /// Its version, as `15.8`.
    var version = ""
    /// How many bytes the whole database takes.
    var bytes = 0
    /// Its clock.
    var time = Timestamp(milliseconds: 0)
    /// Whether it refuses to write.
    var isReadOnly = false
    /// Whether the server's own side of the connection is encrypted; `nil` if it does not say.
    var isEncrypted: Bool?
    /// The version of the tables; `nil` if there are none.
    var schema: Int?
    /// How much is kept.
    var counts: StorageCounts?
    /// The tables of schema `plenum`.
    var tables: [Table] = []
    /// What outsiders may do in schema `plenum`.
    var grants: [Grant] = []
    /// The schemas that Supabase's Data API shows.
    var exposed: Set<String> = []

    /// Asks a server, in reads that change nothing.
    /// - Parameter clock: called right after the server's clock was read.
    init(asking database: any SQLDatabase, _ clock: () -> Void = {}) async throws(PlenumError) {
        var facts = try await database.read { session throws(PlenumError) in try Self(server: session) }
        clock()
        let found = try await database.read { session throws(PlenumError) in try Self.guards(session) }
        facts.tables = found.tables
        facts.grants = found.grants
        facts.exposed = found.exposed
        if facts.tables.contains(where: { $0.name == "schema_version" }) {
            facts.schema = try await database.read { session throws(PlenumError) in
                try session.first(.schemaVersion, { _ in }) { $0.int() }
            }
            // The tables of a newer schema may have other names: then there is nothing to count.
            facts.counts = try? await database.read { session throws(PlenumError) in try session.counts() }
        }
        self = facts
    }

    /// For tests of what is made of facts.
    init() {}

    private init(server session: any SQLSession) throws(PlenumError) {
        try session.query(.postgresServer) { row throws(PlenumError) in
            version = row.text()
            bytes = row.int()
            time = row.time()
            isReadOnly = row.flag()
            isEncrypted = row.intOrNil().map { $0 != 0 }
        }
    }

    private static func guards(_ session: any SQLSession) throws(PlenumError) -> PostgresFacts {
        var facts = PostgresFacts()
        facts.tables = try session.rows(.postgresTables, { _ in }) {
            Table(name: $0.text(), hasRowSecurity: $0.flag(), isForced: $0.flag())
        }
        facts.grants = try session.rows(.postgresGrants, { _ in }) { Grant(role: $0.text(), object: $0.text()) }
        for setting in try session.rows(.postgresExposure, { _ in }, { $0.text() }) {
            let names = setting.drop { $0 != "=" }.dropFirst().split { $0 == "," || $0 == " " }
            facts.exposed.formUnion(names.map(String.init))
        }
        return facts
    }
}
