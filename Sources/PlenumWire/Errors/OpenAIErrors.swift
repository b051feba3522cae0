import PlenumCore

/// Errors as OpenAI writes them (wire notes 2.10, columns C and R).
enum OpenAIErrors {
    static func body(_ error: PlenumError, number: Int? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(error, number: number, &writer)
        writer.endObject()
        return writer.bytes
    }

    /// Writes the member `error`.
    /// - Parameters:
    ///   - isPartial: inside a stream, whether a part of the answer came before it. Such a client has no status to go by,
    ///     so it is told too whether asking again may help.
    ///   - needsCode: whether there must be a code, as inside a `response`.
    ///   - number: the HTTP status, where that is the code, as at OpenRouter.
    static func write(
        _ error: PlenumError,
        isPartial: Bool? = nil,
        needsCode: Bool = false,
        number: Int? = nil,
        _ writer: inout JSONWriter
    ) {
        let (type, code) = words(error.code)
        writer.key("error")
        writer.beginObject()
        writer.member("message", error.message)
        writer.member("type", type)
        writer.member("param", error.parameter)
        if let number {
            writer.member("code", number)
            writer.member("metadata", ["error_type": .string(code ?? type)] as JSONValue)
        } else {
            writer.member("code", code ?? (needsCode ? type : nil))
        }
        if let isPartial {
            writer.member("retryable", error.isRetryable)
            writer.member("partial", isPartial)
        }
        writer.endObject()
    }

    private static func words(_ code: PlenumError.Code) -> (type: String, code: String?) {
        switch code {
        case .invalidRequest: ("invalid_request_error", nil)
        case .unsupportedParameter: ("invalid_request_error", "unsupported_parameter")
        case .recursivePanel: ("invalid_request_error", "recursive_panel")
        case .contextLength: ("invalid_request_error", "context_length_exceeded")
        case .contentBlocked: ("invalid_request_error", "content_filter")
        case .authentication: ("invalid_request_error", "invalid_api_key")
        case .permission: ("permission_error", nil)
        case .notFound: ("invalid_request_error", "model_not_found")
        case .conflict: ("conflict", "conflict")
        case .idempotencyKeyReused, .idempotencyInProgress, .idempotencyNotReplayable:
            ("idempotency_error", code.rawValue)
        case .tooLarge: ("invalid_request_error", "request_too_large")
        case .rateLimited: ("rate_limit_error", "rate_limit_exceeded")
        case .quotaExhausted: ("insufficient_quota", "insufficient_quota")
        case .upstreamAuthentication: ("server_error", "upstream_authentication")
        case .badUpstream, .upstreamInterrupted: ("server_error", "bad_gateway")
        case .unavailable, .overloaded: ("server_error", "server_is_overloaded")
        case .timeout: ("timeout", "timeout")
        default: ("server_error", code.rawValue)
        }
    }
}
