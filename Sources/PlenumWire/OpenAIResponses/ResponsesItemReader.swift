import PlenumCore

/// Reads the items of a request into turns: what a model said one item after another is one turn, and so are the results
/// of its calls.
///
/// The members of an item that only this dialect knows, such as ids, stand by the item's first part, so that the same
/// dialect writes it back as it was.
struct ResponsesItemReader {
    private(set) var instructions: [SystemText] = []
    private(set) var turns: [Turn] = []
    private var open: (role: Turn.Role, builder: TurnBuilder)?
    /// A call's signature that was sent before it.
    private var signature: OpaqueState?

    mutating func read(_ input: JSONNode) throws(PlenumError) {
        if let text = input.value.string {
            let mark = JSONObject([(ResponsesMark.isText, true)])
            turns.append(Turn(.user, [.text(text)], extra: DialectFields(.openAIResponses, mark)))
            return
        }
        for item in try input.elements() { try readItem(item) }
        dropSignature()
        close()
    }

    /// Puts a signature down for itself if no call follows it.
    private mutating func dropSignature() {
        guard let state = signature else { return }
        signature = nil
        add(.reasoning(Reasoning("", opaque: state)), extra: JSONObject(), to: .assistant)
    }

    private mutating func close() {
        if let open, !open.builder.parts.isEmpty { turns.append(open.builder.turn(open.role)) }
        open = nil
    }

    private mutating func add(_ part: ContentPart, extra: JSONObject, to role: Turn.Role) {
        if open?.role != role {
            close()
            open = (role, TurnBuilder(.openAIResponses))
        }
        open?.builder.add(part, extra: extra)
    }

    private mutating func readItem(_ item: JSONNode) throws(PlenumError) {
        let type = try item.optional("type")?.string() ?? (item.value["role"] == nil ? "" : "message")
        let isCall = type == "function_call" || type == "custom_tool_call"
        if !isCall { dropSignature() }
        switch type {
        case "message": try readMessage(item)
        case "function_call", "custom_tool_call":
            var call = try Self.readCall(item, isFreeform: type == "custom_tool_call")
            call.opaque = signature
            signature = nil
            let known: Set<String> = ["type", "call_id", "name", "arguments", "input"]
            add(.toolCall(call), extra: Self.rest(item, known), to: .assistant)
        case "function_call_output", "custom_tool_call_output":
            try readResult(item, type)
        case "reasoning": try readReasoning(item)
        case "item_reference":
            throw PlenumError(
                .invalidRequest,
                "\(item.path): there is no item of this id here; send the item itself.",
                parameter: item.path
            )
        case "": _ = try item.required("type")
        default:
            let isClients =
                type.hasSuffix("_output")
                || ["mcp_approval_response", "additional_tools", "configuration_update"].contains(type)
            // What a client's own tools gave goes with the results of other calls.
            let role: Turn.Role = isClients ? (open?.role == .tool ? .tool : .user) : .assistant
            add(.opaque(.openAIResponses, item.value), extra: JSONObject(), to: role)
        }
    }

    /// The members of an item that are not understood. An empty id is none.
    private static func rest(_ item: JSONNode, _ known: Set<String>) -> JSONObject {
        var rest = item.rest(known)
        if rest["id"]?.string?.isEmpty == true { rest["id"] = nil }
        return rest
    }

    // MARK: Messages

    private mutating func readMessage(_ item: JSONNode) throws(PlenumError) {
        let role = try item.required("role")
        let content = try item.required("content")
        var parts = TurnBuilder(.openAIResponses)
        var extra = Self.rest(item, ["role", "content"])
        if let text = content.value.string {
            parts.add(.text(text))
        } else {
            for part in try content.elements() { try Self.readPart(part, &parts) }
            extra[ResponsesMark.isList] = true
        }
        switch try role.string() {
        case "user":
            close()
            turns.append(parts.turn(.user, extra: extra))
        case "assistant": addMessage(parts.turn(.assistant), extra)
        case "system", "developer": addSystem(item, parts.turn(.system), extra)
        default: throw role.complaint("user, assistant, system or developer was expected")
        }
    }

    private mutating func addMessage(_ message: Turn, _ extra: JSONObject) {
        for (index, part) in message.parts.enumerated() {
            var own = TurnBuilder.extra(of: message, part: index, .openAIResponses) ?? JSONObject()
            if index == 0 { own[ResponsesMark.item] = .object(extra) }
            add(part, extra: own, to: .assistant)
        }
    }

