public import PlenumCore

/// OpenAI's Chat Completions, and what imitates them (wire notes 1.1 and 1.6).
public struct OpenAIChatFormat: WireFormat {
    /// Makes the format.
    public init() {}

    /// `openai-chat`
    public var dialect: Dialect { .openAIChat }

    /// `Authorization: Bearer`
    public func authorization(key: String) -> [(name: String, value: String)] {
        [(name: "authorization", value: "Bearer \(key)")]
    }

    /// Writes `POST {base}/chat/completions`; the base address includes `/v1`.
    public func writeRequest(_ request: CompletionRequest, quirks: Quirks) throws(PlenumError) -> WireRequest {
        let body: [UInt8]
        if let verbatim = request.verbatim(in: dialect) {
            body = ChatPassthrough.body(verbatim, model: request.model, stream: request.stream, quirks: quirks)
        } else {
            body = try ChatRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        return WireRequest(
            path: "/chat/completions",
            headers: [
                (name: "content-type", value: "application/json"),
                (name: "accept", value: request.stream ? "text/event-stream" : "application/json"),
            ],
            body: body
        )
    }

    /// Reads `chat.completion`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        let isVerbatim = request.isVerbatim(in: dialect)
        var fold = ChatReplyFold(request)
        var output = FoldOutput()
        try fold.takeWhole(
            FoldInput(bytes: body, span: 0..<body.count, raw: nil, isVerbatim: isVerbatim),
            into: &output
        )
        return ReplyPiece(events: output.events, verbatim: isVerbatim ? output.splices.applied(to: body) : nil)
    }

    /// Reads `chat.completion.chunk`s.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        StreamReplyReader(ChatReplyFold(request), isVerbatim: request.isVerbatim(in: dialect))
    }

    /// Reads `{"error": {…}}` and whatever else compatible servers send.
    public func readError(
        status: Int,
        header: (String) -> String?,
        body: [UInt8],
        provider: String
    ) -> PlenumError {
        UpstreamErrors.read(status: status, header: header, body: body, provider: provider)
    }

    /// Reads the body of `POST /v1/chat/completions`.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try ChatRequestReader.read(body)
    }

    /// Looks over the body of `POST /v1/chat/completions`.
    public func scanRequest(_ body: [UInt8]) throws(PlenumError) -> DoorHead {
        try DoorHead(scanning: body, dialect: dialect)
    }

    /// Writes `chat.completion`.
    public func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8] {
        ChatReplyWriter.whole(reply, identity)
    }

    /// Writes `chat.completion.chunk`s.
    public func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter {
        ChatReplyWriter(identity: identity)
    }

    /// Writes `{"error": {message, type, param, code}}`.
    public func writeError(_ error: PlenumError) -> WireError {
        let status = DoorErrors.status(error, dialect)
        return WireError(
            status: status,
            headers: DoorErrors.headers(error, status: status),
            body: ChatErrors.body(error)
        )
    }
}
