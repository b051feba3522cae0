import PlenumCore

/// What changes runs and lists them.
extension SQLSession {
    func create(_ run: Run, _ owner: Int?) throws(PlenumError) {
        guard try exists(.conversationIsThere, { $0.id(run.conversation) }) else {
            throw .missing("conversation", run.conversation)
        }
        try insert(.insertRun, orThrow: .exists("run", run.id)) {
            $0.run(run)
            $0.int(run.status.isTerminal ? nil : owner)
        }
    }

    func update(_ id: RunID, _ patch: RunPatch) throws(PlenumError) {
        try demand(.updateRun, orThrow: { .missing("run", id) }) {
            $0.patch(patch)
            $0.id(id)
        }
    }

    func finish(_ id: RunID, _ ending: RunEnding) throws(PlenumError) {
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        let fault = { () throws(PlenumError) in try self.missingOrEnded("run", id, .runStatus) }
        try demand(.finishRun, orThrow: fault) {
            $0.ending(ending)
            $0.id(id)
        }
    }

    func reopen(_ id: RunID, _ owner: Int?) throws(PlenumError) {
        let fault = { () throws(PlenumError) in
            try self.exists(.runStatus) { $0.id(id) } ? PlenumError.notEnded("run", id) : .missing("run", id)
        }
        try demand(.reopenRun, orThrow: fault) {
            $0.int(owner)
            $0.id(id)
        }
        try run(.dropCommandsOfRun) { $0.id(id) }
    }

    /// Drops what is kept of a run only while it goes on, and for a while after.
    func pruneRuns(endedBefore time: Timestamp) throws(PlenumError) {
        try run(.pruneEvents) { $0.time(time) }
        try run(.pruneCommands) { $0.time(time) }
    }

    func requestStop(_ id: RunID) throws(PlenumError) {
        let fault = { () throws(PlenumError) in try self.missingOrEnded("run", id, .runStatus) }
        try demand(.requestStop, orThrow: fault) { $0.id(id) }
    }

    func append(_ events: [RunEvent], to id: RunID) throws(PlenumError) {
        guard try exists(.runStatus, { $0.id(id) }) else { throw .missing("run", id) }
        for event in events {
            try insert(.insertEvent, orThrow: .exists("event", "\(event.sequence) of \(id)")) {
                $0.int(event.sequence)
                $0.text(event.name)
                $0.int(event.seat)
                $0.bytes(event.data)
                $0.id(id)
            }
        }
    }

    func runs(matching filter: RunFilter, page: PageRequest<RunID>) throws(PlenumError) -> Page<Run> {
        if let conversation = filter.conversation {
            guard try exists(.conversationIsThere, { $0.id(conversation) }) else {
                throw .missing("conversation", conversation)
            }
        }
        var edge = page.order == .ascending ? Int64.min : Int64.max
        if let after = page.after { edge = try number(of: after, in: filter.conversation) }
        let found = try rows(filter.statement(page.order)) {
            if let conversation = filter.conversation {
                $0.id(conversation)
                $0.flag(filter.isJudged)
            }
            $0.int(edge)
            $0.int(page.limit + 1)
        } _: { row throws(PlenumError) in
            try row.run()
        }
        return Page(Array(found.prefix(page.limit)), hasMore: found.count > page.limit)
    }

    /// The number that says when a run was stored; there is none of a run that is not in the conversation.
    private func number(of id: RunID, in conversation: ConversationID?) throws(PlenumError) -> Int64 {
        let found = try first(.runNumber, { $0.id(id) }) { row throws(PlenumError) in
            (number: row.int64(), conversation: try row.id() as ConversationID)
        }
        guard let found, conversation == nil || found.conversation == conversation else { throw .missing("run", id) }
        return found.number
    }
}

extension RunFilter {
    fileprivate func statement(_ order: PageRequest<RunID>.Order) -> SQLStatement {
        let isAscending = order == .ascending
        if conversation != nil { return isAscending ? .runsOfConversationAscending : .runsOfConversationDescending }
        if isJudged { return isAscending ? .judgedRunsAscending : .judgedRunsDescending }
        return isAscending ? .runsAscending : .runsDescending
    }
}
