import PlenumCore

/// Reads a client's `POST /v1/messages` (wire notes 1.3).
enum AnthropicRequestReader {
    private static let known: Set<String> = [
        "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences",
        "tools",
        "tool_choice", "store",
    ]

    static func read(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        let head = try DoorHead(scanning: body, dialect: .anthropicMessages)
        let root = try JSONNode(body: body)
        var chat = ChatRequest()
        if let system = root.optional("system") { chat.instructions = try readSystem(system) }
        for message in try root.required("messages").elements() { chat.turns.append(try readMessage(message)) }
        for tool in try root.optional("tools")?.elements() ?? [] { chat.tools.append(try readTool(tool)) }
        if let choice = root.optional("tool_choice") { try readChoice(choice, &chat) }
        chat.sampling.temperature = try root.optional("temperature")?.number()
        chat.sampling.topP = try root.optional("top_p")?.number()
        chat.sampling.topK = try root.optional("top_k")?.number()
        chat.maxOutputTokens = try root.optional("max_tokens")?.int()
        chat.stop = try root.optional("stop_sequences")?.strings() ?? []
        chat.user = root.value["metadata"]?["user_id"]?.string
        try readReasoning(root, &chat)
        // These are understood and yet kept: the same dialect writes them back as they came.
        chat.extra = DialectFields(.anthropicMessages, root.rest(known.union(DoorHead.ownNames)))
        return DoorRequest(head: head, chat: chat)
    }

    private static func readReasoning(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        let output = root.optional("output_config")
        let effort = try output?.optional("effort")?.string()
        if let schema = output?.value["format"]?["schema"] {
            chat.output = .jsonSchema(name: nil, schema: schema, strict: nil, description: nil)
        }
        guard let thinking = root.optional("thinking") else {
            if let effort { chat.reasoning = ReasoningRequest(effort: effort) }
            return
        }
        switch try thinking.required("type").string() {
        case "disabled": chat.reasoning = ReasoningRequest(effort: "none", budgetTokens: 0)
        case "enabled":
            let budget = try thinking.optional("budget_tokens")?.int()
            chat.reasoning = ReasoningRequest(effort: effort, budgetTokens: budget, includeText: true)
        default:
            let isShown = thinking.value["display"]?.string != "omitted"
            chat.reasoning = ReasoningRequest(effort: effort, budgetTokens: nil, includeText: isShown)
        }
    }

    private static func readSystem(_ system: JSONNode) throws(PlenumError) -> [SystemText] {
        if let text = system.value.string { return text.isEmpty || isBillingMark(text) ? [] : [SystemText(text)] }
        var texts: [SystemText] = []
        for block in try system.elements() {
            if isBillingMark(block.value["text"]?.string ?? "") { continue }
            let extra = DialectFields(.anthropicMessages, block.rest(["type", "text"]))
            texts.append(SystemText(try block.required("text").string(), extra: extra))
        }
        return texts
    }

    /// Whether system text is Claude Code's note to Anthropic's accounts. It differs in each request, so that no other
    /// provider could keep the prompt in its cache; a body that is passed through keeps it.
    private static func isBillingMark(_ text: String) -> Bool {
        text.hasPrefix("x-anthropic-billing-header:") && text.utf8.count < 1024
    }

    // MARK: Tools

    private static func readTool(_ tool: JSONNode) throws(PlenumError) -> Tool {
        let name = try tool.required("name").string()
        if let type = tool.value["type"]?.string, type != "custom" {
            return Tool(name, verbatim: tool.value, .anthropicMessages)
        }
        return Tool(
            name,
            description: try tool.optional("description")?.string(),
            schema: tool.optional("input_schema")?.value,
            strict: try tool.optional("strict")?.bool(),
            extra: DialectFields(
                .anthropicMessages,
                tool.rest(["type", "name", "description", "input_schema", "strict"])
            )
        )
    }

    private static func readChoice(_ choice: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        switch try choice.required("type").string() {
        case "auto": chat.toolChoice = .auto
        case "any": chat.toolChoice = .required
        case "none": chat.toolChoice = ToolChoice.none
        case "tool": chat.toolChoice = .tool(try choice.required("name").string())
        default: throw choice.complaint("type must be auto, any, tool or none")
        }
        if let isSingle = try choice.optional("disable_parallel_tool_use")?.bool() { chat.parallelTools = !isSingle }
    }

