public import PlenumCore
import PlenumWire

/// A provider that makes its answers up, to try Plenum out without a key and to test it without a network.
///
/// Answers depend on the prompt and the model's name alone. With tools at hand it calls the first one, and when it is
/// given the result it says what the result was.
public struct SimulatedProvider: LLMProvider {
    /// Its id.
    public let id: String
    /// It has no wire.
    public var dialect: Dialect? { nil }

    /// Makes a provider.
    public init(id: String = "simulated") { self.id = id }

    /// The models that a server without any key offers.
    public static func models(provider: String = "simulated") -> [Model] {
        [("parrot", "Parrot"), ("oracle", "Oracle"), ("sphinx", "Sphinx")].map { name, title in
            Model(
                id: ModelID(provider: provider, model: name),
                name: "\(title) (simulated)",
                context: 128_000,
                maxOutput: 4096,
                capabilities: JSONObject([("tools", true), ("vision", true)])
            )
        }
    }

    /// Makes an answer up.
    public func complete(_ request: CompletionRequest) async throws(PlenumError) -> ReplyStream {
        let script = SimulationScript(model: request.model)
        let chat = try Self.chat(of: request.prompt)
        if let status = script.refusal { throw Self.refusal(status, provider: id) }
        try await Self.pause(script.wait)
        let answer = SimulatedAnswer(chat, model: request.model, script: script, limit: chat.maxOutputTokens)
        let head = ReplyHead(requestID: "sim-\(request.model)")
        if !request.stream {
            guard script.cut == nil else { throw Self.broken(id) }
            if script.hang != nil { try await Self.pause(3_600_000) }
            return ReplyStream(head: head, whole: ReplyPiece(events: answer.events))
        }
        return ReplyStream(head: head) { Self.reading(answer.events, script, id) }
    }

    private static func reading(
        _ events: [ReplyEvent],
        _ script: SimulationScript,
        _ id: String
    ) -> ReplyStream.AsyncIterator {
        var rest = events[...]
        var shown = 0
        return ReplyStream.AsyncIterator { () async throws(PlenumError) -> ReplyPiece? in
            guard let next = rest.popFirst() else { return nil }
            guard next.isContent else { return ReplyPiece(events: [next]) }
            if script.cut == shown { throw broken(id) }
            if script.hang == shown { try await pause(3_600_000) }
            if shown > 0 { try await pause(script.gap) }
            shown += 1
            return ReplyPiece(events: [next])
        }
    }

    private static func chat(of prompt: CompletionRequest.Prompt) throws(PlenumError) -> ChatRequest {
        switch prompt {
        case .chat(let chat): return chat
        case .verbatim(let body):
            guard let format = WireFormats.format(for: body.dialect) else {
                throw PlenumError(.internal, "The dialect \(body.dialect.rawValue) cannot be read yet.")
            }
            return try format.readRequest(body.body).chat
        }
    }

    private static func pause(_ milliseconds: Int) async throws(PlenumError) {
        guard milliseconds > 0 else { return }
        do {
            try await Task.sleep(for: .milliseconds(milliseconds))
        } catch {
            throw PlenumError(.cancelled, "The client left before the answer was complete.")
        }
    }

    private static func broken(_ id: String) -> PlenumError {
        PlenumError(
            .upstreamInterrupted,
            "\(id): The simulated answer broke off, as its model's name asks for.",
            upstream: PlenumError.Upstream(provider: id)
        )
    }

    private static func refusal(_ status: Int, provider: String) -> PlenumError {
        let code: PlenumError.Code =
            switch status {
            case 401, 403: .upstreamAuthentication
            case 404: .notFound
            case 413: .tooLarge
            case 429: .rateLimited
            case 503, 529: .overloaded
            case 504: .timeout
            case 400..<500: .invalidRequest
            default: .badUpstream
            }
        return PlenumError(
            code,
            "\(provider): Refused with \(status), as the model's name asks for.",
            upstream: PlenumError.Upstream(provider: provider, status: status)
        )
    }
}
