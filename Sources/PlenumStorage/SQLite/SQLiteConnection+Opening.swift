import CSQLite
import PlenumCore

extension SQLiteConnection {
    /// What `PRAGMA application_id` says in Plenum's files: "Plen".
    static let applicationID = 0x506C_656E

    /// Opens the connection that does every write and every checkpoint.
    /// - Throws: `storage` if the file is another program's, or cannot be kept as durably as promised.
    static func writer(path: String, fileSystem: String? = nil) throws(PlenumError) -> SQLiteConnection {
        let buffered = LogBuffer.fileSystem(over: fileSystem) ?? fileSystem
        let connection = try SQLiteConnection(path: path, isReader: false, fileSystem: buffered)
        try connection.checkOwner()
        if path != ":memory:" { try connection.makeDurable() }
        try connection.execute(
            """
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -65536;
            PRAGMA application_id = \(applicationID);
            """
        )
        guard try connection.column("PRAGMA foreign_keys") == ["1"] else {
            throw PlenumError(.storage, "This libsqlite3 does not check foreign keys: install a usual build.")
        }
        return connection
    }

    /// Opens a connection that only reads.
    static func reader(path: String, fileSystem: String? = nil) throws(PlenumError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, isReader: true, fileSystem: fileSystem)
        try connection.execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;")
        return connection
    }

    /// Refuses the database of another program.
    func checkOwner() throws(PlenumError) {
        let owner = try column("PRAGMA application_id").first ?? "0"
        let isEmpty = try column("SELECT 1 FROM sqlite_schema LIMIT 1").isEmpty
        guard owner == String(Self.applicationID) || (owner == "0" && isEmpty) else {
            throw PlenumError(
                .storage,
                "\(name) is the database of another program: name another file.",
                retryable: false
            )
        }
    }

    /// Turns on the write-ahead log and full synchronisation, and reads both back.
    private func makeDurable() throws(PlenumError) {
        let mode = try column("PRAGMA journal_mode = WAL").first ?? ""
        try execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;")
        let level = try column("PRAGMA synchronous").first ?? ""
        guard mode == "wal", level == "2" else {
            throw PlenumError(
                .storage,
                "\(name) cannot be kept durably (journal_mode \(mode), synchronous \(level)): use a local disk.",
                retryable: false
            )
        }
    }
}
