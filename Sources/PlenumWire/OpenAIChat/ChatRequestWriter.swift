import PlenumCore

/// Writes `POST {base}/chat/completions` (wire notes 2.1 to 2.7, columns C).
struct ChatRequestWriter {
    let request: CompletionRequest
    let quirks: Quirks
    private var writer = JSONWriter(reserving: 1024)
    private var body = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .openAIChat)
        writer.beginObject()
        member("model", .string(request.model))
        if allows("messages") {
            writer.key("messages")
            var messages = ChatMessageWriter(quirks: quirks, writer: writer)
            try messages.write(chat)
            writer = messages.writer
        }
        if request.stream {
            member("stream", true)
            if !quirks.noStreamOptions { member("stream_options", ["include_usage": true]) }
        }
        writeSampling(chat)
        writeTools(chat)
        writeOutput(chat)
        if let extra = chat.extra, extra.dialect == .openAIChat {
            for (name, value) in extra.fields.members { member(name, value) }
        }
        writer.endObject()
        body.bytes = writer.bytes
        return body
    }

    private func allows(_ name: String) -> Bool { !quirks.dropFields.contains(name) }

    private mutating func member(_ name: String, _ value: JSONValue?) {
        guard let value, allows(name) else { return }
        writer.key(name)
        writer.value(value)
    }

    private mutating func member(_ name: String, _ number: JSONNumber?) {
        member(name, number.map { .number($0) })
    }

    private mutating func writeSampling(_ chat: ChatRequest) {
        member("temperature", chat.sampling.temperature)
        member("top_p", chat.sampling.topP)
        if quirks.topK { member("top_k", chat.sampling.topK) }
        member("presence_penalty", chat.sampling.presencePenalty)
        member("frequency_penalty", chat.sampling.frequencyPenalty)
        member(quirks.seedField ?? "seed", chat.sampling.seed)
        let limit = chat.maxOutputTokens.map { JSONNumber($0) }
        member(quirks.maxTokensField ?? "max_completion_tokens", limit)
        switch chat.stop.count {
        case 0: break
        case 1: member("stop", .string(chat.stop[0]))
        default: member("stop", .array(chat.stop.prefix(4).map { .string($0) }))
        }
        if let reasoning = chat.reasoning {
            let effort = reasoning.effort ?? reasoning.budgetTokens.flatMap(EffortLadder.effort)
            member("reasoning_effort", effort.map { .string($0) })
        }
        member("user", chat.user.map { .string($0) })
    }

    private mutating func writeTools(_ chat: ChatRequest) {
        guard !chat.tools.isEmpty, allows("tools") else { return }
        writer.key("tools")
        writer.beginArray()
        for tool in chat.tools { writeTool(tool) }
        writer.endArray()
        switch chat.toolChoice {
        case nil: break
        case .auto?: member("tool_choice", "auto")
        case ToolChoice.none?: member("tool_choice", "none")
        case .required?: member("tool_choice", .string(quirks.requiredToolChoice ?? "required"))
        case .tool(let name)?:
            member("tool_choice", ["type": "function", "function": ["name": .string(name)]])
        case .allowed(let isRequired, let names)?:
            let tools = names.map { ["type": "function", "function": ["name": .string($0)]] as JSONValue }
            let mode: JSONValue = isRequired ? "required" : "auto"
            member("tool_choice", ["type": "allowed_tools", "allowed_tools": ["mode": mode, "tools": .array(tools)]])
        }
        member("parallel_tool_calls", chat.parallelTools.map { .bool($0) })
    }

    private mutating func writeTool(_ tool: Tool) {
        if let own = tool.verbatim, own.dialect == .openAIChat { return writer.value(own.json) }
        writer.beginObject()
        writer.member("type", "function")
        writer.key("function")
        writer.beginObject()
        writer.member("name", tool.name)
        if let description = tool.description { writer.member("description", description) }
        if let schema = tool.verbatim == nil ? tool.schema : Tool.textInput { writer.member("parameters", schema) }
        if let strict = tool.strict, !quirks.noStrictTools { writer.member("strict", strict) }
        writer.endObject()
        if let extra = tool.extra(.openAIChat) { writer.members(of: extra) }
        writer.endObject()
    }

    private mutating func writeOutput(_ chat: ChatRequest) {
        switch chat.output {
        case nil: break
        case .jsonObject?: member("response_format", ["type": "json_object"])
        case .jsonSchema(let name, let schema, let strict, let description)?:
            var format = JSONObject([("name", .string(name ?? "response"))])
            format["description"] = description.map { .string($0) }
            format["schema"] = schema
            format["strict"] = strict.map { .bool($0) }
            member("response_format", ["type": "json_schema", "json_schema": .object(format)])
        }
    }
}

extension Tool {
    /// The schema of a tool that takes free text, where its own dialect's grammar is not known.
    static let textInput: JSONValue = [
        "type": "object", "properties": ["input": ["type": "string"]], "required": ["input"],
    ]
}

/// Between efforts in words and budgets in tokens (wire notes 2.7).
enum EffortLadder {
    /// The effort nearest to a budget; `nil` if the model is to decide.
    static func effort(budget: Int) -> String? {
        switch budget {
        case ..<0: nil
        case 0: "none"
        case ..<1024: "minimal"
        case ...2048: "low"
        case ...8192: "medium"
        case ...24576: "high"
        default: "xhigh"
        }
    }

    /// The budget of an effort; `nil` for a word that is not known.
    static func budget(effort: String) -> Int? {
        switch effort {
        case "none": 0
        case "minimal", "low": 1024
        case "medium": 8192
        case "high": 16384
        case "xhigh", "max": 24576
        default: nil
        }
    }
}
