import PlenumCore

/// Errors as Google writes them (wire notes 2.10, column G).
enum GeminiErrors {
    static func body(_ error: PlenumError, status: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.member("code", status)
        writer.member("message", error.message)
        writer.member("status", word(error.code))
        if let delay = error.retryAfter {
            let (seconds, attoseconds) = delay.components
            let rounded = seconds + (attoseconds > 0 ? 1 : 0)
            writer.member(
                "details",
                [["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": .string("\(rounded)s")]]
                    as JSONValue
            )
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func word(_ code: PlenumError.Code) -> String {
        switch code {
        case .invalidRequest, .unsupportedParameter, .contextLength, .contentBlocked, .tooLarge: "INVALID_ARGUMENT"
        case .authentication: "UNAUTHENTICATED"
        case .permission: "PERMISSION_DENIED"
        case .notFound: "NOT_FOUND"
        case .conflict: "ABORTED"
        case .rateLimited, .quotaExhausted: "RESOURCE_EXHAUSTED"
        case .cancelled: "CANCELLED"
        case .timeout: "DEADLINE_EXCEEDED"
        case .upstreamAuthentication, .badUpstream, .upstreamInterrupted, .unavailable, .overloaded, .storage,
            .interrupted:
            "UNAVAILABLE"
        default: "INTERNAL"
        }
    }
}
