import PlenumCore

extension SQLSession {
    /// Applies changes in order; the transaction around it sees to all or none.
    /// - Parameter words: what each of the changes lets searches find.
    /// - Parameter owner: the number of the process that begins what is in progress.
    func apply(_ changes: [StorageChange], _ words: [SearchText?], as owner: Int?) throws(PlenumError) {
        for (change, words) in zip(changes, words) {
            switch change {
            case .createConversation(let conversation): try create(conversation, words)
            case .updateConversation(let id, let patch): try update(id, patch, words)
            case .deleteConversation(let id): try delete(id)
            case .appendMessage(let message, let movesLeaf): try append(message, movesLeaf: movesLeaf, words, owner)
            case .finishMessage(let id, let ending): try finish(id, ending, words)
            case .deleteMessage(let id): try delete(id)
            case .createGeneration(let generation, let content): try create(generation, content, owner)
            case .checkpoint(let id, let progress): try checkpoint(id, progress)
            case .finishGeneration(let id, let ending, let reply): try finish(id, ending, reply: reply)
            case .reprice(let id, let cost, let source, let version): try reprice(id, cost, source, version)
            case .createRun(let run): try create(run, owner)
            case .updateRun(let id, let patch): try update(id, patch)
            case .finishRun(let id, let ending): try finish(id, ending)
            case .reopenRun(let id): try reopen(id, owner)
            case .requestStop(let id): try requestStop(id)
            case .postCommand(let command): try post(command)
            case .answerCommand(let id, let answer): try self.answer(id, answer)
            case .withdrawCommand(let id): try withdraw(id)
            case .appendRunEvents(let id, let events): try append(events, to: id)
            case .pruneRunEvents(let time): try pruneRuns(endedBefore: time)
            case .claim(let claim): try take(claim)
            case .settleClaim(let key, let id, let status, let answer): try settle(key, id, status, answer)
            case .releaseClaim(let key, let id): try release(key, id)
            case .pruneClaims(let time): try run(.pruneClaims) { $0.time(time) }
            case .keepCallState(let state): try keep(state)
            case .pruneCallStates(let time): try run(.pruneCallStates) { $0.time(time) }
            }
        }
    }

    /// Inserts a row, and says in the domain's words that its key is there already.
    /// - Parameter fault: why no row was inserted, where that can be.
    func insert(
        _ statement: SQLStatement,
        orThrow exists: @autoclosure () -> PlenumError,
        ifNone fault: () throws(PlenumError) -> PlenumError = { .storageClosed },
        _ fill: (SQLArguments) -> Void
    ) throws(PlenumError) {
        do {
            try demand(statement, orThrow: fault, fill)
        } catch  where error.code == .conflict {
            throw exists()
        }
    }

    private func create(_ conversation: Conversation, _ words: SearchText?) throws(PlenumError) {
        if let leaf = conversation.leaf { throw .missing("message", leaf) }
        try insert(.insertConversation, orThrow: .exists("conversation", conversation.id)) {
            $0.conversation(conversation)
        }
        try makeSearchable(conversation.id, words)
    }

    private func update(
        _ id: ConversationID,
        _ patch: ConversationPatch,
        _ words: SearchText?
    ) throws(PlenumError) {
        try demand(.updateConversation, orThrow: { .missing("conversation", id) }) {
            $0.text(patch.title)
            $0.text(patch.model)
            $0.id(patch.leaf)
            $0.flag(patch.isPinned)
            $0.flag(patch.isArchived)
            $0.text(patch.metadata.map { JSONValue.object($0).text })
            $0.time(patch.updatedAt)
            $0.id(id)
        }
        if let leaf = patch.leaf { try require(leaf, in: id) }
        guard patch.title != nil else { return }
        try run(.deleteSearchableTitle) { $0.id(id) }
        try makeSearchable(id, words)
    }

    /// Checks that a message is one of a conversation's.
    private func require(_ message: MessageID, in conversation: ConversationID) throws(PlenumError) {
        let isThere = try exists(.messageIsInConversation) {
            $0.id(message)
            $0.id(conversation)
        }
        guard isThere else { throw .missing("message", message) }
    }

