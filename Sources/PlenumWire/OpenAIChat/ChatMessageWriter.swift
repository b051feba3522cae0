import PlenumCore

/// Writes the messages of a request: one message a result, results before what else a user's turn says.
struct ChatMessageWriter {
    let quirks: Quirks
    var writer: JSONWriter

    mutating func write(_ chat: ChatRequest) throws(PlenumError) {
        writer.beginArray()
        for text in chat.instructions where !text.text.isEmpty { writeSystem(text) }
        for turn in chat.turns {
            switch turn.role {
            case .system: writeSystem(SystemText(turn.text))
            case .user, .tool: try writeUser(turn)
            case .assistant: try writeAssistant(turn)
            }
        }
        writer.endArray()
    }

    private mutating func writeSystem(_ text: SystemText) {
        writer.beginObject()
        let role = quirks.developerRole ? text.role : .system
        writer.member("role", role.rawValue)
        var extra = text.extra?.dialect == .openAIChat ? text.extra?.fields : nil
        if extra?["content"] == nil || quirks.stringContentOnly {
            extra?["content"] = nil
            writer.member("content", text.text)
        }
        if let extra { writer.members(of: extra) }
        writer.endObject()
    }

    private mutating func writeUser(_ turn: Turn) throws(PlenumError) {
        var said: [(part: ContentPart, extra: JSONObject?)] = []
        var shown: [(part: ContentPart, extra: JSONObject?)] = []
        for (index, part) in turn.parts.enumerated() {
            guard case .toolResult(let result) = part else {
                said.append((part, TurnBuilder.extra(of: turn, part: index, .openAIChat)))
                continue
            }
            writeResult(result, turn)
            shown += result.parts.filter { $0.text == nil }.map { ($0, nil) }
        }
        // A result holds text alone: pictures follow as the user's.
        let all = shown + said
        guard !all.isEmpty || turn.role == .user else { return }
        writer.beginObject()
        writer.member("role", "user")
        try writeContent(all)
        if let name = turn.name { writer.member("name", name) }
        if turn.role == .user, let extra = TurnBuilder.extra(of: turn, .openAIChat) { writer.members(of: extra) }
        writer.endObject()
    }

    private mutating func writeResult(_ result: ToolResult, _ turn: Turn) {
        writer.beginObject()
        writer.member("role", "tool")
        writer.member("tool_call_id", result.callID)
        writer.member("content", result.text)
        if turn.role == .tool, let extra = TurnBuilder.extra(of: turn, .openAIChat) { writer.members(of: extra) }
        writer.endObject()
    }

    private mutating func writeAssistant(_ turn: Turn) throws(PlenumError) {
        var said: [(part: ContentPart, extra: JSONObject?)] = []
        var calls: [(call: ToolCall, extra: JSONObject?)] = []
        var refusal = ""
        var thoughts = ""
        for (index, part) in turn.parts.enumerated() {
            let extra = TurnBuilder.extra(of: turn, part: index, .openAIChat)
            switch part {
            case .toolCall(let call): calls.append((call, extra))
            case .refusal(let text): refusal += text
            case .reasoning(let reasoning): thoughts += reasoning.text
            case .opaque(let dialect, _) where dialect != .openAIChat: break
            default: said.append((part, extra))
            }
        }
        guard !said.isEmpty || !calls.isEmpty || !refusal.isEmpty else { return }
        writer.beginObject()
        writer.member("role", "assistant")
        if said.isEmpty { writer.member("content", String?.none) } else { try writeContent(said) }
        if !refusal.isEmpty { writer.member("refusal", refusal) }
        if let field = quirks.reasoningField, !thoughts.isEmpty { writer.member(field, thoughts) }
        if let name = turn.name { writer.member("name", name) }
        if !calls.isEmpty { writeCalls(calls) }
        if let extra = TurnBuilder.extra(of: turn, .openAIChat) { writer.members(of: extra) }
        writer.endObject()
    }

    private mutating func writeCalls(_ calls: [(call: ToolCall, extra: JSONObject?)]) {
        writer.key("tool_calls")
        writer.beginArray()
        for (call, extra) in calls {
            writer.beginObject()
            writer.member("id", call.id)
            if let extra, extra["custom"] != nil {
                writer.member("type", "custom")
                writer.members(of: extra)
                writer.endObject()
                continue
            }
            writer.member("type", "function")
            writer.key("function")
            writer.beginObject()
            writer.member("name", call.name)
            writer.member("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
            writer.endObject()
            if let extra { writer.members(of: extra) }
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func writeContent(_ parts: [(part: ContentPart, extra: JSONObject?)]) throws(PlenumError) {
        let texts = parts.compactMap(\.part.text)
        let isText = texts.count == parts.count && (quirks.stringContentOnly || parts.allSatisfy { $0.extra == nil })
        if isText, parts.count <= 1 || quirks.stringContentOnly {
            writer.member("content", texts.joined(separator: "\n\n"))
            return
        }
        writer.key("content")
        writer.beginArray()
        for (part, extra) in parts {
            guard var json = try Self.json(of: part).object else { continue }
            for (name, value) in extra?.members ?? [] { json[name] = value }
            writer.object(json)
        }
        writer.endArray()
    }

    private static func json(of part: ContentPart) throws(PlenumError) -> JSONValue {
        switch part {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .refusal(let text): return ["type": "refusal", "refusal": .string(text)]
        case .image(let media):
            guard let address = media.dataURL else { throw .unportable("an image by file id") }
            var image = JSONObject([("url", .string(address))])
            image["detail"] = media.detail.map { .string($0) }
            return ["type": "image_url", "image_url": .object(image)]
        case .audio(let media):
            guard case .base64(let data) = media.source else { throw .unportable("audio by address") }
            let format = media.mimeType == "audio/mpeg" || media.mimeType == "audio/mp3" ? "mp3" : "wav"
            return ["type": "input_audio", "input_audio": ["data": .string(data), "format": .string(format)]]
        case .document(let media): return try json(of: media)
        case .opaque(.openAIChat, let block): return block
        case .opaque, .reasoning, .toolCall, .toolResult: return .null
        }
    }

    private static func json(of document: Media) throws(PlenumError) -> JSONValue {
        var file = JSONObject()
        switch document.source {
        case .file(let id): file["file_id"] = .string(id)
        case .url: throw .unportable("a document by address")
        case .base64:
            file["filename"] = .string(document.filename ?? "document.pdf")
            file["file_data"] = document.dataURL.map { .string($0) }
        }
        return ["type": "file", "file": .object(file)]
    }
}
