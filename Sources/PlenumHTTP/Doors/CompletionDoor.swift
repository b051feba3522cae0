import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumWire

/// A door for completions: it reads requests in one dialect, has them answered, and writes the answers in the same dialect.
struct CompletionDoor: Sendable {
    let engine: Engine
    let configuration: DoorConfiguration
    let format: any WireFormat
    /// Where requests belong, and by which ids their answers are known.
    let placing: any Placing
    /// The scope of idempotency keys.
    let route: String
    /// Whether its clients speak as OpenRouter's do.
    private let isOpenRouters: Bool

    init(
        _ format: any WireFormat,
        _ route: String,
        _ engine: Engine,
        _ configuration: DoorConfiguration,
        placing: (any Placing)? = nil
    ) {
        self.engine = engine
        self.configuration = configuration
        self.format = format
        isOpenRouters = (format as? OpenAIChatFormat)?.flavor == .openRouter
        self.route = "POST \(route)"
        self.placing = placing ?? NamedConversations()
    }

    /// Answers a request.
    /// - Parameter path: what a path like Gemini's says.
    func answer(_ request: Request, _ context: DoorContext, path: ModelCall? = nil) async throws -> Response {
        let body = try await request.bytes(upTo: configuration.bodyLimit)
        let call = try DoorCall(request, body, in: format, path: path)
        let claim = try IdempotencyKey.read(request, route: route, of: context.caller) {
            try JSONValue(parsing: body).object ?? JSONObject()
        }
        if let panel = VirtualModel(name: call.head.model) {
            return try await PanelDoor(door: self).answer(panel, request, call, claim, of: context.caller)
        }
        if let claim, let held = try await engine.claim(for: claim) {
            return try ClaimReplay.completion(held, isStreamed: call.head.stream)
        }
        let asked = try await ask(call, claim, context.caller)
        return call.head.stream ? try await stream(asked, call, on: context.channel) : try await whole(asked, call)
    }

    /// A request on its way to the engine, and how its answers are written.
    struct Asked: Sendable {
        let ask: CompletionAsk
        /// The request, where it had to be read.
        let read: DoorRequest?
    }

    private func ask(_ call: DoorCall, _ claim: ClaimAsk?, _ caller: Caller) async throws(PlenumError) -> Asked {
        let place = try await placing.place(call.head, in: engine)
        return try asked(call, try await model(call.head, place), place, claim, caller)
    }

    /// Not inlined: what a function that waits has held once is held until the connection ends.
    @inline(never)
    private func asked(
        _ call: DoorCall,
        _ model: String,
        _ place: ConversationPlace?,
        _ claim: ClaimAsk?,
        _ caller: Caller
    ) throws(PlenumError) -> Asked {
        let head = call.head
        let fallbacks = try fallbacks(head, besides: model)
        // The client's body, to be passed through.
        var verbatim = head.verbatim(call.body)
        verbatim.isOpenRouters = isOpenRouters
        verbatim.replyID = place?.answer.flatMap(placing.replyID)
        var ask = CompletionAsk(
            model: model,
            fallbacks: fallbacks,
            prompt: .verbatim(verbatim),
            isStreamed: head.stream,
            door: format.dialect,
            body: configuration.keepsWords && head.store != false ? call.body : nil,
            place: place,
            limit: call.limit
        )
        (ask.fields, ask.isStrict, ask.routing) = (call.fields, call.isStrict, call.routing)
        ask.key = caller.key
        var read: DoorRequest?
        if engine.mustKnowNeeds(of: ask) {
            read = try format.readRequest(call.body)
            ask.routing.needs = read.map { RequestNeeds($0.chat) }
        }
        let deployment = try engine.plan(&ask)
        // The client's bytes go through as they are where nothing in them must change.
        let dialect = deployment.dialect(accepting: head.hasTools ? nil : format.dialect)
        let passes = dialect == format.dialect && !WireFormats.mustBeRead(call.body)
        if read == nil, !passes || place != nil { read = try format.readRequest(call.body) }
        if let read, !passes { ask.prompt = .chat(read.chat) }
        ask.chat = read?.chat
        ask.claim = claim.map { completionClaim($0, read, call) }
        return Asked(ask: ask, read: read)
    }

    /// The model asked for, or else the conversation's own.
    private func model(_ head: DoorHead, _ place: ConversationPlace?) async throws(PlenumError) -> String {
        if let model = head.model ?? head.models.first, !model.isEmpty { return model }
        if let place, place.begins == nil,
            let model = try await engine.storage.conversation(place.conversation).model
        {
            return model
        }
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

    private func whole(_ asked: Asked, _ call: DoorCall) async throws -> Response {
        let completion = try await engine.complete(asked.ask)
        var body = bytes(of: completion, asked.read, call)
        if call.wantsMetadata { body = RoutingMetadata.add(completion.routing.json, to: body) }
        return .json(body, headers: headers(completion.generation, completion.warnings))
    }

    /// What the head of an answer says of it.
    func headers(_ generation: Generation, _ warnings: [RequestWarning]) -> HTTPFields {
        var headers: HTTPFields = [.generationID: generation.id.description]
        if let name = Self.requestIDs[format.dialect] { headers[name] = generation.id.description }
        if !warnings.isEmpty {
            headers[.warnings] = warnings.prefix(Self.mostWarnings).map(\.description).joined(separator: ", ")
        }
        return headers
    }

    /// The fields in which the vendors' clients look for the id of a request, to show it with errors and in logs.
    private static let requestIDs: [Dialect: HTTPField.Name] = [
        .openAIChat: HTTPField.Name("x-request-id")!, .openAIResponses: HTTPField.Name("x-request-id")!,
        .anthropicMessages: HTTPField.Name("request-id")!,
    ]

    /// The most warnings of a head.
    private static let mostWarnings = 32

    private func bytes(of completion: WholeCompletion, _ read: DoorRequest?, _ call: DoorCall) -> [UInt8] {
        completion.verbatim ?? format.writeReply(completion.reply, as: identity(completion.generation, read, call))
    }

    /// How answers are written that are kept for who asks again with the same key.
    private func completionClaim(_ ask: ClaimAsk, _ read: DoorRequest?, _ call: DoorCall) -> CompletionClaim {
        CompletionClaim(ask) { completion in
            ClaimedAnswer(status: 200, contentType: "application/json", body: bytes(of: completion, read, call))
        } writeError: { error in
            let wire = format.writeError(error)
            return ClaimedAnswer(status: wire.status, contentType: "application/json", body: wire.body)
        }
    }

    /// How the client knows the answer of an attempt.
    /// - Parameter read: the request, if it was read before.
    func identity(_ generation: Generation, _ read: DoorRequest?, _ call: DoorCall) -> ReplyIdentity {
        let request = read ?? (try? format.readRequest(call.body))
        return ReplyIdentity(
            id: generation.message.flatMap(placing.replyID) ?? generation.id.description,
            created: generation.createdAt.seconds,
            model: generation.model,
            includeUsage: !call.head.stream || call.head.wantsUsage,
            request: request.map(format.echo) ?? RequestEcho()
        )
    }
}
