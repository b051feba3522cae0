import PlenumCore

/// Conversations of ten messages each, stored in large commits as fast as the storage takes them.
struct Filling {
    /// How many messages a conversation has.
    static let messages = 10
    /// How many conversations a commit adds.
    private static let batch = 50
    /// A word that only the oldest conversations have, half of their messages: common once, and not any more.
    static let bygone = "bygone"
    /// How many conversations have it.
    private static let bygones = 10_000

    var text = NaturalText()
    private(set) var ids: [ConversationID] = []

    /// Adds conversations until there are so many. Those of an earlier filling are left as they are.
    mutating func fill(_ storage: any Storage, to count: Int) async throws(PlenumError) {
        let there = try await storage.count().conversations
        while ids.count < count {
            var changes: [StorageChange] = []
            for _ in 0..<min(Self.batch, count - ids.count) { add(to: &changes) }
            if ids.count > there { try await persist(changes, in: storage) }
        }
    }

    /// Commits, and again where a server had too much to do to answer in time: it may have kept them all the same.
    private func persist(_ changes: [StorageChange], in storage: any Storage) async throws(PlenumError) {
        var left = changes
        for attempt in 1... where !left.isEmpty {
            do throws(PlenumError) { return try await storage.commit(left) } catch {
                guard error.code == .storage, error.isRetryable, attempt < 10 else { throw error }
            }
            try? await Task.sleep(for: .seconds(1))
            left = try await storage.absent(from: changes)
        }
    }

    private func id<Subject>(_ number: Int) -> Identifier<Subject> {
        Identifier(high: 0x0199_0000_0000_7000 | UInt64(number) << 16 & ~0xF000, low: 1 << 63 | UInt64(number))
    }

    private mutating func add(to changes: inout [StorageChange]) {
        let number = ids.count
        let time = Timestamp(milliseconds: 1_790_000_000_000 + Int64(number) * 60_000)
        var conversation = Conversation(id: id(number), createdAt: time)
        conversation.title = text.text(6)
        conversation.isArchived = text.below(10) == 0
        changes.append(.createConversation(conversation))
        var parent: MessageID?
        for index in 0..<Self.messages {
            let words = text.text(60) + (number < Self.bygones && index % 2 == 0 ? " \(Self.bygone)" : "")
            var message = Message(
                id: id(number * Self.messages + index),
                conversation: conversation.id,
                parent: parent,
                role: index % 2 == 0 ? .user : .assistant,
                parts: [.text(words)],
                createdAt: Timestamp(milliseconds: time.milliseconds + Int64(index) * 1000)
            )
            if message.role == .assistant { message.model = "simulated/size" }
            changes.append(.appendMessage(message, movesLeaf: true))
            parent = message.id
        }
        ids.append(conversation.id)
    }
}
