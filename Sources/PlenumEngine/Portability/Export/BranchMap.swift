import PlenumCore

/// Who follows whom in a conversation, without the words.
struct BranchMap {
    private struct Fork: Hashable {
        let parent: MessageID?
        let role: Turn.Role
    }

    private var forks: [MessageID: Fork] = [:]
    private var siblings: [Fork: [MessageID]] = [:]

    /// Takes a message in; those before it in the order of storing come first.
    mutating func add(_ message: Message) {
        let fork = Fork(parent: message.parent, role: message.role)
        forks[message.id] = fork
        siblings[fork, default: []].append(message.id)
    }

    /// The messages from the root to one.
    func path(to leaf: MessageID?) -> Set<MessageID> {
        var path: Set<MessageID> = []
        var next = leaf
        while let id = next, let fork = forks[id], path.insert(id).inserted { next = fork.parent }
        return path
    }

    /// Which of how many of the same role with the same parent a message is; `nil` for one without siblings.
    func place(of message: MessageID) -> (number: Int, count: Int)? {
        guard let all = forks[message].flatMap({ siblings[$0] }), all.count > 1,
            let index = all.firstIndex(of: message)
        else { return nil }
        return (index + 1, all.count)
    }
}
