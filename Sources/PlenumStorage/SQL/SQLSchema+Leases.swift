extension SQLSchema {
    /// Which process writes what.
    static func leases(_ dialect: SQLDialect) -> String {
        ""
    }
}