    // MARK: Messages

    private static func readMessage(_ message: JSONNode) throws(PlenumError) -> Turn {
        let roleNode = try message.required("role")
        let content = try message.required("content")
        var builder = TurnBuilder(.anthropicMessages)
        if let text = content.value.string {
            if !text.isEmpty { builder.add(.text(text)) }
        } else {
            for block in try content.elements() { try readBlock(block, &builder) }
        }
        let extra = message.rest(["role", "content"])
        switch try roleNode.string() {
        case "user":
            let isResults =
                !builder.parts.isEmpty
                && builder.parts.allSatisfy { if case .toolResult = $0 { true } else { false } }
            return builder.turn(isResults ? .tool : .user, extra: extra)
        case "assistant": return builder.turn(.assistant, extra: extra)
        case "system": return builder.turn(.system, extra: extra)
        default: throw roleNode.complaint("user, assistant or system was expected")
        }
    }

    private static func readBlock(_ block: JSONNode, _ builder: inout TurnBuilder) throws(PlenumError) {
        switch try block.required("type").string() {
        case "text": builder.add(.text(try block.required("text").string()), extra: block.rest(["type", "text"]))
        case "image":
            guard let media = try readSource(try block.required("source")) else {
                return builder.add(.opaque(.anthropicMessages, block.value))
            }
            builder.add(.image(media), extra: block.rest(["type", "source"]))
        case "document":
            guard var media = try readSource(try block.required("source")) else {
                return builder.add(.opaque(.anthropicMessages, block.value))
            }
            media.filename = try block.optional("title")?.string()
            builder.add(.document(media), extra: block.rest(["type", "source", "title"]))
        case "thinking":
            let text = try block.required("thinking").string()
            let signature = try block.optional("signature")?.string() ?? ""
            let state = OpaqueEnvelope.open(signature) ?? OpaqueState(.anthropicSignature, signature)
            builder.add(.reasoning(Reasoning(text, opaque: signature.isEmpty ? nil : state)))
        case "redacted_thinking":
            let data = try block.required("data").string()
            let state = OpaqueEnvelope.open(data) ?? OpaqueState(.anthropicRedacted, data)
            builder.add(.reasoning(Reasoning("", opaque: state)))
        case "tool_use":
            let call = ToolCall(
                id: try block.required("id").string(),
                name: try block.required("name").string(),
                arguments: block.optional("input")?.value.text ?? "{}"
            )
            builder.add(.toolCall(call), extra: block.rest(["type", "id", "name", "input"]))
        case "tool_result":
            let known: Set<String> = ["type", "tool_use_id", "content", "is_error"]
            builder.add(.toolResult(try readResult(block)), extra: block.rest(known))
        default: builder.add(.opaque(.anthropicMessages, block.value))
        }
    }

    private static func readResult(_ block: JSONNode) throws(PlenumError) -> ToolResult {
        var parts = TurnBuilder(.anthropicMessages)
        if let content = block.optional("content") {
            if let text = content.value.string {
                parts.add(.text(text))
            } else {
                for element in try content.elements() { try readBlock(element, &parts) }
            }
        }
        return ToolResult(
            callID: try block.required("tool_use_id").string(),
            parts: parts.parts,
            isError: try block.optional("is_error")?.bool()
        )
    }

    /// Reads where a picture or document is; `nil` for a source that only Anthropic knows.
    private static func readSource(_ source: JSONNode) throws(PlenumError) -> Media? {
        let type = try source.required("type").string()
        let mimeType = try source.optional("media_type")?.string()
        switch type {
        case "base64": return Media(.base64(try source.required("data").string()), mimeType: mimeType)
        case "url": return Media(.url(try source.required("url").string()), mimeType: mimeType)
        case "file": return Media(.file(try source.required("file_id").string()), mimeType: mimeType)
        case "text":
            let text = try source.required("data").string()
            return Media(.base64(Base64.encode(Array(text.utf8))), mimeType: "text/plain")
        default: return nil
        }
    }
}