    private func delete(_ id: ConversationID) throws(PlenumError) {
        for statement in [
            SQLStatement.deleteContentOfConversation, .deleteProgressOfConversation, .dropAnswersOfConversation,
        ] {
            try run(statement) { arguments in for _ in 0..<4 { arguments.id(id) } }
        }
        for statement in [
            SQLStatement.deleteEventsOfConversation, .deleteCommandsOfConversation, .deleteRunsOfConversation,
            .deleteSearchablesOfConversation, .deleteMessagesOfConversation,
        ] {
            try run(statement) { $0.id(id) }
        }
        try demand(.deleteConversation, orThrow: { .missing("conversation", id) }) { $0.id(id) }
    }

    private func append(
        _ message: Message,
        movesLeaf: Bool,
        _ words: SearchText?,
        _ owner: Int?
    ) throws(PlenumError) {
        try demand(.touchConversation, orThrow: { .missing("conversation", message.conversation) }) {
            $0.time(message.createdAt)
            $0.id(movesLeaf ? message.id : nil)
            $0.id(message.conversation)
        }
        if let parent = message.parent { try require(parent, in: message.conversation) }
        try insert(.insertMessage, orThrow: .exists("message", message.id)) {
            $0.message(message)
            $0.int(message.status.isTerminal ? nil : owner)
        }
        try makeSearchable(message.id, words)
    }

    private func finish(_ id: MessageID, _ ending: MessageEnding, _ words: SearchText?) throws(PlenumError) {
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        let fault = { () throws(PlenumError) in try self.missingOrEnded("message", id, .messageStatus) }
        try demand(.finishMessage, orThrow: fault) {
            $0.status(ending.status)
            $0.parts(ending.parts, in: .assistant)
            $0.text(ending.model)
            $0.text(ending.provider)
            $0.id(ending.generation)
            $0.finish(ending.finish)
            $0.usage(ending.usage)
            $0.money(ending.cost)
            $0.error(ending.error)
            $0.time(ending.endedAt)
            $0.id(id)
        }
        try run(.touchConversationOfMessage) {
            $0.time(ending.endedAt)
            $0.id(id)
        }
        try run(.deleteProgressOfMessage) {
            $0.id(id)
            $0.id(id)
        }
        try makeSearchable(id, words)
    }

    /// Why no row in progress was found.
    func missingOrEnded<Subject>(
        _ what: String,
        _ id: Identifier<Subject>,
        _ status: SQLStatement
    ) throws(PlenumError) -> PlenumError {
        try exists(status) { $0.id(id) } ? .ended(what, id) : .missing(what, id)
    }

    private func delete(_ id: MessageID) throws(PlenumError) {
        try run(.moveLeafToParent) { arguments in for _ in 0..<3 { arguments.id(id) } }
        for statement in [
            SQLStatement.deleteContentOfMessage, .deleteProgressOfMessage, .dropAnswersOfMessage, .orphanAnswers,
        ] {
            try run(statement) {
                $0.id(id)
                $0.id(id)
            }
        }
        try run(.deleteSearchableMessage) { $0.id(id) }
        try demand(.deleteMessage, orThrow: { .missing("message", id) }) { $0.id(id) }
    }

    private func create(
        _ generation: Generation,
        _ content: GenerationContent?,
        _ owner: Int?
    ) throws(PlenumError) {
        let status = try generation.statusToStore()
        try insert(.insertGeneration, orThrow: .exists("generation", generation.id)) {
            $0.generation(generation, status: status)
            $0.int(status.isTerminal ? nil : owner)
        }
        guard let content else { return }
        try run(.insertContent) {
            $0.bytes(content.request)
            $0.bytes(content.reply)
            $0.id(generation.id)
        }
    }

    private func checkpoint(_ id: GenerationID, _ progress: Progress) throws(PlenumError) {
        try insert(
            .insertProgress,
            orThrow: .exists("checkpoint", "\(progress.sequence) of \(id)"),
            ifNone: { () throws(PlenumError) in try missingOrEnded("generation", id, .generationStatus) }
        ) {
            $0.int(progress.sequence)
            $0.bytes(of: progress.text)
            $0.bytes(of: progress.reasoning)
            $0.id(id)
        }
    }

    private func finish(_ id: GenerationID, _ ending: GenerationEnding, reply: [UInt8]?) throws(PlenumError) {
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        let fault = { () throws(PlenumError) in try self.missingOrEnded("generation", id, .generationStatus) }
        try demand(.finishGeneration, orThrow: fault) {
            $0.status(ending.status)
            $0.ending(ending)
            $0.id(id)
        }
        try run(.deleteProgress) { $0.id(id) }
        guard let reply else { return }
        try run(.setReply) {
            $0.bytes(reply)
            $0.id(id)
        }
    }
}
