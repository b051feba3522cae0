public import PlenumCore

extension Engine {
    /// The most messages of a path that a fork takes along.
    static let forkLimit = 100_000

    /// Copies the path from the root to a message into a new conversation, which goes on from there by itself.
    ///
    /// The copies have ids of their own and keep what was said, by which model and when. Tokens and costs stay with the
    /// originals, and so do runs and generations: the ledger counts each attempt once.
    /// - Parameters:
    ///   - id: the conversation that is forked.
    ///   - message: the message at which the path ends; the leaf if `nil`.
    ///   - title: the new title; the old one with a mark if `nil`.
    /// - Throws: `notFound` for a conversation or message that is not there, `conflict` while something on the path is
    ///   still being written, `invalidRequest` if there is nothing to fork.
    public func fork(
        _ id: ConversationID,
        at message: MessageID? = nil,
        title: String? = nil
    ) async throws(PlenumError) -> Conversation {
        try checkOpen()
        let origin = try await storage.conversation(id)
        guard let end = message ?? origin.leaf else {
            throw PlenumError(.invalidRequest, "This conversation has no message to fork at.", parameter: "message")
        }
        let path = try await forkedPath(of: origin, to: end)
        var fork = Conversation(id: ids.next(), createdAt: clock.now())
        fork.title = title ?? Self.forkedTitle(of: origin, path)
        fork.model = origin.model
        fork.metadata = origin.metadata
        fork.metadata["forked_from"] = [
            "conversation": .string(origin.id.description), "message": .string(end.description),
        ]
        var changes: [StorageChange] = [.createConversation(fork)]
        var parent: MessageID?
        for (index, original) in path.enumerated() {
            let copy = forked(original, into: fork.id, after: parent)
            changes.append(.appendMessage(copy, movesLeaf: index == path.count - 1))
            parent = copy.id
        }
        try await recorder.commitNew(changes)
        return try await storage.conversation(fork.id)
    }

    private func forkedPath(of origin: Conversation, to end: MessageID) async throws(PlenumError) -> [Message] {
        let path = try await storage.thread(endingAt: end, limit: Self.forkLimit)
        guard let first = path.first, first.conversation == origin.id else {
            throw PlenumError(
                .notFound,
                "There is no message \(end) in conversation \(origin.id).",
                parameter: "message"
            )
        }
        guard first.parent == nil else {
            throw PlenumError(.tooLarge, "A path of more than \(Self.forkLimit) messages cannot be forked.")
        }
        guard path.allSatisfy(\.status.isTerminal) else {
            throw PlenumError(
                .conflict,
                "A message on this path is still being written. Wait for it, cancel it, or fork at an earlier one.",
                parameter: "message",
                retryable: true,
                retryAfter: .seconds(1)
            )
        }
        return path
    }

    private static func forkedTitle(of origin: Conversation, _ path: [Message]) -> String? {
        let title = origin.title ?? path.first { $0.role == .user }.flatMap { Title.ofFirstWords($0.text) }
        return title.map { "\($0) (fork)" }
    }

    private func forked(
        _ original: Message,
        into conversation: ConversationID,
        after parent: MessageID?
    ) -> Message {
        var copy = Message(
            id: ids.next(),
            conversation: conversation,
            parent: parent,
            role: original.role,
            parts: original.parts,
            status: original.status,
            createdAt: original.createdAt
        )
        copy.model = original.model
        copy.provider = original.provider
        copy.finish = original.finish
        copy.error = original.error
        copy.endedAt = original.endedAt
        return copy
    }
}
