internal import CPostgres

/// The versions of the C libraries that storage stands on.
public enum StorageLibraries {
    /// SQLite's version, such as `3.40.1`.
    public static var sqlite: String { SQLiteDatabase.libraryVersion }

    /// libpq's version, such as `15.15`.
    public static var postgres: String {
        let version = PQlibVersion()
        return "\(version / 10_000).\(version % 10_000)"
    }
}
