import PlenumCore

/// Reads a client's `POST /v1/chat/completions` (wire notes 1.1).
enum ChatRequestReader {
    private static let known: Set<String> = [
        "model", "messages", "stream", "stream_options", "temperature", "top_p", "top_k", "presence_penalty",
        "frequency_penalty", "seed", "stop", "max_tokens", "max_completion_tokens", "user", "tools", "tool_choice",
        "parallel_tool_calls", "functions", "function_call", "response_format", "reasoning_effort", "reasoning",
    ]

    static func read(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        let head = try DoorHead(scanning: body, dialect: .openAIChat)
        let root = try JSONNode(body: body)
        var chat = ChatRequest()
        try ChatMessageReader.read(root, &chat)
        try ChatToolReader.read(root, &chat)
        try readOptions(root, &chat)
        var extra = root.rest(known.union(DoorHead.ownNames))
        // A choice that has no equal elsewhere goes back as it came.
        if let choice = root.value["tool_choice"], chat.toolChoice == nil, !choice.isNull {
            extra["tool_choice"] = choice
        }
        chat.extra = DialectFields(.openAIChat, extra)
        return DoorRequest(head: head, chat: chat)
    }

    private static func readOptions(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        chat.sampling.temperature = try root.optional("temperature")?.number()
        chat.sampling.topP = try root.optional("top_p")?.number()
        chat.sampling.topK = try root.optional("top_k")?.number()
        chat.sampling.presencePenalty = try root.optional("presence_penalty")?.number()
        chat.sampling.frequencyPenalty = try root.optional("frequency_penalty")?.number()
        chat.sampling.seed = try root.optional("seed")?.number()
        chat.maxOutputTokens = try root.optional(["max_completion_tokens", "max_tokens"])?.int()
        chat.user = try root.optional("user")?.string()
        // It stays beside the others, and goes over to Responses as it is.
        _ = try root.optional("safety_identifier")?.string()
        chat.parallelTools = try root.optional("parallel_tool_calls")?.bool()
        if let stop = root.optional("stop") {
            if let text = stop.value.string { chat.stop = [text] } else { chat.stop = try stop.strings() }
        }
        if let format = root.optional("response_format") { chat.output = try readFormat(format) }
        if let effort = try root.optional("reasoning_effort")?.string() {
            chat.reasoning = ReasoningRequest(effort: effort)
        }
        if let reasoning = root.optional("reasoning") {
            chat.reasoning = ReasoningRequest(
                effort: reasoning.optional("effort")?.value.string ?? chat.reasoning?.effort,
                budgetTokens: try reasoning.optional("max_tokens")?.int(),
                includeText: try reasoning.optional("exclude")?.bool() == true ? false : true
            )
        }
    }

    private static func readFormat(_ node: JSONNode) throws(PlenumError) -> OutputFormat? {
        switch try node.required("type").string() {
        case "text": return nil
        case "json_object": return .jsonObject
        case "json_schema":
            let schema = try node.required("json_schema")
            return .jsonSchema(
                name: try schema.optional("name")?.string(),
                schema: schema.value["schema"] ?? .object(JSONObject()),
                strict: try schema.optional("strict")?.bool(),
                description: try schema.optional("description")?.string()
            )
        default: throw node.complaint("type must be text, json_object or json_schema")
        }
    }
}
