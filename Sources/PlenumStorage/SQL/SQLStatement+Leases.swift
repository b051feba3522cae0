extension SQLStatement {
    /// What holds for rows in progress of a table whose owner is gone, once the owners whose lease ran out are deleted.
    static func abandoned(_ table: String) -> String {
        "\(unfinished) AND NOT EXISTS (SELECT 1 FROM process WHERE process.number = \(table).owner)"
    }

    /// The statements about the processes that share the database.
    func leaseText(_ dialect: SQLDialect) -> String? {
        switch self {
        case .insertProcess: "INSERT INTO process (id, lease_until) VALUES (?, \(dialect.now) + ?)"
        case .renewProcess: "UPDATE process SET lease_until = \(dialect.now) + ? WHERE id = ?"
        case .processNumber: "SELECT number FROM process WHERE id = ?"
        case .stillOwner: "SELECT 1 FROM process\(dialect.alsoRows) WHERE id = ?\(dialect.keyShare)"
        case .deleteExpiredProcesses: "DELETE FROM process WHERE lease_until <= \(dialect.now)"
        case .deleteOtherProcesses: "DELETE FROM process WHERE id <> ?"
        case .requestStop: "UPDATE run SET stop_requested = 1 WHERE id = ? AND \(Self.unfinished)"
        case .runsToStop:
            "SELECT id FROM run WHERE stop_requested = 1 AND \(Self.unfinished) AND COALESCE(owner, 0) = ?"
        case .abandonedWork:
            """
            SELECT 1 FROM process WHERE lease_until <= \(dialect.now)
            UNION ALL SELECT 1 FROM message WHERE \(Self.abandoned("message"))
            UNION ALL SELECT 1 FROM generation WHERE \(Self.abandoned("generation"))
            UNION ALL SELECT 1 FROM run WHERE \(Self.abandoned("run")) LIMIT 1
            """
        default: nil
        }
    }
}
