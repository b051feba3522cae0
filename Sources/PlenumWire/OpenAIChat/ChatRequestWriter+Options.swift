import PlenumCore

/// Sampling, limits and thinking (wire notes 2.6 and 2.7).
extension ChatRequestWriter {
    mutating func writeSampling(_ chat: ChatRequest) {
        let model = ChatCapabilities(request.capabilities, chat.reasoning)
        let sampling = chat.sampling
        number("temperature", sampling.temperature, if: model.takesSampling)
        number("top_p", sampling.topP, if: model.takesSampling)
        number("top_k", sampling.topK, if: quirks.topK && model.takesSampling)
        number("presence_penalty", sampling.presencePenalty, if: model.takesPenalties)
        number("frequency_penalty", sampling.frequencyPenalty, if: model.takesPenalties)
        number(quirks.seedField ?? "seed", sampling.seed, if: true)
        let limit = chat.maxOutputTokens.map { JSONNumber($0) }
        number(quirks.maxTokensField ?? "max_completion_tokens", limit, if: true)
        writeStop(chat.stop, model)
        member("user", chat.user.map { .string($0) })
    }

    private mutating func number(_ name: String, _ number: JSONNumber?, if isTaken: Bool) {
        guard let number else { return }
        if isTaken { member(name, .number(number)) } else { body.warn(name, .dropped) }
    }

    private mutating func writeStop(_ stop: [String], _ model: ChatCapabilities) {
        guard let first = stop.first else { return }
        guard model.takesStop else { return body.warn("stop", .dropped) }
        // Four are the most that OpenAI takes.
        if stop.count > 4 { body.warn("stop", .downgraded) }
        member("stop", stop.count == 1 ? .string(first) : .array(stop.prefix(4).map { .string($0) }))
    }

    mutating func writeReasoning(_ chat: ChatRequest) {
        let model = ChatCapabilities(request.capabilities, chat.reasoning)
        var effort = model.effort
        if chat.reasoning != nil, request.capabilities[.reasoning] == false {
            if effort != nil, effort != "none" { body.warn("reasoning.effort", .dropped) }
            return
        }
        if model.isEffortChanged { body.warn("reasoning.effort", effort == nil ? .dropped : .downgraded) }
        let hasFunctions = chat.tools.contains { $0.freeform == nil && $0.verbatim == nil }
        if model.mustNotThinkWithTools, hasFunctions, request.capabilities.takesEffort("none") == true {
            body.warn("reasoning.effort", .downgraded)
            effort = "none"
        }
        switch quirks.reasoningControl {
        case .effort: member("reasoning_effort", effort.map { .string($0) })
        case .object: if let reasoning = chat.reasoning { writeObject(reasoning, effort) }
        case .thinking:
            guard let effort else { return }
            member("thinking", ["type": effort == "none" ? "disabled" : "enabled"])
            if effort != "none" { member("reasoning_effort", .string(effort)) }
        case .template: if let effort { writeTemplate(effort) }
        case .none: if effort != nil { body.warn("reasoning.effort", .dropped) }
        }
    }

    private mutating func writeObject(_ reasoning: ReasoningRequest, _ effort: String?) {
        var object = JSONObject()
        if reasoning.effort == nil, let budget = reasoning.budgetTokens, budget > 0 {
            object["max_tokens"] = .number(JSONNumber(budget))
        } else if let effort {
            // OpenRouter's highest word is the last but one of OpenAI's.
            if effort == "max" { body.warn("reasoning.effort", .downgraded) }
            object["effort"] = .string(effort == "max" ? "xhigh" : effort)
        }
        if reasoning.includeText == false { object["exclude"] = true }
        if !object.isEmpty { member("reasoning", .object(object)) }
    }

    /// Adds to the client's own wishes for the template, where it says nothing of thinking itself.
    private mutating func writeTemplate(_ effort: String) {
        member("chat_template_kwargs", ["enable_thinking": .bool(effort != "none")])
        // Templates know on and off; models that know more read this beside it.
        if effort != "none" { member("reasoning_effort", .string(effort)) }
    }
}
