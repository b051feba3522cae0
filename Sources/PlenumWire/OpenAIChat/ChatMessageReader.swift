import PlenumCore

/// Reads the messages of a client's request (wire notes 1.1 and 2.1 to 2.3).
enum ChatMessageReader {
    /// Reads `messages`.
    static func read(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        for message in try root.required("messages").elements() {
            let role = try message.required("role").string()
            switch role {
            case "system", "developer":
                let text = try readSystem(message)
                if chat.turns.isEmpty {
                    chat.instructions.append(text)
                } else {
                    chat.turns.append(Turn(.system, [.text(text.text)], extra: midConversation(text)))
                }
            case "user": chat.turns.append(try readUser(message))
            case "assistant": chat.turns.append(try readAssistant(message))
            case "tool", "function": chat.turns.append(try readResult(message, isFunction: role == "function"))
            default:
                throw try message.required("role").complaint("system, developer, user, assistant or tool was expected")
            }
        }
    }

    /// What a system message in mid-conversation has beside its text: its role too, which a turn has no room for.
    private static func midConversation(_ text: SystemText) -> DialectFields? {
        var fields = text.extra?.fields ?? JSONObject()
        if text.role == .developer { fields["role"] = "developer" }
        return DialectFields(.openAIChat, fields)
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
                extra: call.rest(["id", "type", "function", "custom", "index", "extra_content"])
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
        var states: [OpaqueState] = []
        var details = ChatReasoningDetails()
        for detail in message.value["reasoning_details"]?.array ?? [] {
            if let state = ChatReasoningDetails.envelope(in: detail) {
                states.append(state)
            } else {
                details.take(detail)
            }
        }
        if let own = details.state { states.append(own) }
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
            let input = try custom.optional("input")?.string() ?? ""
            var made = ToolCall(
                id: id,
                name: try custom.required("name").string(),
                arguments: FreeformText.arguments(input)
            )
            made.isFreeform = true
            return made
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
        // Parts of a result have no room for what else Chat knows of them: the last mark for the cache stands for all.
        var fields = JSONObject()
        let parts = (message.value["content"]?.array ?? []).reversed()
        if let member = parts.lazy.flatMap({ $0.object?.members ?? [] }).first(where: {
            CacheMark.names.contains($0.key)
        }) {
            fields[member.key] = member.value
        }
        turn.add(.toolResult(result), extra: fields)
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
        case "thinking": readThinking(part, &builder)
        case "file": builder.add(.document(try readFile(try part.required("file"))), extra: extra)
        default: builder.add(.opaque(.openAIChat, part.value))
        }
    }

    /// Reads Mistral's thoughts: `{type: thinking, thinking: [{type: text, text}]}`.
    private static func readThinking(_ part: JSONNode, _ builder: inout TurnBuilder) {
        let texts = part.value["thinking"]?.array?.compactMap { $0["text"]?.string } ?? []
        builder.add(.reasoning(Reasoning(part.value["thinking"]?.string ?? texts.joined())))
    }

    private static func readFile(_ file: JSONNode) throws(PlenumError) -> Media {
        let filename = try file.optional("filename")?.string()
        if let id = try file.optional("file_id")?.string() { return Media(.file(id), filename: filename) }
        var media = Media(address: try file.required("file_data").string())
        media.filename = filename
        return media
    }
}
