import PlenumCore

/// What OpenAI refuses in Chat Completions (wire notes 1.1).
extension SimulatedScruples {
    private static let members: Set<String> = [
        "model", "messages", "max_completion_tokens", "max_tokens", "temperature", "top_p", "frequency_penalty",
        "presence_penalty", "seed", "logit_bias", "logprobs", "top_logprobs", "n", "stop", "reasoning_effort",
        "verbosity", "response_format", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options",
        "store", "metadata", "safety_identifier", "user", "service_tier", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "modalities", "audio", "prediction", "web_search_options", "moderation", "functions",
        "function_call",
    ]

    func checkChat(_ root: JSONNode) throws(PlenumError) {
        try Self.refuseUnknown(root, Self.members)
        if root.optional("tools") == nil {
            for name in ["tool_choice", "parallel_tool_calls"] {
                if let node = root.optional(name) { throw node.complaint("only allowed when tools are specified") }
            }
        }
        if root.value["stream"] != true, let options = root.optional("stream_options") {
            throw options.complaint("only allowed when stream is enabled")
        }
        for tool in try root.optional("tools")?.elements() ?? [] {
            if let function = tool.optional("function") {
                try Self.checkName(try function.required("name"), most: 64)
            }
        }
        let messages = try root.required("messages").elements()
        guard !messages.isEmpty else {
            throw root.complaint("messages: an array with at least one message was expected")
        }
        var open: [String] = []
        for message in messages { try checkMessage(message, &open) }
        guard open.isEmpty else { throw Self.unanswered(root, open) }
    }

    /// - Parameter open: the calls before this message that have no answer yet.
    private func checkMessage(_ message: JSONNode, _ open: inout [String]) throws(PlenumError) {
        let role = try message.required("role").string()
        if role == "tool" {
            let id = try message.required("tool_call_id")
            guard let place = open.firstIndex(of: try id.string()) else {
                throw id.complaint(
                    "messages with role 'tool' must be a response to a preceding message with 'tool_calls'"
                )
            }
            open.remove(at: place)
            _ = try message.required("content")
            return
        }
        guard open.isEmpty else { throw Self.unanswered(message, open) }
        let calls = try message.optional("tool_calls")?.elements() ?? []
        for call in calls {
            open.append(try call.required("id").string())
            guard let function = call.optional("function") else { continue }
            try Self.checkName(try function.required("name"), most: 64)
            _ = try function.required("arguments").string()
        }
        if role != "assistant" || calls.isEmpty { try checkContent(message, role) }
    }

    private func checkContent(_ message: JSONNode, _ role: String) throws(PlenumError) {
        if role == "assistant", message.optional(["refusal", "audio", "function_call"]) != nil { return }
        let content = try message.required("content")
        guard content.value.string == nil else { return }
        let parts = try content.elements()
        guard !parts.isEmpty else { throw content.complaint("an array with at least one part was expected") }
        for part in parts {
            let type = try part.required("type").string()
            guard ["text", "image_url", "input_audio", "file", "refusal"].contains(type) else {
                throw part.complaint("an unknown type of part")
            }
            _ = try part.required(type)
        }
    }

    private static func unanswered(_ node: JSONNode, _ open: [String]) -> PlenumError {
        node.complaint(
            "an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'; "
                + "these have none: \(open.joined(separator: ", "))"
        )
    }
}
