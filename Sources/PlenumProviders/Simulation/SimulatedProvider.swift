public import PlenumCore
public import PlenumWire

/// A provider that makes its answers up, to try Plenum out without a key and to test it without a network.
///
/// Answers depend on the prompt and the model's name alone, unless a script says otherwise. With tools at hand it calls
/// the first one, or as many as its name says, and when it is given the results it says what they were.
public struct SimulatedProvider: LLMProvider {
    /// Its id.
    public let id: String
    /// It has no wire.
    public var dialect: Dialect? { nil }
    private let rules: SimulationRules
    private let counts = SimulationCounts()

    /// Makes a provider.
    /// - Parameters:
    ///   - id: its id.
    ///   - script: what it answers to what; calls that no rule fits are answered as always.
    public init(id: String = "simulated", script: SimulationRules = SimulationRules()) {
        self.id = id
        rules = script
    }

    /// The models that a server without any key offers.
    public static func models(provider: String = "simulated") -> [Model] {
        [("parrot", "Parrot"), ("oracle", "Oracle"), ("sphinx", "Sphinx")].map { name, title in
            Model(
                id: ModelID(provider: provider, model: name),
                name: "\(title) (simulated)",
                context: 128_000,
                maxOutput: 4096,
                price: .free,
                capabilities: ModelCapabilities(JSONObject([("tools", true), ("vision", true)]))
            )
        }
    }

    /// Takes a call of a model, of which no more may be known than the name.
    public func call(_ model: String) -> SimulatedCall {
        var script = SimulationScript(model: model)
        if let failures = script.failures, counts.take(.model(model)) >= failures { script.fault = nil }
        let named = script
        let scruples = named.isStrict ? SimulatedScruples(thinks: named.thoughts > 0) : nil
        return SimulatedCall(fault: named.fault, scruples: scruples) { chat in reply(named, model, chat) }
    }

    private func reply(_ named: SimulationScript, _ model: String, _ chat: ChatRequest) -> SimulatedReply {
        var script = named
        var text: String?
        if let index = rules.firstMatch(model: model, chat) {
            let rule = rules.rules[index]
            script.gap = rule.gap ?? script.gap
            let fails = rule.fault.map { isDue($0, rule: index) } ?? false
            if fails { script.fault = rule.fault?.fault }
            if !rule.answers.isEmpty {
                // A call that fails uses no answer up: who asks again is given it.
                let key = SimulationCounts.Key.answer(rule: index)
                let used = fails ? counts.count(key) : counts.take(key)
                text = rule.answers[min(used, rule.answers.count - 1)]
            }
        }
        let answer = SimulatedAnswer(chat, model: model, script: script, text: text, limit: chat.maxOutputTokens)
        return SimulatedReply(events: answer.events, wait: script.wait, gap: script.gap, fault: script.fault)
    }

    private func isDue(_ fault: SimulationScript, rule: Int) -> Bool {
        guard let failures = fault.failures else { return true }
        return counts.take(.fault(rule: rule)) < failures
    }

    /// Makes an answer up.
    public func complete(_ request: CompletionRequest) async throws(PlenumError) -> ReplyStream {
        let reply = call(request.model).reply(try Self.chat(of: request.prompt))
        if case .refusal(let refusal)? = reply.fault {
            try await Self.pause(reply.wait)
            throw refusal.error(provider: id)
        }
        let head = ReplyHead(requestID: "sim-\(request.model)")
        guard request.stream else { return ReplyStream(head: head, whole: try await whole(reply)) }
        // What comes before the head holds back the stream itself.
        var steps = SimulatedSteps(reply)
        while let step = steps.next(), step != .head { _ = try await take(step) }
        let rest = steps
        return ReplyStream(head: head) { reading(rest) }
    }

    private func whole(_ reply: SimulatedReply) async throws(PlenumError) -> ReplyPiece {
        try await Self.pause(reply.wait)
        switch reply.fault {
        case .error(let status, _)?: throw SimulatedFault.errorInReply(status: status, provider: id)
        case .breaks(let how, _)?: throw try await broken(how)
        default: return ReplyPiece(events: reply.events)
        }
    }

    private func reading(_ steps: SimulatedSteps) -> ReplyStream.AsyncIterator {
        var steps = steps
        return ReplyStream.AsyncIterator { () async throws(PlenumError) -> ReplyPiece? in
            while let step = steps.next() {
                if let event = try await take(step) { return ReplyPiece(events: [event]) }
            }
            return nil
        }
    }

    /// Takes a step; gives the event that it shows.
    private func take(_ step: SimulatedSteps.Step) async throws(PlenumError) -> ReplyEvent? {
        switch step {
        case .pause(let milliseconds): try await Self.pause(milliseconds)
        case .event(let event, .whole): return event
        case .error(let status): throw SimulatedFault.errorInReply(status: status, provider: id)
        case .breaks(let how): throw try await broken(how)
        case .head, .event, .finish: break
        }
        return nil
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

    /// The error of an answer that breaks off, when it does: one that falls silent waits an hour.
    private func broken(_ how: SimulatedFault.Break) async throws(PlenumError) -> PlenumError {
        if how == .stall { try await Self.pause(3_600_000) }
        return PlenumError(
            .upstreamInterrupted,
            "\(id): The simulated answer broke off, as it was asked for.",
            upstream: PlenumError.Upstream(provider: id)
        )
    }
}
