import PlenumCore

extension SQLSession {
    /// Leaves out of another storage's export what is there already.
    func absent(from changes: [StorageChange]) throws(PlenumError) -> [StorageChange] {
        var there = PresentRecords()
        there.conversations = try present(.presentConversations, changes.compactMap(\.newConversation))
        there.messages = try present(.presentMessages, changes.compactMap(\.newMessage))
        there.runs = try present(.presentRuns, changes.compactMap(\.newRun))
        there.generations = try present(.presentGenerations, changes.compactMap(\.newGeneration))
        let events = changes.compactMap(\.newEvents)
        for (run, sequences) in try numbered(.presentEvents, events.map(\.0), events.flatMap(\.1)) {
            there.events[run] = Set(sequences.compactMap(\.self))
        }
        let checkpoints = changes.compactMap(\.newCheckpoint)
        for (id, sequences) in try numbered(.presentProgress, checkpoints.map(\.0), checkpoints.map(\.1)) {
            there.checkpoints[id] = Set(sequences.compactMap(\.self))
            if sequences.contains(nil) { there.ended.insert(id) }
        }
        return changes.compactMap(there.remainder)
    }

    /// Which of some ids are there.
    private func present<Subject: Identified>(
        _ statement: SQLStatement,
        _ ids: [Identifier<Subject>]
    ) throws(PlenumError) -> Set<Identifier<Subject>> {
        var found: Set<Identifier<Subject>> = []
        try inBatches(ids) { batch throws(PlenumError) in
            let rows: [Identifier<Subject>] = try rows(statement, { fill($0, batch) }) { row throws(PlenumError) in
                try row.id()
            }
            found.formUnion(rows)
        }
        return found
    }

    /// Which of some numbers are there, each beside the id that it belongs to.
    private func numbered<Subject: Identified>(
        _ statement: SQLStatement,
        _ ids: [Identifier<Subject>],
        _ numbers: [Int]
    ) throws(PlenumError) -> [Identifier<Subject>: [Int?]] {
        var found: [Identifier<Subject>: [Int?]] = [:]
        guard let least = numbers.min(), let greatest = numbers.max() else { return found }
        try inBatches(Array(Set(ids))) { batch throws(PlenumError) in
            fill(arguments, batch)
            arguments.int(least)
            arguments.int(greatest)
            try query(statement) { row throws(PlenumError) in
                let id: Identifier<Subject> = try row.id()
                found[id, default: []].append(row.intOrNil())
            }
        }
        return found
    }

    private func inBatches<Element>(
        _ elements: [Element],
        _ body: (ArraySlice<Element>) throws(PlenumError) -> Void
    ) throws(PlenumError) {
        var rest = elements[...]
        while !rest.isEmpty {
            try body(rest.prefix(SQLStatement.presenceBatch))
            rest = rest.dropFirst(SQLStatement.presenceBatch)
        }
    }

    /// Every placeholder gets an id: the last one stands in the places that are left over.
    private func fill<Subject>(_ arguments: SQLArguments, _ ids: ArraySlice<Identifier<Subject>>) {
        guard let last = ids.last else { return }
        for id in ids { arguments.id(id) }
        for _ in ids.count..<SQLStatement.presenceBatch { arguments.id(last) }
    }
}
