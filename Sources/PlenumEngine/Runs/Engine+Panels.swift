public import PlenumCore

extension Engine {
    /// Who sits in a panel where nobody was named: models that can be asked, of as many makers as there are, in the order of
    /// the list; where there are too few models, the first ones sit there twice.
    public func defaultPanel(count: Int) throws(PlenumError) -> [String] {
        var families: Set<String> = []
        var panel: [String] = []
        let available = catalogue.models.filter(\.isAvailable)
        for deployment in available where families.insert(ModelFamily.of(deployment.model.id)).inserted {
            panel.append(deployment.model.id.description)
        }
        let others = available.map(\.model.id.description).filter { !panel.contains($0) }
        panel = Array((panel + others).prefix(count))
        guard !panel.isEmpty else {
            throw PlenumError(.notFound, "No model can be asked: set a key, or name \"models\".", parameter: "models")
        }
        while panel.count < count { panel.append(panel[panel.count % max(1, Set(panel).count)]) }
        return panel
    }

    /// Makes a conversation of turns that a client has sent, all but the last, which is to be asked.
    /// - Parameters:
    ///   - turns: what was said, the last one a user's.
    ///   - place: the conversation that they belong to; a new one that is put away if `nil`.
    /// - Returns: the place of the question, and the question.
    public func lay(
        _ turns: [Turn],
        at place: ConversationPlace?,
        metadata: JSONObject
    ) async throws(PlenumError) -> (ConversationPlace, [ContentPart]) {
        guard let last = turns.last, last.role == .user, !last.parts.isEmpty else {
            throw PlenumError(.invalidRequest, "The last message must be the user's.", parameter: "messages")
        }
        var changes: [StorageChange] = []
        var parent: MessageID?
        var id = place?.conversation
        if let place {
            let conversation = try await storage.conversation(place.conversation)
            parent = try await history(of: conversation, at: place).last?.id
        } else {
            let conversation = Conversation(
                id: ids.next(),
                title: Title.ofFirstWords(last.text),
                isArchived: true,
                metadata: metadata,
                createdAt: clock.now()
            )
            changes.append(.createConversation(conversation))
            id = conversation.id
        }
        guard let id else { throw PlenumError(.internal, "There is no conversation.") }
        for turn in turns.dropLast() where turn.role == .user || turn.role == .assistant {
            let message = Message(
                id: ids.next(),
                conversation: id,
                parent: parent,
                role: turn.role,
                parts: turn.parts,
                createdAt: clock.now()
            )
            changes.append(.appendMessage(message, movesLeaf: true))
            parent = message.id
        }
        if !changes.isEmpty { try await recorder.commitNew(changes) }
        return (ConversationPlace(conversation: id, parent: parent), last.parts)
    }
}
