import PlenumCore

/// Of the records that a list of changes would add, those that are there already.
struct PresentRecords {
    var conversations: Set<ConversationID> = []
    var messages: Set<MessageID> = []
    var runs: Set<RunID> = []
    var generations: Set<GenerationID> = []
    var events: [RunID: Set<Int>] = [:]
    var checkpoints: [GenerationID: Set<Int>] = [:]
    /// Generations that take no more checkpoints.
    var ended: Set<GenerationID> = []

    /// What is left of a change; `nil` if all of it is there.
    func remainder(_ change: StorageChange) -> StorageChange? {
        switch change {
        case .createConversation(let conversation): conversations.contains(conversation.id) ? nil : change
        case .appendMessage(let message, _): messages.contains(message.id) ? nil : change
        case .createRun(let run): runs.contains(run.id) ? nil : change
        case .createGeneration(let generation, _): generations.contains(generation.id) ? nil : change
        case .appendRunEvents(let run, let added): remainder(of: added, in: run)
        case .checkpoint(let id, let progress):
            ended.contains(id) || checkpoints[id]?.contains(progress.sequence) == true ? nil : change
        default: change
        }
    }

    private func remainder(of added: [RunEvent], in run: RunID) -> StorageChange? {
        guard let there = events[run] else { return .appendRunEvents(run, added) }
        let left = added.filter { !there.contains($0.sequence) }
        return left.isEmpty ? nil : .appendRunEvents(run, left)
    }
}

extension StorageChange {
    /// The conversation that the change adds.
    var newConversation: ConversationID? {
        if case .createConversation(let conversation) = self { conversation.id } else { nil }
    }

    /// The message that the change adds.
    var newMessage: MessageID? {
        if case .appendMessage(let message, _) = self { message.id } else { nil }
    }

    /// The run that the change adds.
    var newRun: RunID? {
        if case .createRun(let run) = self { run.id } else { nil }
    }

    /// The generation that the change adds.
    var newGeneration: GenerationID? {
        if case .createGeneration(let generation, _) = self { generation.id } else { nil }
    }

    /// The numbers of the events that the change adds, and the run that they are added to.
    var newEvents: (RunID, [Int])? {
        if case .appendRunEvents(let run, let events) = self { (run, events.map(\.sequence)) } else { nil }
    }

    /// The number of the checkpoint that the change adds, and the generation that it is added to.
    var newCheckpoint: (GenerationID, Int)? {
        if case .checkpoint(let id, let progress) = self { (id, progress.sequence) } else { nil }
    }
}
