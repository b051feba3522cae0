import PlenumCore

extension StorageModel {
    /// Applies one change; what a failed one has done by then is for ``commit(_:)`` to take back.
    mutating func apply(_ change: StorageChange) throws(PlenumError) {
        switch change {
        case .createConversation(let conversation): try create(conversation)
        case .updateConversation(let id, let patch): try update(id, patch)
        case .deleteConversation(let id): try delete(id)
        case .appendMessage(let message, let movesLeaf): try append(message, movesLeaf: movesLeaf)
        case .finishMessage(let id, let ending): try finish(id, ending)
        case .deleteMessage(let id): try delete(id)
        case .createGeneration(let generation, let content): try create(generation, content)
        case .checkpoint(let id, let progress): try checkpoint(id, progress)
        case .finishGeneration(let id, let ending, let reply): try finish(id, ending, reply: reply)
        case .reprice(let id, let cost, let source, let version): try reprice(id, cost, source, version)
        case .createRun(let run): try create(run)
        case .updateRun(let id, let patch): try update(id, patch)
        case .finishRun(let id, let ending): try finish(id, ending)
        case .reopenRun(let id): try reopen(id)
        case .requestStop(let id): try requestStop(id)
        case .postCommand(let command): try post(command)
        case .answerCommand(let id, let answer): try self.answer(id, answer)
        case .withdrawCommand(let id): try withdraw(id)
        case .appendRunEvents(let id, let events): try append(events, to: id)
        case .pruneRunEvents(let time): prune(endedBefore: time)
        case .claim(let claim): try take(claim)
        case .settleClaim(let key, let id, let status, let answer): try settle(key, id, status, answer)
        case .releaseClaim(let key, let id): try release(key, id)
        case .pruneClaims(let time): pruneClaims(createdBefore: time)
        case .keepCallState(let state): put(\.callStates, state.call, state)
        case .pruneCallStates(let time):
            for (call, state) in callStates where state.createdAt < time { put(\.callStates, call, nil) }
        }
    }

    private mutating func create(_ conversation: Conversation) throws(PlenumError) {
        if let leaf = conversation.leaf { throw .missing("message", leaf) }
        guard conversations[conversation.id] == nil else { throw .exists("conversation", conversation.id) }
        put(\.conversations, conversation.id, conversation)
        if let title = conversation.title { makeSearchable(.title(conversation.id), title) }
    }

    private mutating func update(_ id: ConversationID, _ patch: ConversationPatch) throws(PlenumError) {
        guard var conversation = conversations[id] else { throw .missing("conversation", id) }
        if let leaf = patch.leaf {
            guard messages[leaf]?.record.conversation == id else { throw .missing("message", leaf) }
        }
        conversation.title = patch.title ?? conversation.title
        conversation.model = patch.model ?? conversation.model
        conversation.leaf = patch.leaf ?? conversation.leaf
        conversation.isPinned = patch.isPinned ?? conversation.isPinned
        conversation.isArchived = patch.isArchived ?? conversation.isArchived
        conversation.metadata = patch.metadata ?? conversation.metadata
        conversation.updatedAt = max(conversation.updatedAt, patch.updatedAt)
        put(\.conversations, id, conversation)
        if let title = patch.title { makeSearchable(.title(id), title) }
    }

    private mutating func delete(_ id: ConversationID) throws(PlenumError) {
        guard conversations[id] != nil else { throw .missing("conversation", id) }
        let messageIDs = messagesOfConversation[id] ?? []
        let runIDs = runs.values.filter { $0.record.conversation == id }.map(\.record.id)
        var wordless = Set(generations.values.filter { $0.record.conversation == id }.map(\.record.id))
        for messageID in messageIDs { wordless.formUnion(messages[messageID].map { generations(of: $0.record) } ?? []) }
        for runID in runIDs { wordless.formUnion(generationsOfRun[runID] ?? []) }
        dropWords(of: wordless)
        for messageID in messageIDs {
            remove(\.messagesOfRun, messages[messageID]?.record.run, messageID)
            put(\.messages, messageID, nil)
            put(\.searchable, .message(messageID), nil)
        }
        dropCommands { runIDs.contains($0.run) }
        for runID in runIDs {
            put(\.events, runID, nil)
            put(\.runs, runID, nil)
        }
        put(\.messagesOfConversation, id, nil)
        put(\.conversations, id, nil)
        put(\.searchable, .title(id), nil)
    }

