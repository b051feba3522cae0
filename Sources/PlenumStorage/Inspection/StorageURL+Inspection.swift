public import PlenumCore

extension StorageURL {
    /// Looks at a storage without changing it: whatever its schema, and also while a server has it open.
    /// - Parameter environment: gives the value of a setting such as `SUPABASE_DB_URL`, `nil` if it is not set.
    /// - Throws: `storage` if it cannot be read, `invalidRequest` if a setting is missing.
    public func status(environment: (String) -> String? = { _ in nil }) async throws(PlenumError) -> StorageStatus {
        switch self {
        case .sqlite(let path): return try await SQLiteInspection.status(of: path)
        case .memory, .sqliteInMemory:
            var status = StorageStatus(backend: "memory", address: self == .memory ? "memory" : "sqlite::memory:")
            status.schema = StorageStatus.knownSchema
            status.counts = StorageCounts()
            return status
        case .postgres(let url): return try await Self.status(of: PostgresSettings(url: url))
        case .supabase: return try await Self.status(of: Self.supabase(environment))
        }
    }

    private static func status(of settings: PostgresSettings) async throws(PlenumError) -> StorageStatus {
        let address = try PostgresAddress(settings)
        return try await looking(settings) { database async throws(PlenumError) in
            try await PostgresInspection.status(of: database, at: address)
        }
    }

    private static func diagnosis(
        of settings: PostgresSettings,
        _ now: @Sendable () -> Timestamp
    ) async throws(PlenumError) -> StorageDiagnosis {
        let address = try PostgresAddress(settings)
        return try await looking(settings) { database async throws(PlenumError) in
            try await PostgresInspection.diagnosis(of: database, at: address, now: now)
        }
    }

    /// Connects to a server, and lets go of it again; its tables stay as they are.
    private static func looking<Found: Sendable>(
        _ settings: PostgresSettings,
        _ look: (PostgresDatabase) async throws(PlenumError) -> Found
    ) async throws(PlenumError) -> Found {
        let database = try await PostgresDatabase(settings)
        do throws(PlenumError) {
            let found = try await look(database)
            await database.close()
            return found
        } catch {
            await database.close()
            throw error
        }
    }

    /// Examines a database of PostgreSQL: its server, its encryption, its tables and who may read them.
    /// - Parameters:
    ///   - environment: gives the value of a setting such as `SUPABASE_DB_URL`, `nil` if it is not set.
    ///   - now: this machine's clock, which the server's is compared with.
    /// - Returns: `nil` for a backend without a server of its own.
    /// - Throws: `storage` if it cannot be reached, `invalidRequest` if a setting is missing.
    public func diagnose(
        environment: (String) -> String? = { _ in nil },
        now: @Sendable () -> Timestamp
    ) async throws(PlenumError) -> StorageDiagnosis? {
        switch self {
        case .memory, .sqlite, .sqliteInMemory: return nil
        case .postgres(let url): return try await Self.diagnosis(of: PostgresSettings(url: url), now)
        case .supabase: return try await Self.diagnosis(of: Self.supabase(environment), now)
        }
    }

    /// Brings a storage's tables up to date.
    /// - Parameter environment: gives the value of a setting such as `SUPABASE_DB_URL`, `nil` if it is not set.
    /// - Returns: the version that they had, `nil` if there were none.
    /// - Throws: `storage` if the database is of a newer version or cannot be written.
    public func migrate(environment: (String) -> String? = { _ in nil }) async throws(PlenumError) -> Int? {
        let status = try await status(environment: environment)
        if let refusal = status.refusal { throw refusal }
        guard status.schema != StorageStatus.knownSchema else { return status.schema }
        let storage = try await open(environment: environment)
        await storage.close()
        return status.schema
    }
}
