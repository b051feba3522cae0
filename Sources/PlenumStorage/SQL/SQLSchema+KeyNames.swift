extension SQLSchema {
    /// Version 8: with whose key a request came.
    static func keyNames(_ dialect: SQLDialect) -> String {
        """
        ALTER TABLE generation ADD COLUMN key_name \(dialect.text);

        """
    }
}
