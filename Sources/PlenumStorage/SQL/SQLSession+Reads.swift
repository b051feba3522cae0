import PlenumCore

extension SQLSession {
    func conversation(_ id: ConversationID) throws(PlenumError) -> Conversation {
        let found = try first(.conversation, { $0.id(id) }) { row throws(PlenumError) in try row.conversation() }
        guard let found else { throw .missing("conversation", id) }
        return found
    }

    func conversations(
        matching filter: ConversationFilter,
        page: PageRequest<ConversationID>
    ) throws(PlenumError) -> Page<Conversation> {
        let isAscending = page.order == .ascending
        let cursor: Conversation? =
            if let after = page.after { try conversation(after) } else { nil }
        let edge: (time: Int64, id: ConversationID) =
            isAscending
            ? (.min, ConversationID(high: 0, low: 0)) : (.max, ConversationID(high: .max, low: .max))
        let found = try rows(isAscending ? .conversationsAscending : .conversationsDescending) {
            $0.int(cursor?.updatedAt.milliseconds ?? edge.time)
            $0.id(cursor?.id ?? edge.id)
            for flag in [filter.isArchived, filter.isPinned] {
                for _ in 0..<2 { $0.int(flag.map { $0 ? 1 : 0 } ?? 2) }
            }
            $0.int(page.limit + 1)
        } _: { row throws(PlenumError) in
            try row.conversation()
        }
        return Page(Array(found.prefix(page.limit)), hasMore: found.count > page.limit)
    }

    func message(_ id: MessageID) throws(PlenumError) -> Message {
        let found = try first(.message, { $0.id(id) }) { row throws(PlenumError) in try row.message() }
        guard let found else { throw .missing("message", id) }
        return try shown(found)
    }

    /// The message as a reader sees it: while it is in progress, with its checkpoints.
    private func shown(_ message: Message) throws(PlenumError) -> Message {
        guard !message.status.isTerminal else { return message }
        let progress = try rows(.progressOfMessage) {
            $0.id(message.id)
            $0.id(message.id)
        } _: {
            $0.progress()
        }
        var shown = message
        shown.parts += Progress.parts(progress)
        return shown
    }

    func messages(
        _ statement: SQLStatement,
        _ fill: (SQLArguments) -> Void
    ) throws(PlenumError) -> [Message] {
        var found = try rows(statement, fill) { row throws(PlenumError) in try row.message() }
        for index in found.indices where !found[index].status.isTerminal { found[index] = try shown(found[index]) }
        return found
    }

    func messages(
        in conversation: ConversationID,
        page: PageRequest<MessageID>
    ) throws(PlenumError) -> Page<Message> {
        guard try exists(.conversationIsThere, { $0.id(conversation) }) else {
            throw .missing("conversation", conversation)
        }
        let isAscending = page.order == .ascending
        var edge = isAscending ? Int64.min : Int64.max
        if let after = page.after {
            let number = try first(.messageNumber) {
                $0.id(after)
                $0.id(conversation)
            } _: {
                $0.int64()
            }
            guard let number else { throw .missing("message", after) }
            edge = number
        }
        let found = try messages(isAscending ? .messagesAscending : .messagesDescending) {
            $0.id(conversation)
            $0.int(edge)
            $0.int(page.limit + 1)
        }
        return Page(Array(found.prefix(page.limit)), hasMore: found.count > page.limit)
    }

    func thread(endingAt leaf: MessageID, limit: Int) throws(PlenumError) -> [Message] {
        guard try exists(.messageStatus, { $0.id(leaf) }) else { throw .missing("message", leaf) }
        guard limit > 0 else { return [] }
        return try messages(.thread) {
            $0.id(leaf)
            $0.int(limit)
        }
    }

    func run(_ id: RunID) throws(PlenumError) -> Run {
        let found = try first(.run, { $0.id(id) }) { row throws(PlenumError) in try row.run() }
        guard let found else { throw .missing("run", id) }
        return found
    }

    private func requireRun(_ id: RunID) throws(PlenumError) {
        guard try exists(.runStatus, { $0.id(id) }) else { throw .missing("run", id) }
    }

    func messages(ofRun run: RunID) throws(PlenumError) -> [Message] {
        try requireRun(run)
        return try messages(.messagesOfRun) { $0.id(run) }
    }

    func events(ofRun run: RunID, after sequence: Int, limit: Int) throws(PlenumError) -> [RunEvent] {
        try requireRun(run)
        return try rows(.events) {
            $0.id(run)
            $0.int(sequence)
            $0.int(max(limit, 0))
        } _: {
            $0.event()
        }
    }

    func generation(_ id: GenerationID) throws(PlenumError) -> Generation {
        let found = try first(.generation, { $0.id(id) }) { row throws(PlenumError) in try row.generation() }
        guard let found else { throw .missing("generation", id) }
        return found
    }

    func generations(ofRun run: RunID) throws(PlenumError) -> [Generation] {
        try requireRun(run)
        return try rows(.generationsOfRun, { $0.id(run) }) { row throws(PlenumError) in try row.generation() }
    }

    func content(of generation: GenerationID) throws(PlenumError) -> GenerationContent? {
        let found = try first(.content, { $0.id(generation) }) {
            GenerationContent(request: $0.bytes(), reply: $0.bytes())
        }
        if let found { return found }
        guard try exists(.generationStatus, { $0.id(generation) }) else { throw .missing("generation", generation) }
        return nil
    }

    func usage(by grouping: UsageRow.Grouping, since: Timestamp?) throws(PlenumError) -> [UsageRow] {
        let statement: SQLStatement =
            switch grouping {
            case .model: .usageByModel
            case .provider: .usageByProvider
            case .day: .usageByDay
            case .key: .usageByKey
            }
        return try rows(statement, { $0.int(since?.milliseconds ?? .min) }) { $0.usageRow(by: grouping) }
    }
}
