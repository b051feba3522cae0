extension SQLStatement {
    /// The statements that give other costs. A message is found by its id: of its generation there is no index.
    func priceText(_ dialect: SQLDialect) -> String? {
        switch self {
        case .repriceGeneration:
            """
            UPDATE generation SET cost = ?, cost_source = ?, price_version = ?\(dialect.fromRows)
            WHERE id = ? AND NOT \(Self.unfinished)
            """
        case .repriceMessage:
            """
            UPDATE message SET cost = ?\(dialect.fromRows)
            WHERE id = (SELECT message FROM generation WHERE id = ?) AND NOT \(Self.unfinished) AND generation = ?
            """
        default: nil
        }
    }
}
