import PlenumCore

/// Looks at a database of PostgreSQL without changing it.
enum PostgresInspection {
    /// What it is and how much it holds.
    static func status(
        of database: any SQLDatabase,
        at address: PostgresAddress
    ) async throws(PlenumError) -> StorageStatus {
        let facts = try await PostgresFacts(asking: database)
        var status = StorageStatus(backend: address.isSupabase ? "Supabase" : "PostgreSQL", address: address.shown)
        status.schema = facts.schema
        status.counts = facts.counts
        status.bytes = facts.bytes
        status.facts = [("library", "libpq \(StorageLibraries.postgres)"), ("server", "PostgreSQL \(facts.version)")]
        return status
    }

    /// What is right and what is wrong with it.
    /// - Parameter now: this machine's clock, read right after the server's.
    static func diagnosis(
        of database: any SQLDatabase,
        at address: PostgresAddress,
        now: () -> Timestamp
    ) async throws(PlenumError) -> StorageDiagnosis {
        var here: Timestamp?
        let facts = try await PostgresFacts(asking: database) { here = now() }
        return StorageDiagnosis(of: facts, at: address, now: here ?? now())
    }
}
