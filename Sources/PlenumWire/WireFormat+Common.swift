public import PlenumCore

/// What every format does in the same way.
extension WireFormat {
    /// Nothing.
    public func writeCall(_ call: SideCall) throws(PlenumError) -> WireRequest? { nil }

    /// The answer as it is.
    public func readCall(_ call: SideCall, _ body: [UInt8]) throws(PlenumError) -> SideReply { SideReply(body: body) }

    /// A call whose body goes through as it is, but for the model's name.
    func wireCall(
        _ call: SideCall,
        path: String,
        headers: [(name: String, value: String)] = []
    ) -> WireRequest {
        let body = RequestBody(Passthrough.body(call.body, model: call.model, quirks: Quirks()))
        return wireRequest(path: path, streamed: false, headers: headers, body: body)
    }

    /// A comment.
    public var keepAlive: [UInt8] { SSEWriter.keepAlive }

    /// They do, as the specification of server-sent events has it.
    public var takesComments: Bool { true }

    /// Reads a provider's refusal, in whichever of the known shapes it comes.
    public func readError(
        status: Int,
        header: (String) -> String?,
        body: [UInt8],
        provider: String
    ) -> PlenumError {
        UpstreamErrors.read(status: status, header: header, body: body, provider: provider)
    }

    /// The tools that take free text.
    public func echo(of request: DoorRequest) -> RequestEcho {
        var echo = RequestEcho()
        for tool in request.chat.tools where tool.freeform != nil { echo.freeformTools.insert(tool.name) }
        return echo
    }

    /// Looks over the top level of a client's body.
    public func scanRequest(_ body: [UInt8]) throws(PlenumError) -> DoorHead {
        try DoorHead(scanning: body, dialect: dialect)
    }

    /// Reads a whole reply with the fold of its dialect.
    func readWhole(
        _ body: [UInt8],
        with fold: some ReplyFold,
        request: CompletionRequest
    ) throws(PlenumError) -> ReplyPiece {
        let isVerbatim = request.isVerbatim(in: dialect)
        var (fold, output) = (fold, FoldOutput())
        let input = FoldInput(bytes: body, span: 0..<body.count, raw: nil, isVerbatim: isVerbatim)
        try fold.takeWhole(input, into: &output)
        return ReplyPiece(events: output.events, verbatim: isVerbatim ? output.splices.applied(to: body) : nil)
    }

    /// A request with the fields that every dialect has.
    func wireRequest(
        path: String,
        streamed: Bool,
        headers: [(name: String, value: String)] = [],
        body: RequestBody
    ) -> WireRequest {
        let common = [
            (name: "content-type", value: "application/json"),
            (name: "accept", value: streamed ? "text/event-stream" : "application/json"),
        ]
        var request = WireRequest(path: path, headers: common + headers, body: body.bytes)
        request.warnings = body.warnings
        request.toolNames = body.toolNames
        return request
    }

    /// An error with the status and the fields of the dialect's door.
    func wireError(_ error: PlenumError, body: (_ status: Int) -> [UInt8]) -> WireError {
        let status = DoorErrors.status(error, dialect)
        return WireError(status: status, headers: DoorErrors.headers(error, status: status), body: body(status))
    }
}
