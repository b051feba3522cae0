import PlenumCore

extension SQLSession {
    /// Lets searches find a message that is stored; nothing if it has no words or is of neither a user nor a model.
    func makeSearchable(_ id: MessageID, _ words: SearchText?) throws(PlenumError) {
        guard let words else { return }
        try run(.insertSearchableMessage) {
            $0.text(utf8: words.bytes)
            $0.id(id)
        }
    }

    /// Lets searches find the title of a conversation that is stored.
    func makeSearchable(_ id: ConversationID, _ words: SearchText?) throws(PlenumError) {
        guard let words else { return }
        try run(.insertSearchableTitle) {
            $0.text(utf8: words.bytes)
            $0.id(id)
        }
    }

    func search(
        _ query: SearchQuery,
        limit: Int,
        after: SearchHit.Place?
    ) throws(PlenumError) -> Page<SearchHit> {
        let edge = if let after { try number(of: after) } else { Int64.max }
        guard !query.words.isEmpty else { return Page([], hasMore: false) }
        let limit = limit.clamped(to: StorageLimits.hits)
        if dialect.search.newest != nil {
            let found = try hits(.searchNewest, query, below: edge, limit + 1)
            if found.count > limit { return Page(Array(found.prefix(limit)), hasMore: true) }
        }
        let found = try hits(.search, query, below: edge, limit + 1)
        return Page(Array(found.prefix(limit)), hasMore: found.count > limit)
    }

    /// The number that says when something became searchable.
    private func number(of place: SearchHit.Place) throws(PlenumError) -> Int64 {
        let number =
            switch place {
            case .title(let id): try first(.searchableTitle, { $0.id(id) }) { $0.int64() }
            case .message(let id): try first(.searchableMessage, { $0.id(id) }) { $0.int64() }
            }
        guard let number else { throw .notSearchable(place) }
        return number
    }

    /// Snippets are cut row by row, so that one long message at a time is in memory.
    private func hits(
        _ statement: SQLStatement,
        _ query: SearchQuery,
        below edge: Int64,
        _ limit: Int
    ) throws(PlenumError) -> [SearchHit] {
        let search = dialect.search
        let found = try rows(statement) {
            $0.int(edge)
            if statement == .search, search.sparesIndex { $0.text(search.query(search.indexed(query.words))) }
            $0.text(search.query(query.words))
            for _ in 0..<2 { $0.int(query.isArchived.map { $0 ? 1 : 0 } ?? 2) }
            $0.int(limit)
        } _: { row throws(PlenumError) in
            let number = row.int64()
            let conversation = try row.conversation()
            let message: MessageID? = try row.idOrNil()
            let text = message == nil ? conversation.title ?? "" : try row.parts().compactMap(\.text).joined()
            let snippet = Snippet(of: text, around: query)
            return (number: number, hit: SearchHit(conversation: conversation, message: message, snippet: snippet))
        }
        return found.sorted { $0.number > $1.number }.map(\.hit)
    }
}
