import PlenumCore
import PlenumWire
import Testing

/// A body on its way from one dialect to another.
struct Translated {
    var body: JSONValue
    var warnings: [String]
    var toolNames: [String: String]

    /// Translates a body.
    /// - Parameter can: what the model can do, as in `providers.json`.
    init(
        _ given: JSONValue,
        from: Dialect = .openAIChat,
        to: Dialect,
        can: JSONValue = [:],
        fields: ClientFields = ClientFields(),
        stream: Bool = false,
        outputLimit: Int? = nil
    ) throws {
        let request = Self.request(
            given,
            from: from,
            can: can,
            fields: fields,
            stream: stream,
            outputLimit: outputLimit
        )
        let format = try #require(WireFormats.format(for: to))
        let wire = try format.writeRequest(request, quirks: Quirks())
        body = try JSONValue(parsing: wire.body)
        warnings = wire.warnings.map(\.description)
        toolNames = wire.toolNames
    }

    /// A request that must be read before it can be written.
    static func request(
        _ given: JSONValue,
        from: Dialect = .openAIChat,
        can: JSONValue = [:],
        fields: ClientFields = ClientFields(),
        stream: Bool = false,
        outputLimit: Int? = nil
    ) -> CompletionRequest {
        let prompt = VerbatimRequest(dialect: from, body: given.bytes, modelSpan: nil)
        let tag = ModelID(provider: "p", model: "m")
        var request = CompletionRequest(model: "up", tag: tag, stream: stream, prompt: .verbatim(prompt))
        request.capabilities = ModelCapabilities(can.object ?? JSONObject())
        request.fields = fields
        request.outputLimit = outputLimit
        return request
    }

    /// A Chat body of one user turn, with more members.
    static func chat(_ more: JSONValue = [:], messages: JSONValue = [["role": "user", "content": "x"]]) -> JSONValue {
        var body = JSONObject([("model", "m"), ("messages", messages)])
        for (name, value) in more.object?.members ?? [] { body[name] = value }
        return .object(body)
    }

    /// A Chat body of messages.
    static func chat(messages: JSONValue) -> JSONValue { chat([:], messages: messages) }

    /// The refusal of a translation.
    static func refusal(
        _ given: JSONValue,
        from: Dialect = .openAIChat,
        to: Dialect,
        can: JSONValue = [:]
    ) -> PlenumError? {
        #expect(throws: PlenumError.self) { try Translated(given, from: from, to: to, can: can) }
    }

    var messages: [JSONValue] { body["messages"]?.array ?? [] }
    var contents: [JSONValue] { body["contents"]?.array ?? [] }
    var config: JSONValue? { body["generationConfig"] }
}

extension JSONValue {
    /// An element of an array.
    subscript(position: Int) -> JSONValue? {
        guard let array, array.indices.contains(position) else { return nil }
        return array[position]
    }

    /// The number that a text spells.
    static func literal(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .null }
}
