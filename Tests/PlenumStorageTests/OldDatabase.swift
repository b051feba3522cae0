import PlenumCore

@testable import PlenumStorage

/// Databases as older versions left them.
enum OldDatabase {
    /// The statements that make the tables of a version.
    static func tables(ofVersion version: Int, _ dialect: SQLDialect) -> String {
        let versions = [
            SQLSchema.first(dialect), SQLSchema.second(dialect), SQLSchema.third(dialect), SQLSchema.steps(dialect),
            SQLSchema.commands(dialect), SQLSchema.callStates(dialect), SQLSchema.priceVersions(dialect),
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

    /// Opens a file of a version, which brings it up to date.
    /// - Parameters:
    ///   - script: what was in it, given how the database writes bytes, of their digits.
    ///   - check: looks at it.
    static func openFile(
        of version: Int,
        _ script: (_ bytes: (String) -> String) -> String,
        _ check: (any Storage) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try make(version, path, script { "x'\($0)'" })
        let storage = try await SQLStorage.sqlite(path: path)
        try await check(storage)
        await storage.close()
    }

    /// The same for a database of PostgreSQL.
    static func openPostgres(
        of version: Int,
        _ script: (_ bytes: (String) -> String) -> String,
        _ check: (any Storage) async throws -> Void
    ) async throws {
        try await PostgresUnderTest.withDatabase { name in
            try PostgresUnderTest.run(
                "CREATE SCHEMA plenum; SET search_path TO plenum;\n" + tables(ofVersion: version, .postgres)
                    + script { "'\\x\($0)'::bytea" },
                in: name
            )
            let storage = try await SQLStorage.postgres(
                PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            )
            try await check(storage)
            await storage.close()
        }
    }

    /// An id as a script for SQLite writes it.
    static func literal<Kind>(_ id: Identifier<Kind>) -> String { literal(id) { "x'\($0)'" } }

    /// An id as a script writes it.
    /// - Parameter bytes: how the database writes bytes, of their digits.
    static func literal<Kind>(_ id: Identifier<Kind>, _ bytes: (String) -> String) -> String {
        bytes(String(id.description.suffix(32)))
    }
}
