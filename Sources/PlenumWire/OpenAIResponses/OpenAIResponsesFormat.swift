public import PlenumCore

/// OpenAI's Responses (wire notes 1.2).
public struct OpenAIResponsesFormat: WireFormat {
    /// Makes the format.
    public init() {}

    /// `openai-responses`
    public var dialect: Dialect { .openAIResponses }

    /// `Authorization: Bearer`
    public func authorization(key: String) -> [(name: String, value: String)] {
        [(name: "authorization", value: "Bearer \(key)")]
    }

    /// Writes `POST {base}/responses`; the base address includes `/v1`. The provider never keeps anything: `store` is
    /// false whatever the client said, since what is kept is kept here.
    public func writeRequest(_ request: CompletionRequest, quirks: Quirks) throws(PlenumError) -> WireRequest {
        let body: RequestBody
        if let verbatim = request.verbatim(in: dialect) {
            body = RequestBody(ResponsesPassthrough.body(verbatim, model: request.model, quirks: quirks))
        } else {
            body = try ResponsesRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        return wireRequest(path: "/responses", streamed: request.stream, body: body)
    }

    /// Writes `POST {base}/responses/input_tokens`, and `POST {base}/embeddings`, which is beside both of OpenAI's formats.
    public func writeCall(_ call: SideCall) throws(PlenumError) -> WireRequest? {
        switch (call.kind, call.body.dialect) {
        case (.countTokens, dialect): wireCall(call, path: "/responses/input_tokens")
        case (.embeddings, _): try OpenAIChatFormat().writeCall(call)
        default: nil
        }
    }

    /// Reads the answer to a call beside completions.
    public func readCall(_ call: SideCall, _ body: [UInt8]) throws(PlenumError) -> SideReply {
        call.kind == .embeddings ? try OpenAIChatFormat().readCall(call, body) : SideReply(body: body)
    }

    /// Reads `response`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        try readWhole(body, with: ResponsesReplyFold(request), request: request)
    }

    /// Reads the events from `response.created` to `response.completed` or what stands for it.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        StreamReplyReader(ResponsesReplyFold(request), isVerbatim: request.isVerbatim(in: dialect))
    }

    /// Reads the body of `POST /v1/responses`. What `previous_response_id` and `conversation` stand for is told in the
    /// head alone: whoever keeps conversations puts it before the turns.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try ResponsesRequestReader.read(body)
    }

    /// The tools that take free text, and what `response` repeats of its request.
    public func echo(of request: DoorRequest) -> RequestEcho {
        var echo = RequestEcho()
        for tool in request.chat.tools where tool.freeform != nil { echo.freeformTools.insert(tool.name) }
        echo.members = ResponsesEcho.members(request.echoed)
        return echo
    }

    /// Writes `response`.
    public func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8] {
        ResponsesReplyWriter.whole(reply, identity)
    }

    /// Writes the events of a stream.
    public func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter {
        ResponsesReplyWriter(identity: identity)
    }

    /// Writes `{"error": {message, type, param, code}}`.
    public func writeError(_ error: PlenumError) -> WireError {
        wireError(error) { _ in OpenAIErrors.body(error) }
    }
}
