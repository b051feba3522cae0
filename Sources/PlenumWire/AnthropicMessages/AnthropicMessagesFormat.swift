public import PlenumCore

/// Anthropic's Messages (wire notes 1.3).
public struct AnthropicMessagesFormat: WireFormat {
    /// Makes the format.
    public init() {}

    /// `anthropic-messages`
    public var dialect: Dialect { .anthropicMessages }

    /// `x-api-key`
    public func authorization(key: String) -> [(name: String, value: String)] {
        [(name: "x-api-key", value: key)]
    }

    /// Writes `POST {base}/v1/messages`.
    public func writeRequest(_ request: CompletionRequest, quirks: Quirks) throws(PlenumError) -> WireRequest {
        let body: RequestBody
        if let verbatim = request.verbatim(in: dialect) {
            body = RequestBody(Passthrough.body(verbatim, model: request.model, quirks: quirks))
        } else {
            body = try AnthropicRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        return wireRequest(
            path: "/v1/messages",
            streamed: request.stream,
            headers: headers(request.fields),
            body: body
        )
    }

    /// The version that a client of this dialect named, which is part of what its body means, and the features that it
    /// switched on.
    private func headers(_ fields: ClientFields) -> [(name: String, value: String)] {
        let version = fields.value("anthropic-version", in: dialect) ?? "2023-06-01"
        var headers = [(name: "anthropic-version", value: version)]
        if let beta = fields.value("anthropic-beta", in: dialect) {
            headers.append((name: "anthropic-beta", value: beta))
        }
        return headers
    }

    /// Writes `POST {base}/v1/messages/count_tokens`.
    public func writeCall(_ call: SideCall) throws(PlenumError) -> WireRequest? {
        guard call.kind == .countTokens, call.body.dialect == dialect else { return nil }
        return wireCall(call, path: "/v1/messages/count_tokens", headers: headers(call.fields))
    }

    /// Reads a `message`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        try readWhole(body, with: AnthropicReplyFold(request), request: request)
    }

    /// Reads `message_start` to `message_stop`.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        StreamReplyReader(AnthropicReplyFold(request), isVerbatim: request.isVerbatim(in: dialect))
    }

    /// Reads the body of `POST /v1/messages`.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try AnthropicRequestReader.read(body)
    }

    /// Writes a `message`.
    public func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8] {
        AnthropicReplyWriter.whole(reply, identity)
    }

    /// Writes `message_start` to `message_stop`.
    public func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter {
        AnthropicReplyWriter(identity: identity)
    }

    /// Its own event for that: clients pass over it.
    public var keepAlive: [UInt8] { Array("event: ping\ndata: {\"type\": \"ping\"}\n\n".utf8) }

    /// Writes `{"type": "error", "error": {type, message}}`.
    public func writeError(_ error: PlenumError) -> WireError {
        wireError(error) { _ in AnthropicErrors.body(error) }
    }
}
