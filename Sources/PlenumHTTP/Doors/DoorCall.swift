import HTTPTypes
import Hummingbird
import PlenumCore
import PlenumEngine
import PlenumWire

/// A request for a completion as it came in by a door: its body, looked over, and what stands in its path and header.
struct DoorCall: Sendable {
    /// What the gateway itself must know.
    var head: DoorHead
    /// The body as it came.
    let body: [UInt8]
    /// Header fields that belong to the body.
    let fields: ClientFields
    /// Whether what a provider cannot be told is refused, and not left out with a warning.
    let isStrict: Bool
    /// How long the client waits for all of it.
    let limit: Duration?
    /// Whether a stream is one JSON array, in place of events.
    let isArray: Bool
    /// Whether the client wants to know what was tried for the answer.
    let wantsMetadata: Bool
    /// Who is to be asked.
    var routing: Routing

    /// Looks a request over.
    /// - Parameter path: what a path like Gemini's says: there the body has neither a model nor whether to stream.
    init(
        _ request: Request,
        _ body: [UInt8],
        in format: any WireFormat,
        path: ModelCall? = nil
    ) throws(PlenumError) {
        head = try format.scanRequest(body)
        if let path {
            head.model = path.model
            head.stream = path.method == .streamGenerateContent
        }
        self.body = body
        fields = ClientFields(reading: request.headers, of: format.dialect)
        isStrict = request.headers[.strict]?.lowercased() == "true"
        limit = try RequestTimeout.read(request)
        wantsMetadata = RoutingMetadata.isWanted(request.headers)
        routing = try Routing(provider: head.provider, session: head.session, header: request.headers[.sessionID])
        isArray = path != nil && request.uri.queryParameters["alt"] != "sse"
    }
}

/// What a path of Gemini's says: `models/{model}:{method}`.
struct ModelCall: Sendable, Hashable {
    /// What is asked of the model.
    enum Method: String, Sendable {
        case generateContent
        case streamGenerateContent
        case countTokens
    }

    /// The model's name, which may have slashes and colons of its own.
    let model: String
    /// What is asked of it.
    let method: Method

    /// Reads what follows `models/`.
    /// - Throws: `notFound` for another method, naming those that there are.
    init(_ path: String) throws(PlenumError) {
        guard let colon = path.lastIndex(of: ":"), colon != path.startIndex,
            let method = Method(rawValue: String(path[path.index(after: colon)...]))
        else {
            throw PlenumError(
                .notFound,
                "There is no such method: generateContent, streamGenerateContent and countTokens are what a model does here."
            )
        }
        model = String(path[..<colon])
        self.method = method
    }
}

extension ClientFields {
    /// The fields that mean something beside a body, by the dialect that knows them.
    private static let known: [Dialect: [HTTPField.Name]] = [
        .anthropicMessages: [.anthropicVersion, .anthropicBeta], .openAIChat: [.openAIBeta],
        .openAIResponses: [.openAIBeta],
    ]

    /// Reads the fields of a dialect; several lines of one are joined, as HTTP has it.
    init(reading headers: HTTPFields, of dialect: Dialect) {
        let found = (Self.known[dialect] ?? []).compactMap { name -> Field? in
            let values = headers[values: name]
            return values.isEmpty ? nil : Field(name.canonicalName, values.joined(separator: ","))
        }
        self.init(found.isEmpty ? nil : dialect, found)
    }
}

extension HTTPField.Name {
    fileprivate static let anthropicBeta = HTTPField.Name("anthropic-beta")!
    fileprivate static let openAIBeta = HTTPField.Name("openai-beta")!
    static let sessionID = HTTPField.Name("x-session-id")!
    static let strict = HTTPField.Name("x-plenum-strict")!
    static let warnings = HTTPField.Name("x-plenum-warnings")!
}
