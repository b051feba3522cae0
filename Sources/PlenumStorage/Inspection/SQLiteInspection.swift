import Glibc
import PlenumCore

/// Looks at a file of SQLite without changing it.
///
/// A connection that only reads is safe beside the process that writes: it never checkpoints and never begins the
/// write-ahead log anew, which are the two sides of the race that ``SQLiteFile`` keeps other processes away for.
enum SQLiteInspection {
    static func status(of path: String) async throws(PlenumError) -> StorageStatus {
        try await Worker.once { () throws(PlenumError) in try look(at: path) }
    }

    private static func look(at path: String) throws(PlenumError) -> StorageStatus {
        var status = StorageStatus(backend: "SQLite", address: path)
        status.facts = [("library", "libsqlite3 \(SQLiteDatabase.libraryVersion)")]
        guard access(path, F_OK) == 0 else {
            status.exists = false
            return status
        }
        status.holder = try SQLiteFile.process(holding: path)
        status.bytes = size(path) + size(path + "-wal")
        let connection = try SQLiteConnection.reader(path: path)
        defer { connection.close() }
        try connection.checkOwner()
        let mode = try connection.column("PRAGMA journal_mode").first ?? "unknown"
        status.facts.append(("journal", "\(mode), synchronous FULL by Plenum's writer"))
        status.facts.append(("log", "\(size(path + "-wal")) bytes not in the database file yet"))
        guard try !connection.column("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").isEmpty else {
            return status
        }
        status.schema = try connection.column("SELECT version FROM schema_version").first.flatMap { Int($0) }
        // The tables of a newer schema may have other names: then there is nothing to count.
        status.counts = try? connection.counts()
        return status
    }

    private static func size(_ path: String) -> Int {
        var found = stat()
        return stat(path, &found) == 0 ? Int(found.st_size) : 0
    }
}
