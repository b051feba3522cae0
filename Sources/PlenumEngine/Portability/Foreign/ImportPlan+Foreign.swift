import PlenumCore

/// A foreign conversation as it would be here.
extension ImportPlan {
    /// The most characters of a title that is taken over.
    private static let titleLimit = 500
    /// How far up an answer looks for the thoughts before it.
    private static let reach = 16
    /// How far ahead of this machine's clock a file's may be, in milliseconds.
    private static let tolerance: Int64 = 86_400_000

    init(
        _ foreign: ForeignConversation,
        from format: ImportFormat,
        _ digest: ImportDigest,
        now: Timestamp
    ) {
        let identity = ForeignIdentity(of: foreign.id, createdAt: foreign.createdAt, in: format, digest)
        func believed(_ time: Timestamp?) -> Timestamp? {
            time.flatMap { $0.milliseconds <= now.milliseconds + Self.tolerance ? $0 : nil }
        }
        let branches = BranchOrder(
            parents: foreign.nodes.map(\.parent),
            isKept: foreign.nodes.map { $0.message != nil },
            ranks: foreign.nodes.map { believed($0.createdAt)?.milliseconds }
        )
        let times = branches.order.compactMap { believed(foreign.nodes[$0].createdAt) }
        let createdAt = believed(foreign.createdAt) ?? times.first ?? now
        conversation = Conversation(
            id: identity.conversationID,
            createdAt: createdAt,
            updatedAt: believed(foreign.updatedAt) ?? times.max() ?? createdAt
        )
        conversation.metadata["imported_from"] = [
            "format": .string(format.rawValue), "id": .string(String(foreign.id.prefix(200))),
        ]
        var made: [Int: Message] = [:]
        for index in branches.order {
            guard let source = foreign.nodes[index].message else { continue }
            let parent = branches.ancestors[index].flatMap { made[$0] }
            var message = Message(
                id: identity.messageID(foreign.nodes[index].id),
                conversation: conversation.id,
                parent: parent?.id,
                role: source.role,
                parts: Self.thoughts(before: index, in: foreign.nodes, source.role) + source.parts,
                status: source.status,
                createdAt: believed(foreign.nodes[index].createdAt) ?? parent?.createdAt ?? createdAt
            )
            if let model = source.model, let provider = format.provider {
                (message.model, message.provider) = ("\(provider)/\(model)", provider)
            }
            message.finish = source.finish
            made[index] = message
            messages.append(message)
        }
        conversation.title = Self.title(foreign.title, messages)
        leaf =
            foreign.leaf.flatMap { (made[$0] ?? branches.ancestors[$0].flatMap { made[$0] })?.id } ?? messages.last?.id
        leftOut = foreign.nodes.count { if case .leftOut = $0.content { true } else { false } }
    }

    /// What the model thought between the message before and its answer.
    private static func thoughts(before index: Int, in nodes: [ForeignNode], _ role: Turn.Role) -> [ContentPart] {
        guard role == .assistant else { return [] }
        var found: [ContentPart] = []
        var next = nodes[index].parent
        for _ in 0..<reach {
            guard let node = next, nodes[node].message == nil else { break }
            if case .thoughts(let text) = nodes[node].content { found.insert(.reasoning(Reasoning(text)), at: 0) }
            next = nodes[node].parent
        }
        return found
    }

    /// The title of the file, else one of the first words.
    private static func title(_ given: String?, _ messages: [Message]) -> String? {
        if let given, given.contains(where: { !$0.isWhitespace }) { return String(given.prefix(titleLimit)) }
        return messages.first { $0.role == .user }.flatMap { Title.ofFirstWords($0.text) }
    }
}
