public import PlenumCore

/// What a storage is and how much it holds, as far as that can be told without changing it.
public struct StorageStatus: Sendable {
    /// The kind of storage, for people.
    public var backend: String
    /// Where it is, without a password.
    public var address: String
    /// Whether there is a database at all.
    public var exists = true
    /// The version of the tables; `nil` if there are none.
    public var schema: Int?
    /// How much it holds; `nil` if that cannot be told.
    public var counts: StorageCounts?
    /// How many bytes it takes.
    public var bytes: Int?
    /// The process that has the file open, for a backend that has one file and one process.
    public var holder: String?
    /// What else there is to say: names and values.
    public var facts: [(name: String, value: String)] = []

    /// The version of the tables that this program reads and writes.
    public static let knownSchema = SQLSchema.version

    init(backend: String, address: String) {
        self.backend = backend
        self.address = address
    }

    /// Why this program cannot work with the tables as they are; `nil` if it can, at the latest after a migration.
    public var refusal: PlenumError? {
        guard let schema, schema > Self.knownSchema else { return nil }
        return SQLSchema.tooNew(schema)
    }
}
