import PlenumCore

extension SQLSession {
    /// A page of what is there, as changes that recreate it.
    func export(after cursor: ExportCursor?, limit: Int) throws(PlenumError) -> ExportPage {
        let cursor = cursor ?? ExportCursor(stage: .conversations)
        guard let last = try lastOfPage(after: cursor, limit: limit) else {
            return ExportPage(changes: [], next: cursor.stage.next.map { ExportCursor(stage: $0) })
        }
        return ExportPage(
            changes: try changes(of: cursor.stage, after: cursor.place, upTo: last),
            next: ExportCursor(stage: cursor.stage, position: last)
        )
    }

    /// Finds where a page ends, by rows and by bytes; `nil` if nothing is left of the stage.
    private func lastOfPage(after cursor: ExportCursor, limit: Int) throws(PlenumError) -> [Int64]? {
        let place = cursor.place
        fill(place)
        arguments.int(min(max(limit, 1), 10_000))
        var last: [Int64]?
        var bytes = 0
        try query(cursor.stage.sizes) { reader throws(PlenumError) in
            let row = place.map { _ in reader.int64() }
            guard last == nil || bytes < ExportCursor.pageBytes else { return }
            bytes += 512 + reader.int()
            if last == nil || bytes <= ExportCursor.pageBytes { last = row }
        }
        return last
    }

    private func fill(_ numbers: [Int64]) { for number in numbers { arguments.int(number) } }

    private func changes(
        of stage: ExportCursor.Stage,
        after first: [Int64],
        upTo last: [Int64]
    ) throws(PlenumError) -> [StorageChange] {
        fill(first)
        fill(last)
        switch stage {
        case .conversations:
            return try rows(.exportConversations, { _ in }) { row throws(PlenumError) in
                var conversation = try row.conversation()
                conversation.leaf = nil
                return .createConversation(conversation)
            }
        case .messages:
            return try rows(.exportMessages, { _ in }) { row throws(PlenumError) in
                let leaf: MessageID? = try row.idOrNil()
                let message = try row.message()
                return .appendMessage(message, movesLeaf: message.id == leaf)
            }
        case .runs:
            return try rows(.exportRuns, { _ in }) { row throws(PlenumError) in .createRun(try row.run()) }
        case .events: return try events()
        case .generations:
            return try rows(.exportGenerations, { _ in }) { row throws(PlenumError) in
                let hasWords = row.flag()
                let content = GenerationContent(request: row.bytes(), reply: row.bytes())
                return .createGeneration(try row.generation(), hasWords ? content : nil)
            }
        case .checkpoints:
            return try rows(.exportProgress, { _ in }) { row throws(PlenumError) in
                .checkpoint(try row.id(), row.progress())
            }
        }
    }

    /// The events of a page, those of one run together.
    private func events() throws(PlenumError) -> [StorageChange] {
        var found: [(run: RunID, events: [RunEvent])] = []
        try query(.exportEvents) { row throws(PlenumError) in
            let run: RunID = try row.id()
            if found.last?.run != run { found.append((run, [])) }
            found[found.count - 1].events.append(row.event())
        }
        return found.map { .appendRunEvents($0.run, $0.events) }
    }

    /// Counts what is there.
    func counts() throws(PlenumError) -> StorageCounts {
        let counts = try first(.counts, { _ in }) {
            StorageCounts(
                conversations: $0.int(),
                messages: $0.int(),
                runs: $0.int(),
                runEvents: $0.int(),
                generations: $0.int()
            )
        }
        return counts ?? StorageCounts()
    }
}

extension ExportCursor {
    /// The numbers that everything that is left comes after.
    fileprivate var place: [Int64] {
        let count = stage == .events || stage == .checkpoints ? 2 : 1
        return position.count == count ? position : Array(repeating: .min, count: count)
    }
}

extension ExportCursor.Stage {
    fileprivate var sizes: SQLStatement {
        switch self {
        case .conversations: .sizesOfConversations
        case .messages: .sizesOfMessages
        case .runs: .sizesOfRuns
        case .events: .sizesOfEvents
        case .generations: .sizesOfGenerations
        case .checkpoints: .sizesOfProgress
        }
    }
}
