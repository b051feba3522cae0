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
        let body: [UInt8]
        if let verbatim = request.verbatim(in: dialect) {
            body = Passthrough.body(verbatim, model: request.model, quirks: quirks)
        } else {
            body = try GeminiRequestWriter(request: request, quirks: quirks).write(try request.chat())
        }
        let method = request.stream ? "streamGenerateContent?alt=sse" : "generateContent"
        return WireRequest(
            path: "/v1beta/models/\(PercentEncoding.path(request.model)):\(method)",
            headers: [
                (name: "content-type", value: "application/json"),
                (name: "accept", value: request.stream ? "text/event-stream" : "application/json"),
            ],
            body: body
        )
    }

    /// Reads a `GenerateContentResponse`.
    public func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece {
        let isVerbatim = request.isVerbatim(in: dialect)
        var fold = GeminiReplyFold(request)
        var output = FoldOutput()
        try fold.takeWhole(
            FoldInput(bytes: body, span: 0..<body.count, raw: nil, isVerbatim: isVerbatim),
            into: &output
        )
        return ReplyPiece(events: output.events, verbatim: isVerbatim ? output.splices.applied(to: body) : nil)
    }

    /// Reads a stream of `GenerateContentResponse`s, as events or as one JSON array.
    public func makeReplyReader(for request: CompletionRequest) -> any ReplyReader {
        GeminiReplyReader(request)
    }

    /// Reads `{"error": {code, message, status, details}}`, alone or in an array.
    public func readError(
        status: Int,
        header: (String) -> String?,
        body: [UInt8],
        provider: String
    ) -> PlenumError {
        UpstreamErrors.read(status: status, header: header, body: body, provider: provider)
    }

    /// Reads the body of `POST /v1beta/models/{model}:generateContent`; the model stands in the path.
    public func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        try GeminiRequestReader.read(body)
    }

    /// Looks over the body; model and stream stand in the path.
    public func scanRequest(_ body: [UInt8]) throws(PlenumError) -> DoorHead {
        try DoorHead(scanning: body, dialect: dialect)
    }

    /// Writes a `GenerateContentResponse`.
    public func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8] {
        GeminiReplyWriter.whole(reply, identity)
    }

    /// Writes `GenerateContentResponse`s as events.
    public func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter {
        GeminiReplyWriter(identity: identity)
    }

    /// Writes `{"error": {code, message, status}}`, with `RetryInfo` where it is known.
    public func writeError(_ error: PlenumError) -> WireError {
        let status = DoorErrors.status(error, dialect)
        return WireError(
            status: status,
            headers: DoorErrors.headers(error, status: status),
            body: GeminiErrors.body(error, status: status)
        )
    }
}

/// Percent encoding (RFC 3986).
enum PercentEncoding {
    /// A name as one segment of a path.
    static func path(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                out.append(byte)
            default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
