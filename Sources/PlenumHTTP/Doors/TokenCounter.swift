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
        let head = try format.scanRequest(body)
        guard let model = path?.model ?? head.model, !model.isEmpty else {
            throw PlenumError(
                .invalidRequest,
                "\"model\" is missing: name a model of GET /v1/models.",
                parameter: "model"
            )
        }
        let fields = ClientFields(reading: request.headers, of: format.dialect)
        if VirtualModel(name: model) == nil, !WireFormats.mustBeRead(body),
            let reply = try await engine.countTokens(model, head.verbatim(body), fields: fields)
        {
            return .json(reply.body)
        }
        let count = engine.estimatedTokens(try format.readRequest(Self.prompt(body)).chat)
        return .json(Self.answer(count, format.dialect).bytes, headers: [Self.estimated: "true"])
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
