import PlenumCore

extension StorageModel {
    /// Takes a message's words into the search, if it is one that is searched.
    mutating func makeSearchable(_ message: Message) {
        guard message.isSearchable else { return }
        makeSearchable(.message(message.id), message.text)
    }

    /// Puts the words of a text in place of those that were there.
    mutating func makeSearchable(_ place: SearchHit.Place, _ text: String) {
        put(\.searchable, place, searchable(text))
    }

    /// The words of a text with a new number; `nil` if it has none.
    mutating func searchable(_ text: String) -> Stored<[String]>? {
        let words = SearchWords.distinct(in: text)
        return words.isEmpty ? nil : Stored(number: number(), record: words)
    }

    func search(
        _ query: SearchQuery,
        limit: Int,
        after: SearchHit.Place?
    ) throws(PlenumError) -> Page<SearchHit> {
        var edge = Int.max
        if let after {
            guard let stored = searchable[after] else { throw .notSearchable(after) }
            edge = stored.number
        }
        let found = searchable.filter { $0.value.number < edge && query.matches($0.value.record) }
        let hits = found.sorted { $0.value.number > $1.value.number }.lazy.compactMap { hit(query, at: $0.key) }
        let limit = limit.clamped(to: StorageLimits.hits)
        let page = Array(hits.prefix(limit + 1))
        return Page(Array(page.prefix(limit)), hasMore: page.count > limit)
    }

    /// What was found at a place; `nil` if the query is not for its conversation.
    private func hit(_ query: SearchQuery, at place: SearchHit.Place) -> SearchHit? {
        let message: Message?
        let id: ConversationID
        switch place {
        case .title(let conversation): (message, id) = (nil, conversation)
        case .message(let found):
            guard let record = messages[found]?.record else { return nil }
            (message, id) = (record, record.conversation)
        }
        guard let conversation = conversations[id], query.isArchived.map({ $0 == conversation.isArchived }) ?? true
        else { return nil }
        let text = message?.text ?? conversation.title ?? ""
        return SearchHit(
            conversation: conversation,
            message: message?.id,
            snippet: Snippet(of: text, around: query)
        )
    }
}
