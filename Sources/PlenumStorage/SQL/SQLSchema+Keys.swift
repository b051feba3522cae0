extension SQLSchema {
    /// Keys of repeated requests.
    static func keys(_ dialect: SQLDialect) -> String {
        ""
    }
}
