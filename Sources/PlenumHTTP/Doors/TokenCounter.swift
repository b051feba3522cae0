import HTTPTypes
import Hummingbird
import PlenumCore
import PlenumEngine
import PlenumWire

/// Tells how many tokens a prompt has: as the model's provider counts, or about, where it cannot be asked.
struct TokenCounter: Sendable {
    let engine: Engine
    let configuration: DoorConfiguration

    /// The field by which a client is told that nobody counted.
    private static let estimated = HTTPField.Name("x-plenum-estimated")!

    /// Answers a request in its dialect.
    func count(_ request: Request, in format: any WireFormat, _ path: ModelCall? = nil) async throws -> Response {
        let body = try await request.bytes(upTo: configuration.bodyLimit)
        return try await count(body, ClientFields(reading: request.headers, of: format.dialect), in: format, path)
    }

    /// Not inlined: together with what may throw anything the compiler of Swift 6.3 breaks off over it.
    @inline(never)
    private func count(
        _ body: [UInt8],
        _ fields: ClientFields,
        in format: any WireFormat,
        _ path: ModelCall?
    ) async throws(PlenumError) -> Response {
        let head = try format.scanRequest(body)
        guard let model = path?.model ?? head.model, !model.isEmpty else {
            throw PlenumError(
                .invalidRequest,
                "\"model\" is missing: name a model of GET /v1/models.",
                parameter: "model"
            )
        }
        if let reply = try await counted(model, head.verbatim(body), fields) { return .json(reply.body) }
        let count = engine.estimatedTokens(try format.readRequest(Self.prompt(body)).chat)
        return .json(Self.answer(count, format.dialect).bytes, headers: [Self.estimated: "true"])
    }

    /// Has the model's provider count; `nil` if it cannot.
    private func counted(
        _ model: String,
        _ body: VerbatimRequest,
        _ fields: ClientFields
    ) async throws(PlenumError) -> SideReply? {
        guard VirtualModel(name: model) == nil, !WireFormats.mustBeRead(body.body) else { return nil }
        return try await engine.countTokens(model, body, fields: fields)
    }

    /// The prompt of a request: Gemini's may hold a whole `generateContentRequest`.
    private static func prompt(_ body: [UInt8]) -> [UInt8] {
        guard let tree = try? JSONValue(parsing: body),
            let whole = tree["generateContentRequest"] ?? tree["generate_content_request"]
        else { return body }
        return whole.bytes
    }

    private static func answer(_ count: Int, _ dialect: Dialect) -> JSONValue {
        let number = JSONValue.number(JSONNumber(count))
        return switch dialect {
        case .gemini: ["totalTokens": number]
        case .openAIResponses: ["object": "response.input_tokens", "input_tokens": number]
        case .anthropicMessages, .openAIChat: ["input_tokens": number]
        }
    }
}
