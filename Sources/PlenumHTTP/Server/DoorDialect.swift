import HTTPTypes
import Hummingbird
import PlenumCore
import PlenumWire

/// The dialect that a client speaks, as far as its request tells without its body (wire notes 1.0).
enum DoorDialect {
    /// The dialect of a request: by the path where only one has it, by the header fields where several have it.
    static func of(_ request: Request) -> Dialect {
        let path = request.uri.path
        if path.hasPrefix("/v1beta/") || path.hasPrefix("/v1alpha/") { return .gemini }
        let words = path.split(separator: "/").drop { $0 == "api" || $0 == "v1" }
        switch words.first {
        case "messages": return .anthropicMessages
        case "responses": return .openAIResponses
        case "models": return ofModels(request)
        default: return .openAIChat
        }
    }

    /// The format of a request's dialect.
    static func format(of request: Request) -> any WireFormat {
        if isOpenRouters(request), of(request) == .openAIChat { return OpenAIChatFormat(.openRouter) }
        return WireFormats.format(for: of(request)) ?? OpenAIChatFormat()
    }

    /// Whether a client is set up for OpenRouter, whose API begins with `/api/v1`.
    static func isOpenRouters(_ request: Request) -> Bool { request.uri.path.hasPrefix("/api/") }

    /// `/v1/models` is OpenAI's, Anthropic's and since google-genai 3 Google's too.
    private static func ofModels(_ request: Request) -> Dialect {
        if request.method == .post { return .gemini }
        if request.headers[.anthropicVersion] != nil { return .anthropicMessages }
        let isGoogles =
            request.headers[.googleKey] != nil || request.headers[.googleClient] != nil
            || request.uri.queryParameters["key"] != nil
        return isGoogles ? .gemini : .openAIChat
    }
}

extension HTTPField.Name {
    static let anthropicVersion = HTTPField.Name("anthropic-version")!
    static let googleKey = HTTPField.Name("x-goog-api-key")!
    static let googleClient = HTTPField.Name("x-goog-api-client")!
}
