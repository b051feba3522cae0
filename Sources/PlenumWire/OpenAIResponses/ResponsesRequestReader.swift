import PlenumCore

/// Reads a client's `POST /v1/responses` (wire notes 1.2).
enum ResponsesRequestReader {
    private static let known: Set<String> = [
        "model", "input", "instructions", "stream", "store", "background", "previous_response_id", "temperature",
        "top_p",
        "max_output_tokens", "tools", "parallel_tool_calls", "tool_choice",
    ]

    static func read(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        let head = try DoorHead(scanning: body, dialect: .openAIResponses)
        let root = try JSONNode(body: body)
        var chat = ChatRequest()
        if let text = try root.optional("instructions")?.string(), !text.isEmpty {
            chat.instructions.append(SystemText(text))
        }
        if let input = root.optional("input") {
            var items = ResponsesItemReader()
            try items.read(input)
            chat.instructions += items.instructions
            chat.turns = items.turns
        } else if head.previousResponse == nil, head.conversation == nil, root.optional("prompt") == nil {
            _ = try root.required("input")
        }
        for tool in try root.optional("tools")?.elements() ?? [] { chat.tools.append(try readTool(tool)) }
        try readOptions(root, &chat)
        // Some are understood and yet kept: the same dialect writes them back as they came.
        var extra = root.rest(known.union(DoorHead.ownNames))
        if let choice = root.optional("tool_choice") {
            chat.toolChoice = try readChoice(choice)
            if chat.toolChoice == nil { extra["tool_choice"] = choice.value }
        }
        chat.extra = DialectFields(.openAIResponses, extra)
        var request = DoorRequest(head: head, chat: chat)
        request.echoed = ResponsesEcho.taken(from: root)
        return request
    }

    private static func readOptions(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        chat.sampling.temperature = try root.optional("temperature")?.number()
        chat.sampling.topP = try root.optional("top_p")?.number()
        chat.maxOutputTokens = try root.optional("max_output_tokens")?.int()
        chat.parallelTools = try root.optional("parallel_tool_calls")?.bool()
        chat.user = try root.optional(["safety_identifier", "user"])?.string()
        if let format = root.optional("text")?.optional("format") { chat.output = try readFormat(format) }
        if let reasoning = root.optional("reasoning") {
            _ = try reasoning.object()
            let summary = try reasoning.optional(["summary", "generate_summary"])?.string()
            let effort = try reasoning.optional("effort")?.string()
            if effort != nil || summary != nil {
                chat.reasoning = ReasoningRequest(effort: effort, includeText: summary == nil ? nil : true)
            }
        }
    }

    private static func readFormat(_ node: JSONNode) throws(PlenumError) -> OutputFormat? {
        switch try node.required("type").string() {
        case "text": return nil
        case "json_object": return .jsonObject
        case "json_schema":
            return .jsonSchema(
                name: try node.optional("name")?.string(),
                schema: node.value["schema"] ?? .object(JSONObject()),
                strict: try node.optional("strict")?.bool(),
                description: try node.optional("description")?.string()
            )
        default: throw node.complaint("type must be text, json_object or json_schema")
        }
    }

    // MARK: Tools

    private static func readTool(_ node: JSONNode) throws(PlenumError) -> Tool {
        let type = try node.required("type").string()
        switch type {
        case "function":
            var extra = node.rest(["type", "name", "description", "parameters", "strict"])
            // Not to say it means something else here than at any other provider.
            if node.value["strict"] == nil { extra[ResponsesMark.noStrict] = true }
            for name in ["description", "parameters", "strict"] where node.value[name]?.isNull == true {
                extra[name] = .null
            }
            return Tool(
                try node.required("name").string(),
                description: try node.optional("description")?.string(),
                schema: node.optional("parameters")?.value,
                strict: try node.optional("strict")?.bool(),
                extra: DialectFields(.openAIResponses, extra)
            )
        case "custom":
            var tool = Tool(
                try node.required("name").string(),
                description: try node.optional("description")?.string(),
                extra: DialectFields(.openAIResponses, node.rest(["type", "name", "description", "format"]))
            )
            tool.freeform = try readGrammar(node.optional("format"))
            if node.value["format"]?["type"] == "text" { tool = tool.marked(ResponsesMark.saysText) }
            return tool
        default:
            return Tool(node.value["name"]?.string ?? type, verbatim: node.value, .openAIResponses)
        }
    }

    private static func readGrammar(_ format: JSONNode?) throws(PlenumError) -> Freeform {
        guard let format, try format.required("type").string() == "grammar" else { return .text }
        return .grammar(
            syntax: try format.required("syntax").string(),
            definition: try format.required("definition").string()
        )
    }

    /// Reads which tools may be called; `nil` for a choice that has no equal elsewhere.
    private static func readChoice(_ node: JSONNode) throws(PlenumError) -> ToolChoice? {
        switch node.value {
        case .string("auto"): return .auto
        case .string("none"): return ToolChoice.none
        case .string("required"): return .required
        case .object:
            switch try node.required("type").string() {
            case "function", "custom": return .tool(try node.required("name").string())
            case "allowed_tools":
                let tools = try node.required("tools").elements()
                let names = tools.compactMap { tool in
                    ["function", "custom"].contains(tool.value["type"]?.string) ? tool.value["name"]?.string : nil
                }
                guard names.count == tools.count else { return nil }
                return .allowed(required: node.value["mode"] == "required", names)
            default: return nil
            }
        default: throw node.complaint("none, auto, required or an object was expected")
        }
    }
}
