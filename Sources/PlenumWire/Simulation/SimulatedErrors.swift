public import PlenumCore

/// The errors of a simulated provider, in the words of its dialect.
enum SimulatedErrors {
    /// What a status says.
    static func error(status: Int, _ reason: SimulatedFault.Refusal.Reason = .status) -> PlenumError {
        switch reason {
        case .quota: return PlenumError(.quotaExhausted, "Refused for an insufficient balance, as it was asked for.")
        case .contextLength:
            return PlenumError(
                .contextLength,
                "Refused for a prompt over the maximum context length, as it was asked for."
            )
        case .status: return PlenumError(code(status), "Refused with \(status), as it was asked for.")
        }
    }

    private static func code(_ status: Int) -> PlenumError.Code {
        switch status {
        case 401: .authentication
        case 402: .quotaExhausted
        case 403: .permission
        case 404: .notFound
        case 408, 504: .timeout
        case 409: .conflict
        case 413: .tooLarge
        case 429: .rateLimited
        case 503, 529: .overloaded
        case 502: .badUpstream
        case 400..<500: .invalidRequest
        default: .internal
        }
    }

    /// The body of an error.
    static func body(_ error: PlenumError, status: Int, in format: any WireFormat) -> [UInt8] {
        // Google's errors name their status.
        format.dialect == .gemini ? GeminiErrors.body(error, status: status) : format.writeError(error).body
    }

    /// An error as an event of a stream.
    static func event(status: Int, in format: any WireFormat) -> [UInt8] {
        var bytes: [UInt8] = []
        let body = body(error(status: status), status: status, in: format)
        switch format.dialect {
        case .openAIChat, .gemini: SSEWriter.append(body, to: &bytes)
        case .anthropicMessages: SSEWriter.append(body, name: "error", to: &bytes)
        case .openAIResponses:
            // Recorded in this form, which is not the documented one.
            let typed = Array(#"{"type":"error","sequence_number":2,"#.utf8) + body.dropFirst()
            SSEWriter.append(typed, name: "error", to: &bytes)
        }
        return bytes
    }
}

extension SimulatedFault.Refusal {
    /// The refusal as it goes over the wire.
    public func write(in format: any WireFormat) -> WireError {
        var headers = [(name: "content-type", value: "application/json")]
        if let retryAfter { headers.append((name: "retry-after", value: String(retryAfter))) }
        if let retryAfterMilliseconds {
            headers.append((name: "retry-after-ms", value: String(retryAfterMilliseconds)))
        }
        if let shouldRetry { headers.append((name: "x-should-retry", value: String(shouldRetry))) }
        let body = SimulatedErrors.body(SimulatedErrors.error(status: status, reason), status: status, in: format)
        return WireError(status: status, headers: headers, body: body)
    }

    /// The error that a client reads in the refusal.
    public func error(provider: String) -> PlenumError {
        let format = OpenAIChatFormat()
        let wire = write(in: format)
        return format.readError(
            status: wire.status,
            header: { name in wire.headers.first { $0.name == name }?.value },
            body: wire.body,
            provider: provider
        )
    }
}

extension SimulatedFault {
    /// The error that a client reads in the middle of an answer.
    public static func errorInReply(status: Int, provider: String) -> PlenumError {
        let report = ErrorReport(body: AnthropicErrors.body(SimulatedErrors.error(status: status)))
        return UpstreamErrors.inReply(report, provider: provider)
    }
}
