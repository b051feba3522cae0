import PlenumCore

extension StorageModel {
    func conversation(_ id: ConversationID) throws(PlenumError) -> Conversation {
        guard let conversation = conversations[id] else { throw .missing("conversation", id) }
        return conversation
    }

    func conversations(
        matching filter: ConversationFilter,
        page: PageRequest<ConversationID>
    ) throws(PlenumError) -> Page<Conversation> {
        let isAscending = page.order == .ascending
        func precedes(_ left: Conversation, _ right: Conversation) -> Bool {
            let inOrder = (left.updatedAt, left.id) < (right.updatedAt, right.id)
            return left.id == right.id ? false : inOrder == isAscending
        }
        let cursor: Conversation? =
            if let after = page.after { try conversation(after) } else { nil }
        let found = conversations.values.filter { conversation in
            if let isArchived = filter.isArchived, conversation.isArchived != isArchived { return false }
            if let isPinned = filter.isPinned, conversation.isPinned != isPinned { return false }
            return cursor.map { precedes($0, conversation) } ?? true
        }
        let sorted = found.sorted(by: precedes)
        return Page(Array(sorted.prefix(page.limit)), hasMore: sorted.count > page.limit)
    }

    func message(_ id: MessageID) throws(PlenumError) -> Message {
        guard let stored = messages[id] else { throw .missing("message", id) }
        return shown(stored.record)
    }

    func messages(
        in conversation: ConversationID,
        page: PageRequest<MessageID>
    ) throws(PlenumError) -> Page<Message> {
        guard conversations[conversation] != nil else { throw .missing("conversation", conversation) }
        var ids = messagesOfConversation[conversation] ?? []
        if page.order == .descending { ids.reverse() }
        if let after = page.after {
            guard let place = ids.firstIndex(of: after) else { throw .missing("message", after) }
            ids.removeFirst(place + 1)
        }
        let elements = ids.prefix(page.limit).compactMap { messages[$0].map { shown($0.record) } }
        return Page(elements, hasMore: ids.count > page.limit)
    }

    func thread(endingAt leaf: MessageID, limit: Int) throws(PlenumError) -> [Message] {
        guard messages[leaf] != nil else { throw .missing("message", leaf) }
        var path: [Message] = []
        var next: MessageID? = leaf
        while path.count < limit, let id = next, let stored = messages[id] {
            path.append(shown(stored.record))
            next = stored.record.parent
        }
        return path.reversed()
    }

    func generation(_ id: GenerationID) throws(PlenumError) -> Generation {
        guard let stored = generations[id] else { throw .missing("generation", id) }
        return stored.record
    }

    func generations(ofRun id: RunID) throws(PlenumError) -> [Generation] {
        _ = try run(id)
        return (generationsOfRun[id] ?? []).compactMap { generations[$0]?.record }
    }

    func content(of id: GenerationID) throws(PlenumError) -> GenerationContent? {
        _ = try generation(id)
        return contents[id]
    }

    func usage(by grouping: UsageRow.Grouping, since: Timestamp?) -> [UsageRow] {
        var rows: [[UInt8]: UsageRow] = [:]
        for generation in generations.values.lazy.map(\.record) {
            guard let ending = generation.ending, since.map({ generation.createdAt >= $0 }) ?? true else { continue }
            let key =
                switch grouping {
                case .model: generation.model
                case .provider: generation.provider
                case .key: generation.key ?? ""
                case .day: CalendarDay(number: generation.createdAt.milliseconds / StorageLimits.day).text
                }
            rows[Array(key.utf8), default: UsageRow(empty: key)].count(ending)
        }
        return rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }
}

extension UsageRow {
    fileprivate init(empty key: String) {
        self.init(key: key, requests: 0, failures: 0, usage: Usage(), cost: nil, unpriced: 0)
    }

    fileprivate mutating func count(_ ending: GenerationEnding) {
        requests += 1
        failures += ending.status == .failed ? 1 : 0
        if let usage = ending.usage { self.usage = self.usage + usage.bounded }
        if let cost = ending.cost { self.cost = (self.cost ?? .zero) + cost.bounded }
        unpriced += ending.usage != nil && ending.cost == nil ? 1 : 0
        firstToken.add(ending.timeToFirstToken)
        duration.add(ending.duration)
    }
}

extension UsageRow.Timing {
    fileprivate mutating func add(_ milliseconds: Int?) {
        guard let milliseconds else { return }
        sum += min(milliseconds, StorageLimits.reportedTokens)
        count += 1
    }
}

extension Usage {
    /// With no counter above what a report counts.
    fileprivate var bounded: Usage {
        let most = StorageLimits.reportedTokens
        var bounded = Usage(
            inputUncached: min(inputUncached, most),
            cacheRead: min(cacheRead, most),
            cacheWrite: min(cacheWrite, most),
            cacheWriteLong: min(cacheWriteLong, most),
            output: min(output, most),
            reasoning: min(reasoning, most)
        )
        bounded.reportedCost = reportedCost?.bounded
        return bounded
    }
}

extension Money {
    fileprivate var bounded: Money { min(self, Money(nanoDollars: StorageLimits.reportedCost)) }
}
