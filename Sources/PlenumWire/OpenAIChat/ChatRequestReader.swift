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
        try readMessages(root, &chat)
        try readTools(root, &chat)
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

    // MARK: Tools

    private static func readTools(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        for tool in try root.optional("tools")?.elements() ?? [] { chat.tools.append(try readTool(tool)) }
        for function in try root.optional("functions")?.elements() ?? [] {
            chat.tools.append(try readFunction(function, extra: JSONObject()))
        }
        if let choice = root.optional(["tool_choice", "function_call"]) { chat.toolChoice = try readChoice(choice) }
    }

    private static func readTool(_ node: JSONNode) throws(PlenumError) -> Tool {
        let type = try node.optional("type")?.string() ?? "function"
        guard type == "function" else {
            let custom = node.optional(type)
            return Tool(
                custom?.value["name"]?.string ?? type,
                description: custom?.value["description"]?.string,
                verbatim: node.value,
                .openAIChat
            )
        }
        return try readFunction(try node.required("function"), extra: node.rest(["type", "function"]))
    }

    private static func readFunction(_ node: JSONNode, extra: JSONObject) throws(PlenumError) -> Tool {
        Tool(
            try node.required("name").string(),
            description: try node.optional("description")?.string(),
            schema: node.optional("parameters")?.value,
            strict: try node.optional("strict")?.bool(),
            extra: DialectFields(.openAIChat, extra)
        )
    }

    private static func readChoice(_ node: JSONNode) throws(PlenumError) -> ToolChoice? {
        switch node.value {
        case .string("auto"): return .auto
        case .string("none"): return ToolChoice.none
        case .string("required"), .string("any"): return .required
        case .object:
            if let function = node.optional("function") { return .tool(try function.required("name").string()) }
            if node.value["type"] == nil, let name = node.optional("name") { return .tool(try name.string()) }
            return nil
        default: throw node.complaint("none, auto, required or an object was expected")
        }
    }

    // MARK: Messages

    private static func readMessages(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        for message in try root.required("messages").elements() {
            let role = try message.required("role").string()
            switch role {
            case "system", "developer":
                let text = try readSystem(message)
                if chat.turns.isEmpty {
                    chat.instructions.append(text)
                } else {
                    chat.turns.append(Turn(.system, [.text(text.text)]))
                }
            case "user": chat.turns.append(try readUser(message))
            case "assistant": chat.turns.append(try readAssistant(message))
            case "tool", "function": chat.turns.append(try readResult(message, isFunction: role == "function"))
            default:
                throw try message.required("role").complaint("system, developer, user, assistant or tool was expected")
            }
        }
    }

    private static func readSystem(_ message: JSONNode) throws(PlenumError) -> SystemText {
        let content = try message.required("content")
        var text = ""
        if let string = content.value.string {
            text = string
        } else {
            for part in try content.elements() { text += try part.required("text").string() }
        }
        var extra = message.rest(["role", "content"])
        if case .array = content.value, content.value.array?.contains(where: { ($0.object?.count ?? 0) > 2 }) == true {
            extra["content"] = content.value
        }
        let role: SystemText.Role = message.value["role"] == "developer" ? .developer : .system
        return SystemText(text, role: role, extra: DialectFields(.openAIChat, extra))
    }

    private static func readUser(_ message: JSONNode) throws(PlenumError) -> Turn {
        var builder = TurnBuilder(.openAIChat)
        try readContent(try message.required("content"), &builder)
        return builder.turn(
            .user,
            name: try message.optional("name")?.string(),
            extra: message.rest(["role", "content", "name"])
        )
    }

    private static func readAssistant(_ message: JSONNode) throws(PlenumError) -> Turn {
        var builder = TurnBuilder(.openAIChat)
        try readReasoning(message, &builder)
        if let content = message.optional("content") { try readContent(content, &builder) }
        if let refusal = try message.optional("refusal")?.string() { builder.add(.refusal(refusal)) }
        for call in try message.optional("tool_calls")?.elements() ?? [] {
            builder.add(
                .toolCall(try readCall(call)),
                extra: call.rest(["id", "type", "function", "index", "extra_content"])
            )
        }
        if let call = message.optional("function_call") {
            let name = try call.required("name").string()
            let arguments = try call.optional("arguments")?.string() ?? ""
            builder.add(.toolCall(ToolCall(id: "call_\(name)", name: name, arguments: arguments)))
        }
        return builder.turn(
            .assistant,
            name: try message.optional("name")?.string(),
            extra: message.rest([
                "role", "content", "name", "refusal", "tool_calls", "function_call", "reasoning_content", "reasoning",
                "reasoning_details", "annotations",
            ])
        )
    }

    private static func readReasoning(_ message: JSONNode, _ builder: inout TurnBuilder) throws(PlenumError) {
        let text = message.optional(["reasoning_content", "reasoning"])?.value.string ?? ""
        let states = (message.value["reasoning_details"]?.array ?? []).compactMap {
            ($0["signature"]?.string ?? $0["data"]?.string).flatMap(OpaqueEnvelope.open)
        }
        if states.count <= 1 {
            if !text.isEmpty || !states.isEmpty { builder.add(.reasoning(Reasoning(text, opaque: states.first))) }
            return
        }
        // The thoughts of several blocks came as one text; a signature belongs to the exact text of its own block, so
        // none of them can go back, but encrypted state that stands alone can.
        if !text.isEmpty { builder.add(.reasoning(Reasoning(text))) }
        for state in states where state.kind != .anthropicSignature {
            builder.add(.reasoning(Reasoning("", opaque: state)))
        }
    }

    private static func readCall(_ call: JSONNode) throws(PlenumError) -> ToolCall {
        let id = try call.required("id").string()
        if let custom = call.optional("custom") {
            let input: JSONValue = ["input": .string(try custom.optional("input")?.string() ?? "")]
            return ToolCall(id: id, name: try custom.required("name").string(), arguments: input.text)
        }
        let function = try call.required("function")
        let arguments = function.optional("arguments")?.value
        let signature = call.value["extra_content"]?["google"]?["thought_signature"]?.string
        return ToolCall(
            id: id,
            name: try function.required("name").string(),
            arguments: arguments?.string ?? arguments?.text ?? "",
            opaque: signature.map { OpaqueState(.geminiSignature, $0) }
        )
    }

    private static func readResult(_ message: JSONNode, isFunction: Bool) throws(PlenumError) -> Turn {
        let name = try message.optional("name")?.string()
        let id = isFunction ? "call_\(name ?? "")" : try message.required("tool_call_id").string()
        var builder = TurnBuilder(.openAIChat)
        if let content = message.optional("content") { try readContent(content, &builder) }
        let result = ToolResult(callID: id, name: name, parts: builder.parts, isError: message.value["is_error"]?.bool)
        var turn = TurnBuilder(.openAIChat)
        turn.add(.toolResult(result))
        return turn.turn(.tool, extra: message.rest(["role", "content", "tool_call_id", "name", "is_error"]))
    }

    private static func readContent(_ content: JSONNode, _ builder: inout TurnBuilder) throws(PlenumError) {
        if let text = content.value.string {
            builder.add(.text(text))
            return
        }
        for part in try content.elements() { try readPart(part, &builder) }
    }

    private static func readPart(_ part: JSONNode, _ builder: inout TurnBuilder) throws(PlenumError) {
        let type = try part.required("type").string()
        let extra = part.rest(["type", type])
        switch type {
        case "text": builder.add(.text(try part.required("text").string()), extra: extra)
        case "refusal": builder.add(.refusal(try part.required("refusal").string()), extra: extra)
        case "image_url":
            let image = try part.required("image_url")
            let address = image.value.string == nil ? try image.required("url") : image
            var media = Media(address: try address.string())
            media.detail = image.value["detail"]?.string
            builder.add(.image(media), extra: extra)
        case "input_audio":
            let audio = try part.required("input_audio")
            let format = try audio.optional("format")?.string() ?? "wav"
            let mimeType = format == "mp3" ? "audio/mpeg" : "audio/\(format)"
            builder.add(.audio(Media(.base64(try audio.required("data").string()), mimeType: mimeType)), extra: extra)
        case "file": builder.add(.document(try readFile(try part.required("file"))), extra: extra)
        default: builder.add(.opaque(.openAIChat, part.value))
        }
    }

    private static func readFile(_ file: JSONNode) throws(PlenumError) -> Media {
        let filename = try file.optional("filename")?.string()
        if let id = try file.optional("file_id")?.string() { return Media(.file(id), filename: filename) }
        var media = Media(address: try file.required("file_data").string())
        media.filename = filename
        return media
    }
}
