import PlenumCore

@testable import PlenumStorage

/// Files of SQLite as older versions left them.
enum OldDatabase {
    /// The statements that make the tables of a version.
    static func tables(ofVersion version: Int, _ dialect: SQLDialect) -> String {
        let versions = [
            SQLSchema.first(dialect), SQLSchema.second(dialect), SQLSchema.third(dialect), SQLSchema.steps(dialect),
            SQLSchema.commands(dialect), SQLSchema.callStates(dialect),
        ]
        return """
            CREATE TABLE schema_version (version \(dialect.integer) NOT NULL);
            \(versions.prefix(version).joined(separator: "\n"))
            INSERT INTO schema_version (version) VALUES (\(version));

            """
    }

    /// Makes a database of version 1, and does a script of inserts in it.
    static func makeFirstVersion(_ path: String, _ script: String) throws { try make(1, path, script) }

    /// Makes a database of a version, and does a script of inserts in it.
    static func make(_ version: Int, _ path: String, _ script: String) throws {
        let file = try SQLiteFile(path: path)
        defer { withExtendedLifetime(file) {} }
        let connection = try SQLiteConnection.writer(path: path)
        defer { connection.close() }
        try connection.execute(tables(ofVersion: version, .sqlite) + script)
    }

    /// An id as a script for SQLite writes it.
    static func literal<Kind>(_ id: Identifier<Kind>) -> String {
        "x'\(id.description.split(separator: "_").last ?? "")'"
    }
}
