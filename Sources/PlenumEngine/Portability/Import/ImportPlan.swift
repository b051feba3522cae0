import PlenumCore

/// A conversation of a file as it would be here.
struct ImportPlan: Sendable {
    /// The conversation, without a leaf.
    var conversation: Conversation
    /// Its messages, each behind the one that it follows.
    var messages: [Message] = []
    /// The message after which it goes on.
    var leaf: MessageID?
    /// How many messages of the file are not among them.
    var leftOut = 0
    /// Whether it is worth adding without any message.
    var isKeptEmpty = false

    /// About how many bytes it holds.
    var byteCount: Int { messages.reduce(1024) { $0 + 512 + $1.parts.byteCount } }

    /// What those are told by who look for it: its title, else its id.
    var name: String { conversation.title ?? conversation.id.description }

    /// Reads a conversation of a file.
    /// - Throws: `invalidRequest` that says what is wrong with it.
    init(
        of json: JSONValue,
        in format: ImportFormat,
        _ digest: ImportDigest,
        now: Timestamp
    ) throws(PlenumError) {
        switch format {
        case .plenum: try self.init(exported: json)
        case .chatGPT: self.init(try ChatGPTConversation.read(json), from: format, digest, now: now)
        case .claude: self.init(try ClaudeConversation.read(json), from: format, digest, now: now)
        }
    }

    /// Takes over a conversation of Plenum's own export, ids and all.
    private init(exported json: JSONValue) throws(PlenumError) {
        guard let items = json["items"]?.array else { throw .unportable("items") }
        do {
            conversation = try Conversation(exported: json["conversation"] ?? .null)
        } catch {
            throw error.inside("conversation")
        }
        var read: [Message] = []
        var indices: [MessageID: Int] = [:]
        for (index, item) in items.enumerated() {
            do {
                let message = try Message(exported: item, in: conversation.id)
                guard indices[message.id] == nil else { continue }
                indices[message.id] = read.count
                read.append(message)
            } catch {
                throw error.inside("items[\(index)]")
            }
        }
        let branches = BranchOrder(
            parents: read.map { $0.parent.flatMap { indices[$0] } },
            isKept: Array(repeating: true, count: read.count),
            ranks: read.indices.map { Int64($0) }
        )
        messages = branches.order.map { index in
            var message = read[index]
            message.parent = branches.ancestors[index].map { read[$0].id }
            return message
        }
        leftOut = items.count - read.count
        isKeptEmpty = true
        guard let leaf = json["conversation"]?["leaf"], !leaf.isNull else { return }
        self.leaf = leaf.string.flatMap(MessageID.init).flatMap { indices[$0] == nil ? nil : $0 } ?? messages.last?.id
    }
}
