import PlenumCore

/// What changes runs and lists them.
extension StorageModel {
    mutating func create(_ run: Run) throws(PlenumError) {
        guard conversations[run.conversation] != nil else { throw .missing("conversation", run.conversation) }
        guard runs[run.id] == nil else { throw .exists("run", run.id) }
        put(\.runs, run.id, Stored(number: number(), record: run))
        put(\.owners, .run(run.id), run.status.isTerminal ? nil : owner)
        put(\.stopRequests, run.id, nil)
    }

    private func stored(_ id: RunID) throws(PlenumError) -> Stored<Run> {
        guard let stored = runs[id] else { throw .missing("run", id) }
        return stored
    }

    mutating func update(_ id: RunID, _ patch: RunPatch) throws(PlenumError) {
        var stored = try stored(id)
        stored.record.change(patch)
        put(\.runs, id, stored)
    }

    mutating func finish(_ id: RunID, _ ending: RunEnding) throws(PlenumError) {
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        var stored = try stored(id)
        guard !stored.record.status.isTerminal else { throw .ended("run", id) }
        stored.record.end(ending)
        put(\.runs, id, stored)
    }

    mutating func reopen(_ id: RunID) throws(PlenumError) {
        var stored = try stored(id)
        guard stored.record.status.isTerminal else { throw .notEnded("run", id) }
        stored.record.reopen()
        put(\.runs, id, stored)
        put(\.owners, .run(id), owner)
        put(\.stopRequests, id, nil)
        dropCommands { $0.run == id && $0.answer == nil }
    }

    mutating func append(_ added: [RunEvent], to id: RunID) throws(PlenumError) {
        guard runs[id] != nil else { throw .missing("run", id) }
        var list = events[id] ?? []
        for event in added {
            let place = list.lastIndex { $0.sequence <= event.sequence }
            guard place.map({ list[$0].sequence != event.sequence }) ?? true else {
                throw .exists("event", "\(event.sequence) of \(id)")
            }
            list.insert(event, at: place.map { $0 + 1 } ?? 0)
        }
        put(\.events, id, list)
    }

    mutating func prune(endedBefore time: Timestamp) {
        let ended = Set(runs.values.filter { $0.record.endedAt.map { $0 < time } ?? false }.map(\.record.id))
        dropCommands { ended.contains($0.run) }
        for run in runs.values.map(\.record) {
            guard let endedAt = run.endedAt, endedAt < time, events[run.id] != nil else { continue }
            put(\.events, run.id, nil)
        }
    }

    func run(_ id: RunID) throws(PlenumError) -> Run { try stored(id).record }

    func runs(matching filter: RunFilter, page: PageRequest<RunID>) throws(PlenumError) -> Page<Run> {
        if let id = filter.conversation { _ = try conversation(id) }
        let isAscending = page.order == .ascending
        var edge = isAscending ? Int.min : Int.max
        if let after = page.after {
            let cursor = try stored(after)
            guard filter.isOf(cursor.record.conversation) else { throw .missing("run", after) }
            edge = cursor.number
        }
        let found = runs.values.filter { stored in
            guard isAscending ? stored.number > edge : stored.number < edge else { return false }
            return filter.isOf(stored.record.conversation) && (!filter.isJudged || stored.record.preference != nil)
        }
        let sorted = found.sorted { isAscending ? $0.number < $1.number : $0.number > $1.number }
        return Page(sorted.prefix(page.limit).map(\.record), hasMore: sorted.count > page.limit)
    }

    func messages(ofRun id: RunID) throws(PlenumError) -> [Message] {
        _ = try run(id)
        let stored = (messagesOfRun[id] ?? []).compactMap { messages[$0]?.record }
        return stored.filter { $0.step != nil }.map(shown)
    }

    func events(ofRun id: RunID, after sequence: Int, limit: Int) throws(PlenumError) -> [RunEvent] {
        _ = try run(id)
        return Array((events[id] ?? []).drop { $0.sequence <= sequence }.prefix(max(limit, 0)))
    }
}

extension RunFilter {
    /// Whether the runs of a conversation are asked for.
    fileprivate func isOf(_ other: ConversationID) -> Bool { conversation.map { $0 == other } ?? true }
}
