/// The few words in which the SQL of the backends differs. Placeholders are written `?`; a backend that numbers them
/// rewrites them once, when it prepares a statement.
struct SQLDialect: Sendable {
    /// The type of whole numbers of 64 bits.
    var integer: String
    /// The type of bytes.
    var bytes: String
    /// The type and the constraints of a key that counts upwards by itself.
    var countingKey: String
    /// What stands behind a table that is kept in the order of its primary key.
    var clustered: String
    /// The function that gives the greater of its arguments.
    var greater: String
    /// The function that gives the lesser of its arguments.
    var lesser: String
    /// The database's clock, in milliseconds since 1970.
    var now: String
    /// What stands behind a `SELECT` whose rows must not be deleted before the transaction has ended.
    var keyShare: String
    /// How words are looked for.
    var search: SQLSearch

    /// SQLite's.
    static let sqlite = SQLDialect(
        integer: "INTEGER",
        bytes: "BLOB",
        countingKey: "INTEGER PRIMARY KEY",
        clustered: "WITHOUT ROWID",
        greater: "MAX",
        lesser: "MIN",
        now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        keyShare: "",
        search: .sqlite
    )
}
