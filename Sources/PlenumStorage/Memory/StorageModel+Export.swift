import PlenumCore

extension StorageModel {
    /// A change of the export with its place among those of its stage, and with what it adds to a page.
    private struct Entry {
        var place: [UInt64]
        var change: StorageChange
    }

    /// A page of what is there, as changes that recreate it.
    func export(after cursor: ExportCursor?, limit: Int) -> ExportPage {
        let cursor = cursor ?? ExportCursor(stage: .conversations)
        let place = cursor.position.map { UInt64(bitPattern: $0) }
        let left = entries(of: cursor.stage)
            .filter { place.lexicographicallyPrecedes($0.place) }
            .sorted { $0.place.lexicographicallyPrecedes($1.place) }
        var page = ExportPage(changes: [], next: cursor.stage.next.map { ExportCursor(stage: $0) })
        var bytes = 0
        for entry in left.prefix(max(limit, 1)) {
            bytes += entry.change.weight
            if !page.changes.isEmpty, bytes > ExportCursor.pageBytes { break }
            page.changes.append(entry.change)
            let position = entry.place.map { Int64(bitPattern: $0) }
            page.next = ExportCursor(stage: cursor.stage, position: position)
        }
        return page
    }

    private func entries(of stage: ExportCursor.Stage) -> [Entry] {
        switch stage {
        case .conversations:
            conversations.values.map { conversation in
                var bare = conversation
                bare.leaf = nil
                return Entry(place: [bare.id.high, bare.id.low], change: .createConversation(bare))
            }
        case .messages:
            messages.values.map { stored in
                let isLeaf = conversations[stored.record.conversation]?.leaf == stored.record.id
                return Entry(place: stored.place, change: .appendMessage(stored.record, movesLeaf: isLeaf))
            }
        case .runs: runs.values.map { Entry(place: $0.place, change: .createRun($0.record)) }
        case .events:
            events.flatMap { run, events in
                events.map { event in
                    let place = [run.high, run.low, UInt64(bitPattern: Int64(event.sequence))]
                    return Entry(place: place, change: .appendRunEvents(run, [event]))
                }
            }
        case .generations:
            generations.values.map { stored in
                let content = contents[stored.record.id]
                return Entry(place: stored.place, change: .createGeneration(stored.record, content))
            }
        case .checkpoints:
            checkpoints.flatMap { id, list in
                list.map { progress in
                    let place = [id.high, id.low, UInt64(bitPattern: Int64(progress.sequence))]
                    return Entry(place: place, change: .checkpoint(id, progress))
                }
            }
        }
    }

    /// Leaves out of another storage's export what is there already.
    func absent(from changes: [StorageChange]) -> [StorageChange] {
        var there = PresentRecords()
        there.conversations = Set(changes.compactMap(\.newConversation).filter { conversations[$0] != nil })
        there.messages = Set(changes.compactMap(\.newMessage).filter { messages[$0] != nil })
        there.runs = Set(changes.compactMap(\.newRun).filter { runs[$0] != nil })
        there.generations = Set(changes.compactMap(\.newGeneration).filter { generations[$0] != nil })
        for (run, _) in changes.compactMap(\.newEvents) {
            there.events[run] = Set(events[run]?.map(\.sequence) ?? [])
        }
        for (id, _) in changes.compactMap(\.newCheckpoint) {
            there.checkpoints[id] = Set(checkpoints[id]?.map(\.sequence) ?? [])
            if generations[id]?.record.status.isTerminal == true { there.ended.insert(id) }
        }
        return changes.compactMap(there.remainder)
    }

    /// Counts what is there.
    func count() -> StorageCounts {
        StorageCounts(
            conversations: conversations.count,
            messages: messages.count,
            runs: runs.count,
            runEvents: events.values.reduce(0) { $0 + $1.count },
            generations: generations.count
        )
    }
}

extension StorageModel.Stored {
    fileprivate var place: [UInt64] { [UInt64(number)] }
}
