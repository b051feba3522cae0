import Hummingbird
import PlenumCore
import PlenumEngine
import PlenumWire

/// OpenAI's Responses: the door, and what was stored behind it.
struct ResponseRoutes: Sendable {
    let engine: Engine
    let configuration: DoorConfiguration
    private let format = OpenAIResponsesFormat()

    init(engine: Engine, configuration: DoorConfiguration) {
        self.engine = engine
        self.configuration = configuration
    }

    func add(to group: RouterGroup<DoorContext>) {
        let placing = StoredResponses(keepsWords: configuration.keepsWords)
        let door = CompletionDoor(format, "/responses", engine, configuration, placing: placing)
        let counter = TokenCounter(engine: engine, configuration: configuration)
        group.post("/responses") { request, context in try await door.answer(request, context) }
        group.post("/responses/input_tokens") { request, _ in try await counter.count(request, in: format) }
        group.get("/responses/:response") { _, context in try await show(try await message(context)) }
        group.delete("/responses/:response") { _, context in try await delete(try await message(context)) }
        group.post("/responses/:response/cancel") { _, context -> Response in
            _ = try await message(context)
            throw PlenumError(.invalidRequest, "Only a response that was begun with \"background\" can be cancelled.")
        }
        group.get("/responses/:response/input_items") { request, context in
            try await inputItems(of: try await message(context), request)
        }
    }

    private func message(_ context: DoorContext) async throws -> Message {
        try await StoredResponses.message(try context.parameters.require("response"), in: engine)
    }

    /// Writes a stored response as it was given, or as far as it has come.
    private func show(_ message: Message) async throws -> Response {
        var identity = ReplyIdentity(
            id: StoredResponses.id(of: message.id),
            created: message.createdAt.seconds,
            model: message.model ?? ""
        )
        if let generation = message.generation, let words = try await engine.storage.content(of: generation),
            let request = try? format.readRequest(words.request)
        {
            identity.request = format.echo(of: request)
        }
        return .json(ResponseView.of(message, as: identity, in: format).bytes)
    }

    /// Deletes a response; a conversation of responses goes with its last one.
    private func delete(_ message: Message) async throws -> Response {
        try await engine.storage.commit([.deleteMessage(message.id)])
        let conversation = try await engine.storage.conversation(message.conversation)
        if conversation.metadata == StoredResponses.metadata {
            let left = try await engine.storage.messages(in: conversation.id, page: PageRequest())
            if !left.elements.contains(where: { $0.role == .assistant && $0.generation != nil }), !left.hasMore {
                try await engine.storage.deleteConversation(conversation.id)
            }
        }
        return .json(ListJSON.deleted(StoredResponses.id(of: message.id), "response"))
    }

    /// Lists what was asked: what stands between the response before it and this one, the last first unless asked otherwise.
    private func inputItems(of message: Message, _ request: Request) async throws -> Response {
        let thread = try await engine.storage.thread(endingAt: message.id, limit: 1000).dropLast()
        let start = thread.lastIndex { $0.role == .assistant && $0.generation != nil }.map { $0 + 1 } ?? 0
        var items = thread[start...].flatMap { asked in
            format.items(of: Turn(asked.role, asked.parts), id: asked.id.description)
        }
        if request.uri.queryParameters["order"] != "asc" { items.reverse() }
        let limit = request.uri.queryParameters["limit"].flatMap { Int($0) } ?? 20
        let page = items.prefix(min(max(limit, 1), 100))
        return .json([
            "object": "list", "data": .array(Array(page)), "first_id": page.first?["id"] ?? .null,
            "last_id": page.last?["id"] ?? .null, "has_more": .bool(page.count < items.count),
        ])
    }
}
