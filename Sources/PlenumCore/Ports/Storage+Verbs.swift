/// The verbs that callers use, derived from the two things a backend does.
extension Storage {
    /// Adds a conversation.
    public func createConversation(_ conversation: Conversation) async throws(PlenumError) {
        try await commit([.createConversation(conversation)])
    }

    /// Lists conversations by their last change.
    public func conversations(
        page: PageRequest<ConversationID> = PageRequest()
    ) async throws(PlenumError) -> Page<Conversation> {
        try await conversations(matching: ConversationFilter(), page: page)
    }

    /// Changes a conversation and gives it as it then is.
    public func updateConversation(
        _ id: ConversationID,
        _ patch: ConversationPatch
    ) async throws(PlenumError) -> Conversation {
        try await commit([.updateConversation(id, patch)])
        return try await conversation(id)
    }

    /// Removes a conversation.
    public func deleteConversation(_ id: ConversationID) async throws(PlenumError) {
        try await commit([.deleteConversation(id)])
    }

    /// Adds a message after which the conversation goes on.
    public func addMessage(_ message: Message) async throws(PlenumError) {
        try await commit([.appendMessage(message, movesLeaf: true)])
    }

    /// Begins a reply: the question if it is new, the answer's place, and the attempt, in one transaction.
    public func beginReply(
        question: Message?,
        answer: Message,
        generation: Generation,
        content: GenerationContent?
    ) async throws(PlenumError) {
        let asked: [StorageChange] = question.map { [.appendMessage($0, movesLeaf: true)] } ?? []
        try await commit(asked + [.appendMessage(answer, movesLeaf: true), .createGeneration(generation, content)])
    }

    /// Keeps what replies have shown since their last checkpoints, all in one transaction.
    public func checkpoint(_ progress: [(GenerationID, Progress)]) async throws(PlenumError) {
        try await commit(progress.map { .checkpoint($0.0, $0.1) })
    }

    /// Ends a reply: message and attempt, in one transaction.
    public func finishReply(
        _ message: MessageID,
        _ ending: MessageEnding,
        generation: GenerationID,
        _ generationEnding: GenerationEnding,
        reply: [UInt8]?
    ) async throws(PlenumError) {
        try await commit([
            .finishGeneration(generation, generationEnding, reply: reply), .finishMessage(message, ending),
        ])
    }

    /// Keeps an attempt that has ended already, with its words.
    public func recordGeneration(
        _ generation: Generation,
        content: GenerationContent?
    ) async throws(PlenumError) {
        try await commit([.createGeneration(generation, content)])
    }

    /// Adds events to a run.
    public func appendEvents(_ events: [RunEvent], to run: RunID) async throws(PlenumError) {
        try await commit([.appendRunEvents(run, events)])
    }
}
