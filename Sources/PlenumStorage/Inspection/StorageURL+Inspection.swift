public import PlenumCore

extension StorageURL {
    /// Looks at a storage without changing it: whatever its schema, and also while a server has it open.
    /// - Parameter environment: gives the value of a setting such as `SUPABASE_DB_URL`, `nil` if it is not set.
    /// - Throws: `storage` if it cannot be read, `invalidRequest` for a backend that this build does not have.
    public func status(environment: (String) -> String? = { _ in nil }) async throws(PlenumError) -> StorageStatus {
        switch self {
        case .sqlite(let path): return try await SQLiteInspection.status(of: path)
        case .memory, .sqliteInMemory:
            var status = StorageStatus(backend: "memory", address: self == .memory ? "memory" : "sqlite::memory:")
            status.schema = StorageStatus.knownSchema
            status.counts = StorageCounts()
            return status
        case .postgres, .supabase: throw .laterVersion
        }
    }

    /// Examines a database of PostgreSQL: its server, its encryption, its tables and who may read them.
    /// - Parameters:
    ///   - environment: gives the value of a setting such as `SUPABASE_DB_URL`, `nil` if it is not set.
    ///   - now: this machine's clock, which the server's is compared with.
    /// - Returns: `nil` for a backend without a server of its own.
    /// - Throws: `storage` if it cannot be reached, `invalidRequest` for a backend that this build does not have.
    public func diagnose(
        environment: (String) -> String? = { _ in nil },
        now: @Sendable () -> Timestamp
    ) async throws(PlenumError) -> StorageDiagnosis? {
        switch self {
        case .memory, .sqlite, .sqliteInMemory: return nil
        case .postgres, .supabase: throw .laterVersion
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
        let storage = try await open()
        await storage.close()
        return status.schema
    }
}