    private mutating func dropWords(of ids: Set<GenerationID>) {
        for id in ids {
            put(\.contents, id, nil)
            put(\.checkpoints, id, nil)
        }
        dropAnswers(of: ids)
    }

    /// Moves a conversation's `updatedAt` forward.
    private mutating func touch(_ id: ConversationID, at time: Timestamp, leaf: MessageID? = nil) throws(PlenumError) {
        guard var conversation = conversations[id] else { throw .missing("conversation", id) }
        conversation.updatedAt = max(conversation.updatedAt, time)
        conversation.leaf = leaf ?? conversation.leaf
        put(\.conversations, id, conversation)
    }

    private mutating func append(_ message: Message, movesLeaf: Bool) throws(PlenumError) {
        try touch(message.conversation, at: message.createdAt, leaf: movesLeaf ? message.id : nil)
        if let parent = message.parent {
            guard messages[parent]?.record.conversation == message.conversation else {
                throw .missing("message", parent)
            }
        }
        guard messages[message.id] == nil else { throw .exists("message", message.id) }
        put(\.messages, message.id, Stored(number: number(), record: message))
        put(\.owners, .message(message.id), message.status.isTerminal ? nil : owner)
        append(\.messagesOfConversation, message.conversation, message.id)
        append(\.messagesOfRun, message.run, message.id)
        makeSearchable(message)
    }

    private mutating func finish(_ id: MessageID, _ ending: MessageEnding) throws(PlenumError) {
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        guard var stored = messages[id] else { throw .missing("message", id) }
        guard !stored.record.status.isTerminal else { throw .ended("message", id) }
        stored.record.end(ending)
        put(\.messages, id, stored)
        makeSearchable(stored.record)
        try touch(stored.record.conversation, at: ending.endedAt)
        for generation in generations(of: stored.record) { put(\.checkpoints, generation, nil) }
    }

    private mutating func delete(_ id: MessageID) throws(PlenumError) {
        guard let message = messages[id]?.record else { throw .missing("message", id) }
        if var conversation = conversations[message.conversation], conversation.leaf == id {
            conversation.leaf = message.parent
            put(\.conversations, conversation.id, conversation)
        }
        dropWords(of: generations(of: message))
        for sibling in messagesOfConversation[message.conversation] ?? [] {
            guard var stored = messages[sibling], stored.record.parent == id else { continue }
            stored.record.parent = nil
            put(\.messages, sibling, stored)
        }
        remove(\.messagesOfConversation, message.conversation, id)
        remove(\.messagesOfRun, message.run, id)
        put(\.messages, id, nil)
        put(\.searchable, .message(id), nil)
    }

    private mutating func create(_ generation: Generation, _ content: GenerationContent?) throws(PlenumError) {
        let status = try generation.statusToStore()
        guard generations[generation.id] == nil else { throw .exists("generation", generation.id) }
        var generation = generation
        generation.status = status
        put(\.generations, generation.id, Stored(number: number(), record: generation))
        put(\.owners, .generation(generation.id), status.isTerminal ? nil : owner)
        append(\.generationsOfMessage, generation.message, generation.id)
        append(\.generationsOfRun, generation.run, generation.id)
        if let content { put(\.contents, generation.id, content) }
    }

    private func unfinished(_ id: GenerationID) throws(PlenumError) -> Stored<Generation> {
        guard let stored = generations[id] else { throw .missing("generation", id) }
        guard !stored.record.status.isTerminal else { throw .ended("generation", id) }
        return stored
    }

    private mutating func checkpoint(_ id: GenerationID, _ progress: Progress) throws(PlenumError) {
        _ = try unfinished(id)
        var list = checkpoints[id] ?? []
        guard !list.contains(where: { $0.sequence == progress.sequence }) else {
            throw .exists("checkpoint", "\(progress.sequence) of \(id)")
        }
        let place = list.firstIndex { $0.sequence > progress.sequence } ?? list.endIndex
        list.insert(progress, at: place)
        put(\.checkpoints, id, list)
    }

    private mutating func finish(
        _ id: GenerationID,
        _ ending: GenerationEnding,
        reply: [UInt8]?
    ) throws(PlenumError) {
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        var stored = try unfinished(id)
        stored.record.status = ending.status
        stored.record.ending = ending
        put(\.generations, id, stored)
        put(\.checkpoints, id, nil)
        if let reply, var content = contents[id] {
            content.reply = reply
            put(\.contents, id, content)
        }
    }
}
