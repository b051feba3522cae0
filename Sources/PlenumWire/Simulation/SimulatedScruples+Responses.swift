import PlenumCore

/// What OpenAI refuses in Responses (wire notes 1.2).
extension SimulatedScruples {
    private static let members: Set<String> = [
        "input", "instructions", "model", "max_output_tokens", "max_tool_calls", "tools", "tool_choice",
        "parallel_tool_calls", "reasoning", "text", "temperature", "top_p", "top_logprobs", "truncation", "store",
        "previous_response_id", "conversation", "include", "metadata", "prompt", "prompt_cache_key",
        "prompt_cache_options", "prompt_cache_retention", "safety_identifier", "user", "service_tier", "background",
        "background_options", "context_management", "image", "moderation", "access_programs", "stream",
        "stream_options",
    ]

    func checkResponses(_ root: JSONNode) throws(PlenumError) {
        try Self.refuseUnknown(root, Self.members)
        if let id = root.optional("previous_response_id") { throw id.complaint("no such response: none is kept here") }
        if let limit = root.optional("max_output_tokens"), try limit.int() < 16 {
            throw limit.complaint("16 or more was expected")
        }
        for tool in try root.optional("tools")?.elements() ?? [] where tool.value["type"] == "function" {
            try Self.checkName(try tool.required("name"), most: 64)
        }
        guard let input = root.optional("input"), input.value.string == nil else { return }
        var open: [String] = []
        var thought: JSONNode?
        for item in try input.elements() {
            let type = item.value["type"]?.string ?? "message"
            if let thought, !follows(item, type) {
                throw thought.complaint("an item of type 'reasoning' was provided without its required following item")
            }
            thought = type == "reasoning" ? item : nil
            try checkItem(item, type, &open)
        }
        if let thought {
            throw thought.complaint("an item of type 'reasoning' was provided without its required following item")
        }
        guard open.isEmpty else {
            throw input.complaint("No tool output found for function call \(open.joined(separator: ", "))")
        }
    }

    /// Whether an item may stand after thoughts: what the model said or called then, or more thoughts.
    private func follows(_ item: JSONNode, _ type: String) -> Bool {
        switch type {
        case "message": item.value["role"] == "assistant"
        case "function_call", "custom_tool_call", "reasoning": true
        default: type.hasSuffix("_call")
        }
    }

    private func checkItem(_ item: JSONNode, _ type: String, _ open: inout [String]) throws(PlenumError) {
        switch type {
        case "message":
            let content = try item.required("content")
            guard content.value.string == nil else { return }
            let isModel = item.value["role"] == "assistant"
            let known =
                isModel ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file", "input_audio"]
            for part in try content.elements() {
                let type = try part.required("type")
                guard known.contains(try type.string()) else { throw type.complaint("one of \(known) was expected") }
            }
        case "function_call", "custom_tool_call":
            open.append(try item.required("call_id").string())
            _ = try item.required(type == "function_call" ? "arguments" : "input").string()
        case "function_call_output", "custom_tool_call_output":
            let id = try item.required("call_id")
            guard let place = open.firstIndex(of: try id.string()) else {
                throw id.complaint("No tool call found for function call output")
            }
            open.remove(at: place)
            _ = try item.required("output")
        case "reasoning":
            _ = try item.required("summary").elements()
            guard let state = item.optional("encrypted_content") else { return }
            guard SimulatedSeal.isOwn(try state.string()) else {
                throw state.complaint("The encrypted content could not be verified")
            }
        default: break
        }
    }
}
