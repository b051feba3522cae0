import PlenumCore

/// Errors as Anthropic writes them (wire notes 2.10, column A).
enum AnthropicErrors {
    static func body(_ error: PlenumError) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "error")
        writer.key("error")
        writer.beginObject()
        writer.member("type", type(error.code))
        writer.member("message", message(error))
        writer.endObject()
        writer.member("request_id", error.upstream?.requestID)
        writer.endObject()
        return writer.bytes
    }

    /// Claude Code compacts a conversation only when it reads these words.
    private static func message(_ error: PlenumError) -> String {
        let words = "prompt is too long"
        guard error.code == .contextLength, !error.message.contains(words) else { return error.message }
        return "\(words): \(error.message)"
    }

    private static func type(_ code: PlenumError.Code) -> String {
        switch code {
        case .invalidRequest, .unsupportedParameter, .contextLength, .contentBlocked: "invalid_request_error"
        case .authentication: "authentication_error"
        case .permission: "permission_error"
        case .notFound: "not_found_error"
        case .conflict: "conflict_error"
        case .tooLarge: "request_too_large"
        case .rateLimited, .quotaExhausted: "rate_limit_error"
        case .overloaded, .unavailable: "overloaded_error"
        case .timeout: "timeout_error"
        default: "api_error"
        }
    }
}
