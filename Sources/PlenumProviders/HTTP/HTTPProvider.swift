public import PlenumCore
public import PlenumTransport
import PlenumWire

/// A provider over HTTP: a wire format, an endpoint and a transport.
public struct HTTPProvider: LLMProvider {
    /// What `providers.json` says of it.
    public let descriptor: ProviderDescriptor
    private let key: String?
    private let format: any WireFormat
    /// The formats of models that speak another than the provider, by the provider's names for them.
    private let formats: [String: any WireFormat]
    private let transport: any HTTPTransport

    /// The most bytes of a whole reply, and of an error's body.
    static let replyLimit = 64 << 20
    static let errorLimit = 256 << 10

    /// Makes a provider.
    /// - Parameters:
    ///   - descriptor: what `providers.json` says of it.
    ///   - key: the key; `nil` for a provider that asks for none.
    ///   - transport: what carries requests.
    /// - Throws: `invalidRequest` if its format is not one that can be spoken.
    public init(_ descriptor: ProviderDescriptor, key: String?, transport: any HTTPTransport) throws(PlenumError) {
        self.descriptor = descriptor
        self.key = key
        format = try Self.format(descriptor.format, of: descriptor.id)
        var formats: [String: any WireFormat] = [:]
        for (model, dialect) in descriptor.formats { formats[model] = try Self.format(dialect, of: descriptor.id) }
        self.formats = formats
        self.transport = transport
    }

    private static func format(_ dialect: Dialect, of provider: String) throws(PlenumError) -> any WireFormat {
        guard let format = WireFormats.format(for: dialect) else {
            throw PlenumError(
                .invalidRequest,
                "The format \(dialect.rawValue) of provider \(provider) cannot be spoken yet."
            )
        }
        return format
    }

    private func format(of model: String, accepting own: Dialect?) -> any WireFormat {
        own == format.dialect ? format : formats[model] ?? format
    }

    private func format(for request: CompletionRequest) -> any WireFormat {
        format(of: request.model, accepting: request.ownDialect)
    }

    /// Its id.
    public var id: String { descriptor.id }
    /// The dialect it speaks.
    public var dialect: Dialect? { descriptor.format }
    /// The dialect it speaks of a model.
    public func dialect(of model: String, accepting own: Dialect?) -> Dialect? {
        format(of: model, accepting: own).dialect
    }

    /// Sends the request, and reads the reply as it comes.
    public func complete(_ request: CompletionRequest) async throws(PlenumError) -> ReplyStream {
        let wire = try format(for: request).writeRequest(request, quirks: descriptor.quirks)
        if request.isStrict, let warning = wire.warnings.first { throw .cannotSay(warning, to: request.tag) }
        let carried = transportRequest(
            wire,
            request.patience,
            isStreamed: request.stream,
            isOfPanel: request.isOfPanel
        )
        var request = request
        // Where tools go by other names, or are of another kind, the answer's bytes are not what the client means.
        if !wire.toolNames.isEmpty { request.prompt = .chat(ChatRequest()) }
        return request.stream ? try await streamed(request, wire, carried) : try await whole(request, wire, carried)
    }

    /// Asks for something beside completions, whole.
    public func call(_ call: SideCall) async throws(PlenumError) -> SideReply? {
        let format = format(of: call.model, accepting: call.body.dialect)
        guard let wire = try format.writeCall(call) else { return nil }
        let response = try await fetch(transportRequest(wire, call.patience, isStreamed: false))
        let requestID = Self.requestID(response.headers)
        do {
            var reply = try format.readCall(call, response.body)
            (reply.status, reply.requestID) = (response.status, requestID)
            return reply
        } catch {
            throw attributed(error, status: response.status, requestID: requestID)
        }
    }

    private func transportRequest(
        _ wire: WireRequest,
        _ patience: Patience,
        isStreamed: Bool,
        isOfPanel: Bool = false
    ) -> TransportRequest {
        var headers = wire.headers
        if let key { headers += format.authorization(key: key) }
        for (name, value) in descriptor.headers { headers.append((name: name, value: value)) }
        headers.append((name: "user-agent", value: "plenum"))
        if isOfPanel { headers.append((name: "x-plenum-panel", value: "seat")) }
        var carried = TransportRequest(url: descriptor.baseURL + wire.path, headers: headers, body: wire.body)
        // Words come in small pieces, and thousands of streams wait for them at a time.
        if isStreamed { carried.receiveBufferSize = 4096 }
        carried.timeouts.connect = patience.connect
        // A whole reply has no head until it is finished.
        carried.timeouts.responseHead = isStreamed ? patience.head : patience.total
        carried.timeouts.firstContent = isStreamed ? patience.firstContent : nil
        carried.timeouts.idle = patience.idle
        carried.timeouts.total = patience.total
        carried.timeouts.heartbeat = isStreamed ? patience.heartbeat : nil
        return carried
    }

    /// Waits for a whole answer.
    /// - Throws: the provider's refusal.
    private func fetch(_ carried: TransportRequest) async throws(PlenumError) -> WholeResponse {
        let response: WholeResponse
        do {
            response = try await transport.fetch(carried, limit: Self.replyLimit)
        } catch {
            throw PlenumError(error, provider: id)
        }
        guard response.status == 200 else { throw refusal(response.status, response.headers, response.body) }
        return response
    }

