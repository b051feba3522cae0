import PlenumCore

@testable import PlenumStorage

/// Files of SQLite as older versions left them.
enum OldDatabase {
    /// Makes a database of version 1, and does a script of inserts in it.
    static func makeFirstVersion(_ path: String, _ script: String) throws {
        let file = try SQLiteFile(path: path)
        defer { withExtendedLifetime(file) {} }
        let connection = try SQLiteConnection.writer(path: path)
        defer { connection.close() }
        try connection.execute(
            """
            CREATE TABLE schema_version (version INTEGER NOT NULL);
            \(SQLSchema.first(.sqlite))
            INSERT INTO schema_version (version) VALUES (1);
            \(script)
            """
        )
    }

    /// An id as a script writes it.
    static func literal<Kind>(_ id: Identifier<Kind>) -> String {
        "x'\(id.description.split(separator: "_").last ?? "")'"
    }
}
