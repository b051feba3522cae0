import Hummingbird
import PlenumCore
import PlenumEngine

/// Conversations and their items: OpenAI's Conversations API with a list, titles, pins and search.
struct ConversationRoutes: Sendable {
    let engine: Engine
    let bodyLimit: Int

    func add(to group: RouterGroup<DoorContext>) {
        group.post("/conversations") { request, _ in try await create(request) }
        group.get("/conversations") { request, _ in try await list(request) }
        group.get("/conversations/:conversation") { _, context in
            Response.json(try await engine.storage.conversation(try context.id("conversation", "conversation")).view)
        }
        group.post("/conversations/:conversation") { request, context in try await update(request, context) }
        group.delete("/conversations/:conversation") { _, context in
            let id: ConversationID = try context.id("conversation", "conversation")
            try await engine.storage.deleteConversation(id)
            return Response.json(ListJSON.deleted(id.description, "conversation"))
        }
        group.post("/conversations/:conversation/fork") { request, context in try await fork(request, context) }
        group.get("/conversations/:conversation/items") { request, context in try await items(request, context) }
        group.post("/conversations/:conversation/items") { request, context in try await add(request, context) }
        group.get("/conversations/:conversation/items/:item") { _, context in
            let item = try await item(context)
            return Response.json(item.view(hiding: try await engine.runsInHiding([item])))
        }
        group.delete("/conversations/:conversation/items/:item") { _, context in
            let item = try await item(context)
            try await engine.storage.commit([.deleteMessage(item.id)])
            return Response.json(try await engine.storage.conversation(item.conversation).view)
        }
    }

    private func create(_ request: Request) async throws -> Response {
        let body = try await request.object(upTo: bodyLimit)
        var conversation = Conversation(id: engine.ids.next(), createdAt: engine.clock.now())
        conversation.title = try body.text("title")
        conversation.model = try model(body)
        conversation.isPinned = try body.flag("pinned") ?? false
        conversation.isArchived = try body.flag("archived") ?? false
        conversation.metadata = try body.members("metadata") ?? JSONObject()
        var changes: [StorageChange] = []
        var parent: MessageID?
        for message in try messages(body["items"], "items", conversation.id, after: &parent) {
            changes.append(.appendMessage(message, movesLeaf: true))
            if conversation.title == nil, message.role == .user {
                conversation.title = Title.ofFirstWords(message.text)
            }
        }
        try await engine.storage.commit([.createConversation(conversation)] + changes)
        return .json(try await engine.storage.conversation(conversation.id).view)
    }

    private func list(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let isArchived = query["archived"].map { $0 == "true" }
        if let words = query["q"], !words.isEmpty { return try await search(String(words), isArchived, request) }
        let filter = ConversationFilter(isArchived: isArchived, isPinned: query["pinned"].map { $0 == "true" })
        let page = try await engine.storage.conversations(matching: filter, page: try request.page())
        return .json(ListJSON.page(page, id: \.id.description, \.view))
    }

    private func update(_ request: Request, _ context: DoorContext) async throws -> Response {
        let body = try await request.object(upTo: bodyLimit)
        var patch = ConversationPatch(updatedAt: engine.clock.now())
        patch.title = try body.text("title")
        patch.model = try model(body)
        patch.leaf = try body.id("leaf")
        patch.isPinned = try body.flag("pinned")
        patch.isArchived = try body.flag("archived")
        patch.metadata = try body.members("metadata")
        let id: ConversationID = try context.id("conversation", "conversation")
        if let leaf = patch.leaf, try await engine.storage.message(leaf).conversation != id {
            throw PlenumError(.notFound, "There is no message \(leaf) in this conversation.", parameter: "leaf")
        }
        return .json(try await engine.storage.updateConversation(id, patch).view)
    }

    /// A default model must be one that there is.
    private func model(_ body: JSONObject) throws(PlenumError) -> String? {
        guard let name = try body.text("model") else { return nil }
        return try engine.catalogue.deployment(named: name).model.id.description
    }

    private func items(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id: ConversationID = try context.id("conversation", "conversation")
        let page = try await engine.storage.messages(in: id, page: try request.page(order: .ascending))
        let hidden = try await engine.runsInHiding(page.elements)
        return .json(ListJSON.page(page, id: \.id.description) { $0.view(hiding: hidden) })
    }

    private func add(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id: ConversationID = try context.id("conversation", "conversation")
        let body = try await request.object(upTo: bodyLimit)
        let conversation = try await engine.storage.conversation(id)
        // A parent that is said to be none makes a first message beside the first one.
        var parent = body["parent"] == .null ? nil : try body.id("parent") ?? conversation.leaf
        let messages = try messages(body["items"] ?? .array([.object(body)]), "items", id, after: &parent)
        var changes: [StorageChange] = messages.map { .appendMessage($0, movesLeaf: true) }
        if conversation.title == nil,
            let title = messages.first(where: { $0.role == .user }).flatMap({ Title.ofFirstWords($0.text) })
        {
            var patch = ConversationPatch(updatedAt: engine.clock.now())
            patch.title = title
            changes.append(.updateConversation(id, patch))
        }
        try await engine.storage.commit(changes)
        return .json(ListJSON.page(Page(messages, hasMore: false), id: \.id.description, \.view))
    }

    private func item(_ context: DoorContext) async throws -> Message {
        let conversation: ConversationID = try context.id("conversation", "conversation")
        let message = try await engine.storage.message(try context.id("item", "message"))
        guard message.conversation == conversation else {
            throw PlenumError(.notFound, "There is no message \(message.id) in this conversation.")
        }
        return message
    }

    /// Reads items, each following the one before.
    private func messages(
        _ items: JSONValue?,
        _ path: String,
        _ conversation: ConversationID,
        after parent: inout MessageID?
    ) throws(PlenumError) -> [Message] {
        guard let items, items != .null else { return [] }
        guard let array = items.array, array.count <= 100 else {
            throw PlenumError(.invalidRequest, "\"\(path)\" must be a list of at most 100 items.", parameter: path)
        }
        var messages: [Message] = []
        for (index, item) in array.enumerated() {
            let role = item["role"]?.string.flatMap(Turn.Role.init) ?? (item["role"] == nil ? .user : nil)
            guard let role, role != .tool else {
                throw PlenumError(
                    .invalidRequest,
                    "The role must be user, assistant or system.",
                    parameter: "\(path)[\(index)].role"
                )
            }
            let parts = try InputParts.read(item["content"], path: "\(path)[\(index)].content")
            var message = Message(
                id: engine.ids.next(),
                conversation: conversation,
                parent: parent,
                role: role,
                parts: parts,
                createdAt: engine.clock.now()
            )
            message.model = item["model"]?.string
            messages.append(message)
            parent = message.id
        }
        return messages
    }
}

/// Content as clients write it: a text, or a list of parts.
enum InputParts {
    static func read(_ value: JSONValue?, path: String) throws(PlenumError) -> [ContentPart] {
        switch value {
        case .string(let text)? where !text.isEmpty: return [.text(text)]
        case .array(let elements)? where !elements.isEmpty:
            var parts: [ContentPart] = []
            for (index, element) in elements.enumerated() {
                guard let part = ContentPart(json: element) else {
                    throw PlenumError(
                        .invalidRequest,
                        "This part has no type that is known, or lacks what its type needs.",
                        parameter: "\(path)[\(index)]"
                    )
                }
                parts.append(part)
            }
            return parts
        default:
            throw PlenumError(
                .invalidRequest,
                "\"\(path)\" must be a text or a list of parts, and not empty.",
                parameter: path
            )
        }
    }
}