    private mutating func addSystem(_ item: JSONNode, _ message: Turn, _ extra: JSONObject) {
        close()
        var extra = extra
        // Parts are kept as they are: their text alone is understood.
        if item.value["content"]?.array != nil { extra["content"] = item.value["content"] }
        extra[ResponsesMark.item] = true
        let isDeveloper = item.value["role"] == "developer"
        if turns.isEmpty {
            let role: SystemText.Role = isDeveloper ? .developer : .system
            instructions.append(
                SystemText(message.text, role: role, extra: DialectFields(.openAIResponses, extra))
            )
        } else {
            if !isDeveloper { extra["role"] = "system" }
            turns.append(
                Turn(.system, [.text(message.text)], extra: DialectFields(.openAIResponses, extra))
            )
        }
    }

    private static func readPart(_ part: JSONNode, _ builder: inout TurnBuilder) throws(PlenumError) {
        let type = try part.required("type").string()
        switch type {
        case "input_text", "output_text", "text":
            var extra = part.rest(["type", "text"])
            // Which of them it is goes by the role, but some write the other.
            extra["type"] = .string(type)
            builder.add(.text(try part.required("text").string()), extra: extra)
        case "refusal":
            builder.add(.refusal(try part.required("refusal").string()), extra: part.rest(["type", "refusal"]))
        case "input_image":
            let detail = try part.optional("detail")?.string()
            var media: Media
            if let id = try part.optional("file_id")?.string() {
                media = Media(.file(id))
            } else {
                let image = try part.required("image_url")
                media = Media(address: try (image.value.string == nil ? image.required("url") : image).string())
            }
            media.detail = detail
            builder.add(.image(media), extra: part.rest(["type", "image_url", "file_id", "detail"]))
        case "input_file":
            let known: Set<String> = ["type", "file_data", "file_id", "file_url", "filename"]
            builder.add(.document(try readFile(part)), extra: part.rest(known))
        case "input_audio":
            let audio = try part.required("input_audio")
            let format = try audio.optional("format")?.string() ?? "wav"
            let mimeType = format == "mp3" ? "audio/mpeg" : "audio/\(format)"
            let media = Media(.base64(try audio.required("data").string()), mimeType: mimeType)
            builder.add(.audio(media), extra: part.rest(["type", "input_audio"]))
        default: builder.add(.opaque(.openAIResponses, part.value), extra: JSONObject([(ResponsesMark.part, true)]))
        }
    }

    private static func readFile(_ part: JSONNode) throws(PlenumError) -> Media {
        let filename = try part.optional("filename")?.string()
        if let id = try part.optional("file_id")?.string() { return Media(.file(id), filename: filename) }
        if let address = try part.optional("file_url")?.string() { return Media(.url(address), filename: filename) }
        let data = try part.required("file_data").string()
        var media = Media(address: data)
        // Bytes may come without the head of a data URL.
        if case .url = media.source { media = Media(.base64(data)) }
        media.filename = filename
        return media
    }

    // MARK: Calls

    private static func readCall(_ item: JSONNode, isFreeform: Bool) throws(PlenumError) -> ToolCall {
        let id = try item.required("call_id").string()
        let name = try item.required("name").string()
        guard isFreeform else {
            return ToolCall(id: id, name: name, arguments: try item.optional("arguments")?.string() ?? "")
        }
        let text = try item.optional("input")?.string() ?? ""
        var call = ToolCall(id: id, name: name, arguments: FreeformText.arguments(text))
        call.isFreeform = true
        return call
    }

    private mutating func readResult(_ item: JSONNode, _ type: String) throws(PlenumError) {
        var parts = TurnBuilder(.openAIResponses)
        var extra = Self.rest(item, ["call_id", "output"])
        let output = try item.required("output")
        if let text = output.value.string {
            parts.add(.text(text))
        } else {
            for part in try output.elements() { try Self.readPart(part, &parts) }
            // Parts of a result have no room for what else their dialect knows of them: they are kept as they are.
            extra["output"] = output.value
        }
        let result = ToolResult(callID: try item.required("call_id").string(), parts: parts.parts)
        add(.toolResult(result), extra: extra, to: .tool)
    }

    // MARK: Thoughts

    private mutating func readReasoning(_ item: JSONNode) throws(PlenumError) {
        var texts: [String] = []
        for list in ["summary", "content"] {
            for part in try item.optional(list)?.elements() ?? [] {
                if let text = part.value["text"]?.string { texts.append(text) }
            }
        }
        let closed = try item.optional("encrypted_content")?.string() ?? ""
        let state = closed.isEmpty ? nil : OpaqueEnvelope.open(closed) ?? OpaqueState(.openAIEncrypted, closed)
        let reasoning = Reasoning(texts.joined(separator: "\n\n"), opaque: state)
        guard state != nil || !reasoning.text.isEmpty else { return }
        if let state, state.kind == .geminiSignature, reasoning.text.isEmpty {
            // Our own writer puts the signature of a call there.
            signature = state
            return
        }
        add(.reasoning(reasoning), extra: Self.rest(item, ["type", "encrypted_content"]), to: .assistant)
    }
}
