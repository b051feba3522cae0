import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumWire

/// The OpenAI Chat Completions door.
struct ChatRoutes: Sendable {
    let engine: Engine
    let configuration: DoorConfiguration
    let format = OpenAIChatFormat()

    init(engine: Engine, configuration: DoorConfiguration) {
        self.engine = engine
        self.configuration = configuration
    }

    func add(to group: RouterGroup<DoorContext>) {
        group.post("/chat/completions") { request, context in
            let body = try await request.bytes(upTo: configuration.bodyLimit)
            let head = try format.scanRequest(body)
            if let panel = VirtualModel(name: head.model) {
                let door = PanelDoor(engine: engine, format: format)
                return try await door.answer(panel, request, head, body, at: try place(head), within: context.quota)
            }
            let claim = try IdempotencyKey.read(request, route: "POST /chat/completions") {
                try JSONValue(parsing: body).object ?? JSONObject()
            }
            if let claim, let held = try await engine.claim(for: claim) {
                return try ClaimReplay.completion(held, isStreamed: head.stream)
            }
            var ask = try await ask(head, body)
            ask.limit = try RequestTimeout.read(request)
            ask.claim = claim.map(completionClaim)
            return head.stream ? try await stream(ask, head, on: context.channel) : try await whole(ask)
        }
    }

    private func ask(_ head: DoorHead, _ body: [UInt8]) async throws(PlenumError) -> CompletionAsk {
        let place = try place(head)
        let model = try await model(head, place)
        let fallbacks = try fallbacks(head, besides: model)
        let deployment = try engine.catalogue.availableDeployment(among: [model] + fallbacks)
        // The client's bytes go through as they are where nothing in them must change.
        let passes = deployment.provider.dialect == format.dialect && place == nil
        let prompt: CompletionRequest.Prompt =
            passes ? .verbatim(head.verbatim(body)) : .chat(try format.readRequest(body).chat)
        let keeps = configuration.keepsWords && head.store != false
        return CompletionAsk(
            model: model,
            fallbacks: fallbacks,
            prompt: prompt,
            isStreamed: head.stream,
            door: format.dialect,
            body: keeps ? body : nil,
            place: place
        )
    }

    /// The model asked for, or else the conversation's own.
    private func model(_ head: DoorHead, _ place: ConversationPlace?) async throws(PlenumError) -> String {
        if let model = head.model ?? head.models.first, !model.isEmpty { return model }
        if let place, let model = try await engine.storage.conversation(place.conversation).model { return model }
        throw PlenumError(
            .invalidRequest,
            "\"model\" is missing: name a model of GET /v1/models.",
            parameter: "model"
        )
    }

    /// OpenRouter's `models`: who is asked when the first cannot answer.
    private func fallbacks(_ head: DoorHead, besides model: String) throws(PlenumError) -> [String] {
        guard head.models.count <= Self.mostModels else {
            throw PlenumError(
                .invalidRequest,
                "\"models\" names \(head.models.count) models; \(Self.mostModels) are the most.",
                parameter: "models"
            )
        }
        var names: [String] = []
        for name in head.models where name != model && !names.contains(name) { names.append(name) }
        return names
    }

    /// The most names in `models`.
    private static let mostModels = 8

    private func place(_ head: DoorHead) throws(PlenumError) -> ConversationPlace? {
        guard let text = head.conversation else { return nil }
        guard let conversation = ConversationID(text) else {
            throw PlenumError(.notFound, "There is no conversation \"\(text.prefix(100))\".", parameter: "conversation")
        }
        guard let parent = head.parent else { return ConversationPlace(conversation: conversation) }
        guard let parent = MessageID(parent) else {
            throw PlenumError(.notFound, "\"parent\" is no id of a message.", parameter: "parent")
        }
        return ConversationPlace(conversation: conversation, parent: parent)
    }

    private func whole(_ ask: CompletionAsk) async throws -> Response {
        let completion = try await engine.complete(ask)
        return .json(bytes(of: completion), headers: [.generationID: completion.generation.id.description])
    }

    private func bytes(of completion: WholeCompletion) -> [UInt8] {
        completion.verbatim
            ?? format.writeReply(completion.reply, as: Self.identity(completion.generation, includeUsage: true))
    }

    /// How answers are written that are kept for who asks again with the same key.
    private func completionClaim(_ ask: ClaimAsk) -> CompletionClaim {
        CompletionClaim(ask) { completion in
            ClaimedAnswer(status: 200, contentType: "application/json", body: bytes(of: completion))
        } writeError: { error in
            let wire = format.writeError(error)
            return ClaimedAnswer(status: wire.status, contentType: "application/json", body: wire.body)
        }
    }

    static func identity(_ generation: Generation, includeUsage: Bool) -> ReplyIdentity {
        ReplyIdentity(
            id: generation.id.description,
            created: generation.createdAt.seconds,
            model: generation.model,
            includeUsage: includeUsage
        )
    }
}
