import PlenumCore

extension SQLSchema {
    /// What is searched: the words of titles (message 0) and of messages, numbered in the order in which they became
    /// searchable.
    static func search(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE searchable (
            number \(dialect.countingKey),
            conversation \(dialect.integer) NOT NULL, message \(dialect.integer) NOT NULL,
            words \(dialect.search.words) NOT NULL,
            UNIQUE (conversation, message)
        );
        \(dialect.search.index)
        """
    }

    /// How many rows are read before their words are written.
    private static let page = 200

    /// Takes the words of what a database held before there was a search: titles first, then messages, each in the order
    /// in which they were stored.
    static func fillSearch(_ session: any SQLSession) throws(PlenumError) {
        try fill(session, from: .titlesToSearch) { row throws(PlenumError) in
            let number = row.int64()
            return Found(number: number, conversation: number, message: 0, words: SearchText(row.text()))
        }
        try fill(session, from: .messagesToSearch) { row throws(PlenumError) in
            let number = row.int64()
            let conversation = row.int64()
            let text = try row.parts().compactMap(\.text).joined()
            return Found(number: number, conversation: conversation, message: number, words: SearchText(text))
        }
    }

    /// A row that may have words.
    private struct Found {
        var number: Int64
        var conversation: Int64
        var message: Int64
        var words: SearchText?
    }

    private static func fill(
        _ session: any SQLSession,
        from statement: SQLStatement,
        _ decode: (inout SQLRowReader) throws(PlenumError) -> Found
    ) throws(PlenumError) {
        var last = Int64.min
        while true {
            let found = try session.rows(
                statement,
                {
                    $0.int(last)
                    $0.int(page)
                },
                decode
            )
            guard let end = found.last?.number else { return }
            last = end
            for row in found {
                guard let words = row.words else { continue }
                try session.run(.insertSearchable) {
                    $0.int(row.conversation)
                    $0.int(row.message)
                    $0.text(utf8: words.bytes)
                }
            }
        }
    }
}
