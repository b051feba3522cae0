import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
public import PlenumCore
import PlenumWire

/// One provider behind the three dialects over HTTP, without storage, keys or conversations: something to point a
/// gateway at.
public enum SimulatorServer {
    /// What an upstream does that no reply can say.
    public enum Fault: Sendable {
        /// Answers with a web page.
        case webPage
        /// Answers with one line of 10 MB.
        case longLine
    }

    /// Makes the server.
    /// - Parameters:
    ///   - provider: who answers.
    ///   - models: what `GET /v1/models` lists.
    ///   - host: the address to listen on.
    ///   - port: the port; 0 lets the system choose.
    ///   - fault: what a model's name asks for beyond a reply.
    ///   - logger: told of what nobody else can be told of.
    ///   - onServing: called with the port once connections are accepted.
    public static func make(
        provider: any LLMProvider,
        models: [Model],
        host: String,
        port: Int,
        fault: @escaping @Sendable (String) -> Fault?,
        logger: Logger,
        onServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let doors = SimulatorDoors(provider: provider, models: models, fault: fault)
        return Application(
            responder: doors.router().buildResponder(),
            configuration: .init(address: .hostname(host, port: port), serverName: nil, backlog: 4096),
            onServerRunning: { await onServing($0.localAddress?.port ?? port) },
            logger: logger
        )
    }
}

/// The simulator's routes.
struct SimulatorDoors: Sendable {
    let provider: any LLMProvider
    let models: [Model]
    let fault: @Sendable (String) -> SimulatorServer.Fault?

    func router() -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.get("/v1/models") { _, _ in
            let listed = models.map { ["id": .string($0.id.model), "object": "model"] as JSONValue }
            return Response.json(["object": "list", "data": .array(listed)])
        }
        router.post("/v1/chat/completions") { request, _ in
            try await answer(request, .openAIChat, model: nil, stream: nil)
        }
        router.post("/v1/messages") { request, _ in
            try await answer(request, .anthropicMessages, model: nil, stream: nil)
        }
        router.post("/v1beta/models/:call") { request, context in
            // The last colon parts the model from the method.
            let call = try context.parameters.require("call")
            guard let colon = call.lastIndex(of: ":") else { throw HTTPError(.notFound) }
            return try await answer(
                request,
                .gemini,
                model: String(call[..<colon]),
                stream: call[colon...] == ":streamGenerateContent"
            )
        }
        return router
    }

    private func answer(
        _ request: Request,
        _ dialect: Dialect,
        model: String?,
        stream: Bool?
    ) async throws -> Response {
        guard let format = WireFormats.format(for: dialect) else { throw HTTPError(.notFound) }
        do {
            let asked = try format.readRequest(try await request.bytes(upTo: 64 << 20))
            guard let model = model ?? asked.head.model else {
                throw PlenumError(.invalidRequest, "\"model\" is missing.", parameter: "model")
            }
            if let fault = fault(model) { return Self.faulty(fault) }
            let streams = stream ?? asked.head.stream
            let completion = CompletionRequest(
                model: model,
                tag: ModelID(provider: provider.id, model: model),
                stream: streams,
                prompt: .chat(asked.chat)
            )
            let identity = ReplyIdentity(
                id: "sim-1",
                created: 1_700_000_000,
                model: model,
                includeUsage: asked.head.wantsUsage || !streams
            )
            let reply = try await provider.complete(completion)
            return streams
                ? Self.stream(reply, format.makeReplyWriter(as: identity))
                : .json(format.writeReply(try await Self.fold(reply), as: identity))
        } catch let error as PlenumError {
            let wire = format.writeError(Self.asProvider(error))
            return .json(wire.body, status: .init(code: error.upstream?.status ?? wire.status))
        }
    }

    /// The gateway's word for a refused key is the provider's word for a wrong one.
    private static func asProvider(_ error: PlenumError) -> PlenumError {
        guard error.code == .upstreamAuthentication else { return error }
        return PlenumError(.authentication, error.message)
    }

    private static func fold(_ stream: ReplyStream) async throws -> Reply {
        var reply = Reply()
        for try await piece in stream { for event in piece.events { reply.apply(event) } }
        return reply
    }

    /// A reply that breaks off closes the connection without its terminator, as a dying provider does.
    private static func stream(_ reply: ReplyStream, _ writer: any ReplyWriter) -> Response {
        .events { client in
            var writer = writer
            for try await piece in reply {
                let bytes = writer.write(piece.events)
                if !bytes.isEmpty { try await client.write(ByteBuffer(bytes: bytes)) }
            }
            try await client.finish(nil)
        }
    }

    private static func faulty(_ fault: SimulatorServer.Fault) -> Response {
        switch fault {
        case .webPage:
            let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
            return Response(
                status: .ok,
                headers: [.contentType: "text/html"],
                body: .init(byteBuffer: ByteBuffer(string: page))
            )
        case .longLine:
            return .events { client in
                try await client.write(ByteBuffer(string: "data: {\"x\":\""))
                for _ in 0..<160 { try await client.write(ByteBuffer(repeating: UInt8(ascii: "a"), count: 65_536)) }
                try await client.finish(nil)
            }
        }
    }
}
