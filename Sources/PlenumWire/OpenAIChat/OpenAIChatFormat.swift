public import PlenumCore

/// OpenAI's Chat Completions, and what imitates them (wire notes 1.1 and 1.6).
public struct OpenAIChatFormat: WireFormat {
    /// Whose clients read what is written.
    public enum Flavor: Sendable {
        /// OpenAI's, and those of most others.
        case openAI
        /// OpenRouter's: thoughts are `reasoning`, the code of an error is a number (gateways notes 1.4 and 1.5).
        case openRouter
    }

    /// Whose clients read what is written.
    public let flavor: Flavor

    /// Makes the format.
    /// - Parameter flavor: whose clients read what is written; what is read is taken in either.
    public init(_ flavor: Flavor = .openAI) { self.flavor = flavor }

    /// `openai-chat`
    public var dialect: Dialect { .openAIChat }

    /// `Authorization: Bearer`
    public func authorization(key: String) -> [(name: String, value: String)] {
        [(name: "authorization", value: "Bearer \(key)")]
    }

    /// Writes `POST {base}/chat/completions`; the base address includes `/v1`.
    public func writeRequest(_ request: CompletionRequest, quirks: Quirks) throws(PlenumError) -> WireRequest {
        let body: RequestBody
        if let verbatim = request.verbatim(in: dialect), !ChatPassthrough.mustRewrite(verbatim, request, quirks) {
            body = ChatPassthrough.body(verbatim, model: request.model, stream: request.stream, quirks: quirks)
        } else {
            body = try ChatRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        return wireRequest(path: "/chat/completions", streamed: request.stream, body: body)
    }

    /// Writes `POST {base}/embeddings`.
    public func writeCall(_ call: SideCall) throws(PlenumError) -> WireRequest? {
        guard call.kind == .embeddings, call.body.dialect == dialect else { return nil }
        return wireCall(call, path: "/embeddings")
    }

    /// Reads a list of vectors, which carries the model's name and the usage.
    public func readCall(_ call: SideCall, _ body: [UInt8]) throws(PlenumError) -> SideReply {
        try Embeddings.reply(body, call)
    }

    /// Reads `chat.completion`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        try readWhole(body, with: ChatReplyFold(request), request: request)
    }

    /// Reads `chat.completion.chunk`s.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        StreamReplyReader(ChatReplyFold(request), isVerbatim: request.isVerbatim(in: dialect))
    }

    /// Reads the body of `POST /v1/chat/completions`.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try ChatRequestReader.read(body)
    }

    /// Writes `chat.completion`.
    public func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8] {
        ChatReplyWriter.whole(reply, identity, flavor)
    }

    /// Writes `chat.completion.chunk`s.
    public func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter {
        ChatReplyWriter(identity: identity, flavor)
    }

    /// Writes `{"error": {message, type, param, code}}`.
    public func writeError(_ error: PlenumError) -> WireError {
        wireError(error) { status in OpenAIErrors.body(error, number: flavor == .openRouter ? status : nil) }
    }
}
