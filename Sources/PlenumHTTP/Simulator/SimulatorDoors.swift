import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumWire

/// The simulator's routes.
struct SimulatorDoors: Sendable {
    let answering: @Sendable (String) -> SimulatedCall
    let models: [Model]
    let log = SimulatorLog()

    /// The most bytes of a request.
    private static let limit = 64 << 20

    func router() -> Router<SimulatorContext> {
        let router = Router(context: SimulatorContext.self)
        router.get("/v1/models") { _, _ in
            let listed = models.map { ["id": .string($0.id.model), "object": "model"] as JSONValue }
            return Response.json(["object": "list", "data": .array(listed)])
        }
        router.post("/v1/chat/completions") { request, context in
            try await answer(request, context, .openAIChat)
        }
        router.post("/v1/responses") { request, context in
            try await answer(request, context, .openAIResponses)
        }
        router.post("/v1/messages") { request, context in
            try await answer(request, context, .anthropicMessages)
        }
        router.post("/v1beta/models/:call") { request, context in try await gemini(request, context) }
        router.post("/v1/messages/count_tokens") { request, context in
            try await count(request, context, .anthropicMessages)
        }
        router.post("/v1/responses/input_tokens") { request, context in
            try await count(request, context, .openAIResponses)
        }
        router.post("/v1/embeddings") { request, context in try await embed(request, context, .openAIChat) }
        router.get("/simulator/calls") { request, _ in
            Response.json(log.list(after: request.uri.queryParameters["after"].flatMap { Int($0) } ?? 0))
        }
        router.delete("/simulator/calls") { _, _ in
            log.forget()
            return Response.json(["object": "list", "deleted": true])
        }
        return router
    }

    private func gemini(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        // The last colon parts the model from the method.
        let call = try context.parameters.require("call")
        guard let colon = call.lastIndex(of: ":") else { throw HTTPError(.notFound) }
        let model = String(call[..<colon])
        switch call[colon...] {
        case ":generateContent": return try await answer(request, context, .gemini, model: model, stream: false)
        case ":streamGenerateContent": return try await answer(request, context, .gemini, model: model, stream: true)
        case ":countTokens": return try await count(request, context, .gemini, model: model)
        case ":batchEmbedContents": return try await embed(request, context, .gemini, model: model)
        default: throw HTTPError(.notFound)
        }
    }

    private func answer(
        _ request: Request,
        _ context: SimulatorContext,
        _ dialect: Dialect,
        model: String? = nil,
        stream: Bool? = nil
    ) async throws -> Response {
        guard let format = WireFormats.format(for: dialect) else { throw HTTPError(.notFound) }
        let exchange = SimulatorExchange(channel: context.channel, log: log, call: log.begin(dialect))
        do {
            var opened = model.map { name in (name, open(name, exchange)) }
            let body = try await receive(request, exchange, &opened)
            let asked = try format.readRequest(body)
            guard let name = model ?? asked.head.model else {
                throw PlenumError(.invalidRequest, "\"model\" is missing.", parameter: "model")
            }
            let call = if let opened, opened.0 == name { opened.1 } else { open(name, exchange) }
            let streams = stream ?? asked.head.stream
            try call.scruples?.check(body, in: dialect) { name in HTTPField.Name(name).flatMap { request.headers[$0] } }
            let reply = call.reply(asked.chat).dressed(for: dialect)
            log.change(exchange.call) { call in
                call.isStreamed = streams
                call.usage = Reply(reply.events).usage
            }
            let identity = ReplyIdentity(
                id: "sim-1",
                created: 1_700_000_000,
                model: name,
                includeUsage: asked.head.wantsUsage || !streams,
                request: format.echo(of: asked)
            )
            return try await exchange.answer(SimulatedWire(reply, in: format, as: identity, streamed: streams))
        } catch let error as PlenumError {
            let wire = format.writeError(error)
            log.change(exchange.call) { $0.end(.refused, status: wire.status) }
            return .json(wire.body, status: .init(code: wire.status))
        } catch {
            log.change(exchange.call) { $0.end(.broken(by: .client)) }
            throw error
        }
    }

    func open(_ model: String, _ exchange: SimulatorExchange) -> SimulatedCall {
        log.change(exchange.call) { $0.model = model }
        return answering(model)
    }

    /// Reads the body, unless the model's name, which is known before the rest is read, asks for a break before that.
    func receive(
        _ request: Request,
        _ exchange: SimulatorExchange,
        _ opened: inout (String, SimulatedCall)?
    ) async throws -> [UInt8] {
        var body: [UInt8] = []
        try await exchange.breakBeforeReading(opened?.1.fault)
        for try await piece in request.body {
            body += piece.readableBytesView
            guard body.count <= Self.limit else { throw PlenumError(.tooLarge, "The body is too large.") }
            guard opened == nil, let name = ModelName.find(in: body) else { continue }
            let call = open(name, exchange)
            opened = (name, call)
            log.keep(body, of: exchange.call)
            try await exchange.breakBeforeReading(call.fault)
        }
        log.keep(body, of: exchange.call)
        return body
    }
}

/// What a request carries through the simulator's router: also its connection, which may have to break.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// The model's name in the beginning of a body of which the rest has not been read.
enum ModelName {
    private static let key = Array("\"model\"".utf8)
    /// How far it is looked for.
    private static let reach = 64 << 10

    static func find(in body: [UInt8]) -> String? {
        let body = body.prefix(reach)
        var rest = body[...]
        while let start = rest.firstRange(of: key)?.upperBound {
            rest = rest[start...]
            let value = rest.drop { $0 == 0x20 || $0 == UInt8(ascii: ":") }
            guard value.first == UInt8(ascii: "\"") else { continue }
            let name = value.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
            return name.endIndex < body.endIndex ? String(decoding: name, as: UTF8.self) : nil
        }
        return nil
    }
}
