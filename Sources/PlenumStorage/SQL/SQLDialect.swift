/// The few words in which the SQL of the backends differs. Placeholders are written `?`; a backend that numbers them
/// rewrites them once, when it prepares a statement.
struct SQLDialect: Sendable {
    /// The type of whole numbers of 64 bits.
    var integer: String
    /// The type of bytes.
    var bytes: String
    /// The type of text that is compared byte by byte.
    var text: String
    /// The type and the constraints of a key that counts upwards by itself.
    var countingKey: String
    /// What stands behind a table that is kept in the order of its primary key.
    var clustered: String
    /// The function that gives the greater of its arguments.
    var greater: String
    /// The UTF-8 of an expression that is text.
    var encoded: @Sendable (String) -> String
    /// The database's clock, in milliseconds since 1970.
    var now: String
    /// What stands behind a `SELECT` from `process` whose rows must not be deleted before the transaction has ended.
    var keyShare: String
    /// How words are looked for.
    var search: SQLSearch
    /// A query that gives a row if there is a table that says the schema's version.
    var schemaIsThere: String
    /// What a migration begins with.
    var beforeMigration: String
    /// What a migration ends with.
    var afterMigration: String

    // A statement that is run often can be written so that one run of it does for many: it takes its arguments from
    // rows. SQLite runs it once for each row; for it the words are empty, and the arguments stand where they are used.

    /// What is inserted, of a list of placeholders.
    var values: @Sendable (String) -> String
    /// The rows of arguments, where nothing else stands behind `FROM` (`UPDATE` and the like).
    var fromRows: String
    /// The rows of arguments, behind the tables of a `FROM`.
    var alsoRows: String

    /// SQLite's.
    static let sqlite = SQLDialect(
        integer: "INTEGER",
        bytes: "BLOB",
        text: "TEXT",
        countingKey: "INTEGER PRIMARY KEY",
        clustered: "WITHOUT ROWID",
        greater: "MAX",
        encoded: { "CAST(\($0) AS BLOB)" },
        now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        keyShare: "",
        search: .sqlite,
        schemaIsThere: "SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'",
        beforeMigration: "",
        afterMigration: "",
        values: { "VALUES (\($0))" },
        fromRows: "",
        alsoRows: ""
    )
}
