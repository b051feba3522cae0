import PlenumCore

/// Turns what providers say of errors into the one typed set (wire notes 2.10).
enum UpstreamErrors {
    /// Reads a refused request.
    static func read(
        status: Int,
        header: (String) -> String?,
        body: [UInt8],
        provider: String
    ) -> PlenumError {
        let report = ErrorReport(body: body)
        let code = kind(status: status, report ?? ErrorReport())
        let isLater = status == 429 || status >= 500
        var error = PlenumError(
            code,
            "[\(provider)] \(message(status: status, report, body))",
            parameter: isClients(code) ? report?.parameter : nil,
            retryAfter: isLater ? delay(report, header) : nil,
            upstream: PlenumError.Upstream(
                provider: provider,
                status: status,
                requestID: header("x-request-id") ?? header("request-id") ?? report?.requestID,
                code: (report?.code ?? report?.type).map { Redaction.clean($0, limit: 100) }
            )
        )
        switch header("x-should-retry") {
        case "false"?: error.isRetryable = false
        case "true"? where isLater: error.isRetryable = true
        default: break
        }
        return error
    }

    /// Reads an error that came in place of an answer or in the middle of one, after the head had said that all is well.
    static func inReply(_ report: ErrorReport?, provider: String) -> PlenumError {
        guard let report else {
            return PlenumError(.badUpstream, "[\(provider)] The provider broke its answer off with an error.")
        }
        let status = report.status ?? Self.status(ofType: report)
        let code = kind(status: status, report)
        return PlenumError(
            code,
            "[\(provider)] " + Redaction.clean(report.message ?? report.code ?? report.type ?? "The provider failed."),
            retryAfter: delay(report) { _ in nil },
            upstream: PlenumError.Upstream(
                provider: provider,
                status: report.status,
                requestID: report.requestID,
                code: (report.code ?? report.type).map { Redaction.clean($0, limit: 100) }
            )
        )
    }

    private static func isClients(_ code: PlenumError.Code) -> Bool {
        [.invalidRequest, .unsupportedParameter, .contextLength, .contentBlocked].contains(code)
    }

    private static func delay(_ report: ErrorReport?, _ header: (String) -> String?) -> Duration? {
        RetryDelay.read(header: header) ?? report?.retryDelay ?? report?.message.flatMap(RetryDelay.inMessage)
    }

    private static func message(status: Int, _ report: ErrorReport?, _ body: [UInt8]) -> String {
        if let report { return Redaction.clean(report.message ?? report.code ?? report.type ?? "HTTP \(status)") }
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        let trimmed = text.drop { $0.isWhitespace }
        if trimmed.isEmpty { return "The provider answered \(status) without a body." }
        if trimmed.first == "<" { return "The provider answered \(status) with a page instead of an error." }
        if trimmed.first == "{" || trimmed.first == "[" {
            return "The provider answered \(status) with an error of an unknown shape."
        }
        return Redaction.clean(String(trimmed))
    }

    /// The HTTP status that an error's type would have had before the stream began.
    private static func status(ofType report: ErrorReport) -> Int {
        switch report.type ?? report.code ?? "" {
        case "invalid_request_error", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "invalid_prompt", "cyber_policy": 400
        case "context_length_exceeded", "content_filter", "model_not_found": 400
        case "authentication_error", "UNAUTHENTICATED": 401
        case "billing_error": 402
        case "permission_error", "PERMISSION_DENIED": 403
        case "not_found_error", "NOT_FOUND": 404
        case "request_too_large": 413
        case "rate_limit_error", "rate_limit_exceeded", "RESOURCE_EXHAUSTED", "tokens", "requests": 429
        case "insufficient_quota", "credit_balance_exhausted", "enforced_spend_limit_reached": 429
        case "timeout_error", "DEADLINE_EXCEEDED": 504
        case "overloaded_error": 529
        case "UNAVAILABLE": 503
        default: 500
        }
    }

    private static func kind(status: Int, _ report: ErrorReport) -> PlenumError.Code {
        switch status {
        case 401: .upstreamAuthentication
        case 402: .quotaExhausted
        case 403: report.says("flagged", "moderation") ? .contentBlocked : .upstreamAuthentication
        case 404: .notFound
        case 408, 504: .timeout
        case 409: .conflict
        case 413: isContextLength(report) ? .contextLength : .tooLarge
        case 429: isExhausted(report) ? .quotaExhausted : .rateLimited
        case 498, 529: .overloaded
        case 499: .unavailable
        case 400..<500: kindOfRefusal(report)
        case 500...: isOverload(report) ? .overloaded : .unavailable
        default: .badUpstream
        }
    }

    private static func kindOfRefusal(_ report: ErrorReport) -> PlenumError.Code {
        if isContextLength(report) { return .contextLength }
        if report.isCoded("API_KEY_INVALID", "invalid_api_key", "authentication_error")
            || report.says("incorrect api key", "api key not valid", "invalid api key")
        {
            return .upstreamAuthentication
        }
        if isExhausted(report) { return .quotaExhausted }
        if report.isCoded("unsupported_parameter", "unsupported_value") { return .unsupportedParameter }
        if report.isCoded("content_filter", "content_policy_violation", "cyber_policy", "invalid_prompt") {
            return .contentBlocked
        }
        if report.isCoded("model_not_found") { return .notFound }
        return .invalidRequest
    }

    private static func isContextLength(_ report: ErrorReport) -> Bool {
        report.isCoded("context_length_exceeded")
            || report.says(
                "prompt is too long",
                "maximum context length",
                "context length",
                "context window",
                "exceeds the maximum number of tokens"
            )
    }

    private static func isExhausted(_ report: ErrorReport) -> Bool {
        report.isDailyQuota
            || report.isCoded(
                "insufficient_quota",
                "credit_balance_exhausted",
                "billing_error",
                "enforced_spend_limit_reached"
            )
            || report.says("credit balance is too low", "insufficient balance")
    }

    private static func isOverload(_ report: ErrorReport) -> Bool {
        report.isCoded("overloaded_error", "server_is_overloaded", "slow_down") || report.says("overloaded")
    }
}