    private func whole(
        _ request: CompletionRequest,
        _ wire: WireRequest,
        _ carried: TransportRequest
    ) async throws(PlenumError) -> ReplyStream {
        let response = try await fetch(carried)
        let requestID = Self.requestID(response.headers)
        var piece: ReplyPiece
        do {
            piece = try format(for: request).readReply(response.body, request: request)
        } catch {
            throw attributed(error, status: response.status, requestID: requestID)
        }
        piece.attribute(to: request.tag, wire.toolNames)
        var head = ReplyHead(dialect: format(for: request).dialect, status: response.status, requestID: requestID)
        head.warnings = wire.warnings
        return ReplyStream(head: head, whole: piece)
    }

    private func streamed(
        _ request: CompletionRequest,
        _ wire: WireRequest,
        _ carried: TransportRequest
    ) async throws(PlenumError) -> ReplyStream {
        let response: TransportResponse
        do {
            response = try await transport.send(carried)
        } catch {
            throw PlenumError(error, provider: id)
        }
        guard response.status == 200 else {
            let body = (try? await response.body.collect(upTo: Self.errorLimit)) ?? []
            throw refusal(response.status, response.headers, body)
        }
        let requestID = Self.requestID(response.headers)
        var head = ReplyHead(dialect: format(for: request).dialect, status: response.status, requestID: requestID)
        head.warnings = wire.warnings
        let toolNames = wire.toolNames
        // The stream alone holds the body: once it is gone, so is the exchange.
        return ReplyStream(head: head, cancel: response.body.cancel) { [self] in
            reading(response.body, request, toolNames, requestID: requestID)
        }
    }

    /// Reads the body piece by piece; the last piece is the one that ends the reply.
    private func reading(
        _ body: TransportBody,
        _ request: CompletionRequest,
        _ toolNames: [String: String],
        requestID: String?
    ) -> ReplyStream.AsyncIterator {
        var chunks = body.makeAsyncIterator()
        var reader = format(for: request).makeReplyReader(for: request)
        var isEnded = false
        var hasContent = false
        var received = 0
        return ReplyStream.AsyncIterator { () async throws(PlenumError) -> ReplyPiece? in
            // What was read in one go with an error was given before it.
            if let failure = reader.failure { throw attributed(failure, status: 200, requestID: requestID) }
            guard !isEnded else { return nil }
            let chunk: [UInt8]?
            do throws(TransportError) {
                chunk = try await chunks.next(isolation: nil)
            } catch {
                throw PlenumError(error, provider: id)
            }
            if let chunk, chunk.isEmpty { return .heartbeat }
            received += chunk?.count ?? 0
            guard received <= Self.replyLimit else {
                throw PlenumError(.badUpstream, "\(id): The answer is larger than \(Self.replyLimit >> 20) MiB.")
            }
            do throws(PlenumError) {
                var piece = if let chunk { try reader.feed(chunk) } else { try reader.finish() }
                piece.attribute(to: request.tag, toolNames)
                isEnded = chunk == nil || piece.events.last == .end
                if !hasContent, piece.events.contains(where: \.isContent) {
                    hasContent = true
                    body.confirmContent()
                }
                return piece
            } catch {
                throw attributed(error, status: 200, requestID: requestID)
            }
        }
    }

    private func refusal(_ status: Int, _ headers: TransportHeaders, _ body: [UInt8]) -> PlenumError {
        let error = format.readError(status: status, header: { headers[$0] }, body: body, provider: id)
        return attributed(error, status: status, requestID: Self.requestID(headers))
    }

    private func attributed(_ error: PlenumError, status: Int, requestID: String?) -> PlenumError {
        var error = error
        error.message = withoutSecrets(error.message)
        error.cause = error.cause.map(withoutSecrets)
        var upstream = error.upstream ?? PlenumError.Upstream(provider: id)
        upstream.status = upstream.status ?? status
        upstream.requestID = upstream.requestID ?? requestID
        upstream.code = upstream.code.map(withoutSecrets)
        error.upstream = upstream
        return error
    }

    /// A provider may quote the key or a header that it was sent: neither leaves here.
    private func withoutSecrets(_ text: String) -> String {
        ([key].compactMap { $0 } + descriptor.headers.values).filter { $0.utf8.count >= 8 }.reduce(text) {
            $0.replacing($1, with: "[redacted]")
        }
    }

    private static func requestID(_ headers: TransportHeaders) -> String? {
        headers["x-request-id"] ?? headers["request-id"] ?? headers["x-generation-id"]
    }
}

extension ReplyPiece {
    /// Gives state the name of the model whose it is, and calls the names that their tools have with the client.
    fileprivate mutating func attribute(to model: ModelID, _ toolNames: [String: String]) {
        for index in events.indices {
            switch events[index] {
            case .reasoningState(var state) where state.origin == nil:
                state.origin = model
                events[index] = .reasoningState(state)
            case .toolCall(let call, let id, let name, var state) where state != nil || toolNames[name] != nil:
                if state?.origin == nil { state?.origin = model }
                events[index] = .toolCall(index: call, id: id, name: toolNames[name] ?? name, opaque: state)
            default: break
            }
        }
    }
}

extension PlenumError {
    /// What a strict request is told that cannot be said to a model as it stands.
    fileprivate static func cannotSay(_ warning: RequestWarning, to model: ModelID) -> PlenumError {
        PlenumError(
            .unsupportedParameter,
            "\(model) cannot be told \"\(warning.path)\" as it stands: it would be \(warning.action.rawValue). Change it, "
                + "choose another model, or leave x-plenum-strict out.",
            parameter: warning.path
        )
    }
}
