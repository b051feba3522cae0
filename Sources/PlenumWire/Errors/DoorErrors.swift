import PlenumCore

/// What every door says of an error beside the body (wire notes 2.10).
enum DoorErrors {
    /// The HTTP status; Anthropic's dialect has one of its own for overload.
    static func status(_ error: PlenumError, _ dialect: Dialect) -> Int {
        switch error.code {
        case .invalidRequest, .unsupportedParameter, .contextLength, .contentBlocked, .recursivePanel: 400
        case .authentication: 401
        case .permission: 403
        case .notFound: 404
        case .conflict, .idempotencyInProgress, .idempotencyNotReplayable: 409
        case .idempotencyKeyReused: 422
        case .tooLarge: 413
        case .rateLimited, .quotaExhausted: 429
        case .cancelled: 499
        case .upstreamAuthentication, .badUpstream, .upstreamInterrupted: 502
        case .overloaded, .unavailable: dialect == .anthropicMessages ? 529 : 503
        case .storage, .interrupted, .fenced: 503
        case .timeout: 504
        default: 500
        }
    }

    /// The content type, when to come back, and whether to at all: SDKs retry these statuses by themselves.
    static func headers(_ error: PlenumError, status: Int) -> [(name: String, value: String)] {
        var headers = [(name: "content-type", value: "application/json")]
        if let delay = error.retryAfter {
            let (seconds, attoseconds) = delay.components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            headers.append((name: "retry-after", value: String((milliseconds + 999) / 1000)))
            headers.append((name: "retry-after-ms", value: String(milliseconds)))
        }
        if !error.isRetryable, [408, 409, 422, 429].contains(status) || status >= 500 {
            headers.append((name: "x-should-retry", value: "false"))
        }
        return headers
    }
}
