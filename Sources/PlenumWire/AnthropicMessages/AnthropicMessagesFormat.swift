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
            headers: headers(request),
            body: body
        )
    }

    /// The version that a client of this dialect named, which is part of what its body means, and the features that it
    /// switched on.
    private func headers(_ request: CompletionRequest) -> [(name: String, value: String)] {
        let version = request.fields.value("anthropic-version", in: dialect) ?? "2023-06-01"
        var headers = [(name: "anthropic-version", value: version)]
        if let beta = request.fields.value("anthropic-beta", in: dialect) {
            headers.append((name: "anthropic-beta", value: beta))
        }
        return headers
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

    /// Writes `{"type": "error", "error": {type, message}}`.
    public func writeError(_ error: PlenumError) -> WireError {
        wireError(error) { _ in AnthropicErrors.body(error) }
    }
}
