public import PlenumCore

/// Google's Gemini `generateContent` (wire notes 1.4).
public struct GeminiFormat: WireFormat {
    /// Makes the format.
    public init() {}

    /// `gemini`
    public var dialect: Dialect { .gemini }

    /// `x-goog-api-key`
    public func authorization(key: String) -> [(name: String, value: String)] {
        [(name: "x-goog-api-key", value: key)]
    }

    /// Writes `POST {base}/v1beta/models/{model}:generateContent`, or `:streamGenerateContent?alt=sse`.
    public func writeRequest(_ request: CompletionRequest, quirks: Quirks) throws(PlenumError) -> WireRequest {
        let body: RequestBody
        if let verbatim = request.verbatim(in: dialect) {
            body = RequestBody(Passthrough.body(verbatim, model: request.model, quirks: quirks))
        } else {
            body = try GeminiRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        let method = request.stream ? "streamGenerateContent?alt=sse" : "generateContent"
        return wireRequest(
            path: "/v1beta/models/\(PercentEncoding.path(request.model)):\(method)",
            streamed: request.stream,
            body: body
        )
    }

    /// Writes `POST {base}/v1beta/models/{model}:countTokens`, and OpenAI's embeddings as `:batchEmbedContents`.
    public func writeCall(_ call: SideCall) throws(PlenumError) -> WireRequest? {
        let path = "/v1beta/models/\(PercentEncoding.path(call.model))"
        switch (call.kind, call.body.dialect) {
        case (.countTokens, .gemini): return wireCall(call, path: "\(path):countTokens")
        case (.embeddings, .openAIChat):
            let body = try GeminiEmbeddings.request(call)
            return wireRequest(path: "\(path):batchEmbedContents", streamed: false, body: RequestBody(body))
        default: return nil
        }
    }

    /// Reads the answer to a call beside completions; vectors are given as OpenAI writes them.
    public func readCall(_ call: SideCall, _ body: [UInt8]) throws(PlenumError) -> SideReply {
        call.kind == .embeddings ? try GeminiEmbeddings.reply(body, call) : SideReply(body: body)
    }

    /// Reads a `GenerateContentResponse`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        try readWhole(body, with: GeminiReplyFold(request), request: request)
    }

    /// Reads a stream of `GenerateContentResponse`s, as events or as one JSON array.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        GeminiReplyReader(request)
    }

    /// Reads the body of `POST /v1beta/models/{model}:generateContent`; the model stands in the path.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try GeminiRequestReader.read(body)
    }

    /// Writes a `GenerateContentResponse`.
    public func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8] {
        GeminiReplyWriter.whole(reply, identity)
    }

    /// Writes `GenerateContentResponse`s as events.
    public func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter {
        GeminiReplyWriter(identity: identity)
    }

    /// Nothing: google-genai breaks on whatever is no response (wire notes 5.3).
    public var keepAlive: [UInt8] { [] }

    /// They do not: google-genai breaks on comments.
    public var takesComments: Bool { false }

    /// Writes `{"error": {code, message, status}}`, with `RetryInfo` where it is known.
    public func writeError(_ error: PlenumError) -> WireError {
        wireError(error) { status in GeminiErrors.body(error, status: status) }
    }
}
