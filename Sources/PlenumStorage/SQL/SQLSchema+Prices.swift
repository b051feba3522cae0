extension SQLSchema {
    /// Version 7: which price table a cost was reckoned from.
    static func priceVersions(_ dialect: SQLDialect) -> String {
        """
        ALTER TABLE generation ADD COLUMN price_version \(dialect.text);

        """
    }
}
