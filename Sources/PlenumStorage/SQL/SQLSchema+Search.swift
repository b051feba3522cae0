extension SQLSchema {
    /// What is searched.
    static func search(_ dialect: SQLDialect) -> String {
        ""
    }
}
