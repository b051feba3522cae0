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
        let body: [UInt8]
        if let verbatim = request.verbatim(in: dialect) {
            body = Passthrough.body(verbatim, model: request.model, quirks: quirks)
        } else {
            body = try AnthropicRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        return WireRequest(
            path: "/v1/messages",
            headers: [
                (name: "content-type", value: "application/json"),
                (name: "accept", value: request.stream ? "text/event-stream" : "application/json"),
                (name: "anthropic-version", value: "2023-06-01"),
            ],
            body: body
        )
    }

    /// Reads a `message`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        let isVerbatim = request.isVerbatim(in: dialect)
        var fold = AnthropicReplyFold(request)
        var output = FoldOutput()
        try fold.takeWhole(
            FoldInput(bytes: body, span: 0..<body.count, raw: nil, isVerbatim: isVerbatim),
            into: &output
        )
        return ReplyPiece(events: output.events, verbatim: isVerbatim ? output.splices.applied(to: body) : nil)
    }

    /// Reads `message_start` to `message_stop`.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        StreamReplyReader(AnthropicReplyFold(request), isVerbatim: request.isVerbatim(in: dialect))
    }

    /// Reads `{"type": "error", "error": {type, message}}`.
    public func readError(
        status: Int,
        header: (String) -> String?,
        body: [UInt8],
        provider: String
    ) -> PlenumError {
        UpstreamErrors.read(status: status, header: header, body: body, provider: provider)
    }

    /// Reads the body of `POST /v1/messages`.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try AnthropicRequestReader.read(body)
    }

    /// Looks over the body of `POST /v1/messages`.
    public func scanRequest(_ body: [UInt8]) throws(PlenumError) -> DoorHead {
        try DoorHead(scanning: body, dialect: dialect)
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
        let status = DoorErrors.status(error, dialect)
        return WireError(
            status: status,
            headers: DoorErrors.headers(error, status: status),
            body: AnthropicErrors.body(error)
        )
    }
}
