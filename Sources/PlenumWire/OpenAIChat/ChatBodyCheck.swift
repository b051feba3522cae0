import PlenumCore

extension Quirks {
    /// Whether there is a quirk of more than top-level members, so that a body must be looked through.
    var reachDeep: Bool {
        !developerRole || !nullFields || !dropMessageFields.isEmpty || systemOnlyFirst || stringContentOnly || prefix
            || idLength != nil || noStrictTools || convertsCustomTools || requiredToolChoice != nil || noParallelTools
            || noSchema || noSchemaWithTools || noSchemaWithStream || reasoningControl != .effort
            || !dropSchemaFields.isEmpty || reasoningField != nil || cacheMarks != .breakpoint || !emptyAssistant
    }
}

/// Looks through a client's body for what its provider would refuse.
///
/// A body that has nothing of the kind is passed through, byte for byte.
struct ChatBodyCheck {
    let quirks: Quirks
    let isStreamed: Bool

    /// Whether the provider would refuse the body as it stands, or not understand it.
    func fails(_ body: JSONValue) -> Bool {
        let messages = body["messages"]?.array ?? []
        var isFirst = true
        for message in messages {
            if fails(message, isFirst: isFirst) { return true }
            isFirst = false
        }
        if quirks.prefix, let last = messages.last, last["role"] == "assistant", last["prefix"] == nil,
            last["tool_calls"] == nil
        {
            return true
        }
        return failsInTools(body) || failsInForm(body) || failsInThoughts(body)
    }

    private func fails(_ message: JSONValue, isFirst: Bool) -> Bool {
        let role = message["role"]?.string
        if role == "developer", !quirks.developerRole { return true }
        if role == "system" || role == "developer", quirks.systemOnlyFirst, !isFirst { return true }
        let members = message.object?.members ?? []
        if members.contains(where: { quirks.dropMessageFields.contains($0.key) }) { return true }
        if !quirks.nullFields, members.contains(where: { $0.value.isNull }) { return true }
        if role == "assistant", failsAsAnswer(message) { return true }
        if quirks.idLength != nil {
            let legal = CallIDs.chat(quirks)
            let ids = [message["tool_call_id"]] + (message["tool_calls"]?.array ?? []).map { $0["id"] }
            if ids.contains(where: { $0?.string.map { !legal.isLegal($0) } ?? false }) {
                return true
            }
        }
        guard let parts = message["content"]?.array else { return false }
        if quirks.stringContentOnly, parts.allSatisfy({ $0["type"] == "text" }) { return true }
        return parts.contains { part in
            quirks.cacheMarks == .control
                ? part["prompt_cache_breakpoint"] != nil
                : quirks.cacheMarks == .none && CacheMark.names.contains { part[$0] != nil }
        }
    }

    private func failsAsAnswer(_ message: JSONValue) -> Bool {
        if quirks.convertsCustomTools, message["tool_calls"]?.array?.contains(where: { $0["custom"] != nil }) == true {
            return true
        }
        if !quirks.emptyAssistant, message["content"] == "", message["tool_calls"] == nil { return true }
        // Thoughts under another name than the provider's.
        return ["reasoning_content", "reasoning"].contains {
            quirks.reasoningField != nil && $0 != quirks.reasoningField && message[$0] != nil
        }
    }

    private func failsInTools(_ body: JSONValue) -> Bool {
        for tool in body["tools"]?.array ?? [] {
            if quirks.functionsOnly, tool["type"] != "function" { return true }
            if quirks.noCustomTools, tool["type"] == "custom" { return true }
            if quirks.noStrictTools, tool["function"]?["strict"] != nil { return true }
            if let schema = tool["function"]?["parameters"], schema.without(quirks.dropSchemaFields) != schema {
                return true
            }
        }
        if quirks.noParallelTools, body["parallel_tool_calls"] != nil { return true }
        switch body["tool_choice"] {
        case .string("required")?: return quirks.requiredToolChoice != nil
        case .object(let choice)?: return quirks.convertsCustomTools && choice["type"] != "function"
        default: return false
        }
    }

    private func failsInForm(_ body: JSONValue) -> Bool {
        guard let format = body["response_format"], format["type"] == "json_schema" else { return false }
        let hasTools = body["tools"]?.array?.isEmpty == false
        return quirks.noSchema || (quirks.noSchemaWithTools && hasTools) || (quirks.noSchemaWithStream && isStreamed)
    }

    private func failsInThoughts(_ body: JSONValue) -> Bool {
        let effort = body["reasoning_effort"].map { !$0.isNull } ?? false
        let object = body["reasoning"].map { !$0.isNull } ?? false
        switch quirks.reasoningControl {
        case .effort: return object
        case .object: return false
        case .thinking: return (effort || object) && body["thinking"] == nil
        case .template: return (effort || object) && body["chat_template_kwargs"] == nil
        case .none: return effort || object
        }
    }
}
