import PlenumCore

extension Engine {
    /// The most messages of a conversation that are sent along.
    static let historyLimit = 1000

    /// Sets new turns into a conversation.
    /// - Throws: `notFound` for a conversation or parent that is not there, `conflict` while a reply is still coming.
    func thread(
        _ chat: ChatRequest,
        at place: ConversationPlace,
        model: ModelID,
        generation: GenerationID
    ) async throws(PlenumError) -> ConversationThread {
        let conversation: Conversation
        var history: [Message] = []
        if let begins = place.begins {
            conversation = begins
        } else {
            conversation = try await storage.conversation(place.conversation)
            history = try await self.history(of: conversation, at: place)
        }
        let now = clock.now()
        var parent = history.last?.id
        var questions: [Message] = []
        for turn in chat.turns {
            let question = Message(
                id: ids.next(),
                conversation: conversation.id,
                parent: parent,
                role: turn.role,
                parts: turn.parts,
                createdAt: now
            )
            questions.append(question)
            parent = question.id
        }
        var full = chat
        full.turns = Recollection.turns(history) + chat.turns
        var answer = Message(
            id: place.answer ?? ids.next(),
            conversation: conversation.id,
            parent: parent,
            role: .assistant,
            status: .inProgress,
            createdAt: now
        )
        answer.model = model.description
        answer.provider = model.provider
        answer.generation = generation
        let title = conversation.title == nil ? Title.ofFirstWords(chat.turns.map(\.text).joined(separator: " ")) : nil
        return ConversationThread(
            chat: full,
            questions: questions,
            answer: answer,
            hasHistory: !history.isEmpty,
            title: title,
            begins: place.begins
        )
    }

    /// The path from the root to a place, without what says nothing.
    func history(of conversation: Conversation, at place: ConversationPlace?) async throws(PlenumError) -> [Message] {
        let parent = place?.parent
        guard place?.isFirst != true, let start = parent ?? conversation.leaf else { return [] }
        let path = try await storage.thread(endingAt: start, limit: Self.historyLimit)
        guard let last = path.last, last.conversation == conversation.id else {
            throw PlenumError(
                .notFound,
                "There is no message \(start) in conversation \(conversation.id).",
                parameter: "parent"
            )
        }
        var isBusy = !path.allSatisfy(\.status.isTerminal)
        if !isBusy, parent == nil { isBusy = try await isAnswering(last) }
        if isBusy {
            throw PlenumError(
                .conflict,
                "A reply is still being written at the end of this conversation. Wait for it, cancel it, or name another parent.",
                retryable: true,
                retryAfter: .seconds(1)
            )
        }
        return path.filter { !$0.parts.isEmpty }
    }
}
