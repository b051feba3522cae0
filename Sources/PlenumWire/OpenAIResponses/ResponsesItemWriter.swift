import PlenumCore

/// Writes turns as the items of a request (wire notes 2.1 to 2.4, columns R).
///
/// Each turn gives the same items whatever comes after it, so that a longer history begins as a shorter one did.
struct ResponsesItemWriter {
    let request: CompletionRequest
    let quirks: Quirks
    let names: ToolNames
    /// The tools that take free text.
    let freeformTools: Set<String>
    var body = RequestBody()
    private(set) var items: [JSONValue] = []
    /// Calls by id, and which of them have free text.
    private var calls: [String: Bool] = [:]
    private var thoughts: [JSONValue] = []
    private var message: (content: [JSONValue], extra: JSONObject)?

    init(request: CompletionRequest, quirks: Quirks, names: ToolNames, freeformTools: Set<String>) {
        self.request = request
        self.quirks = quirks
        self.names = names
        self.freeformTools = freeformTools
    }

    mutating func writeSystem(_ text: SystemText) {
        guard text.text.contains(where: { !$0.isWhitespace }) else { return }
        let extra = text.extra?.dialect == .openAIResponses ? text.extra?.fields : nil
        writeSystem(text.text, extra, text.cacheMark, role: extra == nil ? .developer : text.role)
    }

    private mutating func writeSystem(
        _ text: String,
        _ extra: JSONObject?,
        _ mark: CacheMark?,
        role: SystemText.Role
    ) {
        let role = quirks.developerRole ? role : .system
        var item = JSONObject([("role", .string(role.rawValue)), ("content", .string(text))])
        if extra == nil, let member = mark?.member(quirks, request.capabilities) {
            item["content"] = [.object(JSONObject([("type", "input_text"), ("text", .string(text)), member]))]
        }
        for (name, value) in ResponsesMark.written(extra).members where name != "role" { item[name] = value }
        items.append(.object(item))
    }

    mutating func write(_ turns: [Turn]) throws(PlenumError) {
        for (index, turn) in turns.enumerated() {
            if turn.name != nil { body.warn("name", .dropped) }
            switch turn.role {
            case .system:
                let extra = turn.extra?.dialect == .openAIResponses ? turn.extra?.fields : nil
                guard turn.text.contains(where: { !$0.isWhitespace }) else { continue }
                writeSystem(
                    turn.text,
                    extra,
                    CacheMark(in: turn),
                    role: extra?["role"] == "system" ? .system : .developer
                )
            case .user, .tool: try writeUser(turn)
            case .assistant:
                try writeAssistant(turn)
                answer(turn, turns[(index + 1)...].prefix { $0.role != .assistant })
            }
        }
    }

    // MARK: Users and tools

    private mutating func writeUser(_ turn: Turn) throws(PlenumError) {
        var content: [JSONValue] = []
        var isPlain = TurnBuilder.extra(of: turn, .openAIResponses)?[ResponsesMark.isList] == nil
        for (index, part) in turn.parts.enumerated() {
            let extra = TurnBuilder.extra(of: turn, part: index, .openAIResponses)
            switch part {
            case .toolResult(let result):
                flush(user: content, isPlain: isPlain, turn)
                content = []
                try writeResult(result, extra, foreignMark(of: turn, index))
            case .opaque(.openAIResponses, let item) where extra?[ResponsesMark.part] == nil:
                flush(user: content, isPlain: isPlain, turn)
                content = []
                items.append(item)
            default:
                if part.text == nil { isPlain = false }
                let mark = foreignMark(of: turn, index)
                if mark != nil { isPlain = false }
                if let json = try Self.json(of: part, in: .user, extra ?? mark) { content.append(json) }
            }
        }
        flush(user: content, isPlain: isPlain, turn)
    }

    /// The mark for the cache that another dialect put on a part, as the provider takes it.
    private func foreignMark(of turn: Turn, _ index: Int) -> JSONObject? {
        guard turn.extra?.dialect != .openAIResponses else { return nil }
        return CacheMark(of: turn, part: index)?.member(quirks, request.capabilities).map { JSONObject([$0]) }
    }

    private mutating func flush(user content: [JSONValue], isPlain: Bool, _ turn: Turn) {
        guard !content.isEmpty else { return }
        var item = JSONObject([("role", "user")])
        item["content"] = content.count == 1 && isPlain ? content[0]["text"] : .array(content)
        let extra = turn.role == .user ? TurnBuilder.extra(of: turn, .openAIResponses) : nil
        for (name, value) in ResponsesMark.written(extra).members { item[name] = value }
        items.append(.object(item))
    }

    private mutating func writeResult(
        _ result: ToolResult,
        _ extra: JSONObject?,
        _ mark: JSONObject?
    ) throws(PlenumError) {
        guard let isFreeform = calls[result.callID] else {
            body.warn("tool_result", .converted)
            let text = "[tool result \(result.name ?? result.callID)] \(result.text)"
            items.append(["role": "user", "content": .string(text)])
            return
        }
        if result.isError == true { body.warn("tool_result.is_error", .dropped) }
        var item = JSONObject([
            ("type", isFreeform ? "custom_tool_call_output" : "function_call_output"),
            ("call_id", .string(CallIDs.responses(result.callID))),
        ])
        if mark == nil || result.parts.isEmpty, result.parts.allSatisfy({ $0.text != nil }) {
            item["output"] = .string(result.text)
        } else {
            var parts: [JSONValue] = []
            for (index, part) in result.parts.enumerated() {
                let mark = index == result.parts.count - 1 ? mark : nil
                if let json = try Self.json(of: part, in: .tool, mark) { parts.append(json) }
            }
            item["output"] = .array(parts)
        }
        for (name, value) in ResponsesMark.written(extra).members { item[name] = value }
        items.append(.object(item))
    }

    /// Says of calls that were never answered that they have no result: without one the provider refuses the request.
    private mutating func answer(_ turn: Turn, _ next: ArraySlice<Turn>) {
        guard !next.isEmpty else { return }
        var answered: Set<String> = []
        for case .toolResult(let result) in next.flatMap(\.parts) { answered.insert(result.callID) }
        for call in turn.parts.compactMap(\.toolCall) where !answered.contains(call.id) {
            body.warn("tool_result", .added)
            let type: JSONValue = calls[call.id] == true ? "custom_tool_call_output" : "function_call_output"
            let id = CallIDs.responses(call.id)
            items.append(["type": type, "call_id": .string(id), "output": "(no result)"])
        }
    }

    // MARK: Assistants

    private mutating func writeAssistant(_ turn: Turn) throws(PlenumError) {
        for (index, part) in turn.parts.enumerated() {
            let extra = TurnBuilder.extra(of: turn, part: index, .openAIResponses)
            switch part {
            case .reasoning(let reasoning): holdThoughts(reasoning, extra)
            case .toolCall(let call): writeCall(call, extra)
            case .opaque(.openAIResponses, let item) where extra?[ResponsesMark.part] == nil: append(item)
            case .opaque(.openAIResponses, let block): say(block, extra)
            case .text(let text) where text.isEmpty && extra == nil: break
            case .text, .refusal: if let json = try Self.json(of: part, in: .assistant, extra) { say(json, extra) }
            // A model's own pictures have no place in what it said before.
            case .image, .audio, .document: body.warn("assistant.media", .dropped)
            case .opaque, .toolResult: break
            }
        }
        flushMessage()
        // Thoughts that nothing follows are refused.
        thoughts = []
    }

    /// Keeps thoughts until what they led to is written: they go back to the model that had them, and to nobody else.
    private mutating func holdThoughts(_ reasoning: Reasoning, _ extra: JSONObject?) {
        guard let state = reasoning.opaque, state.belongs(to: request.tag, in: .openAIResponses) else { return }
        flushMessage()
        var item = JSONObject([("type", "reasoning")])
        for (name, value) in ResponsesMark.written(extra).members { item[name] = value }
        if item["summary"] == nil {
            let summary: JSONValue = ["type": "summary_text", "text": .string(reasoning.text)]
            item["summary"] = reasoning.text.isEmpty ? [] : [summary]
        }
        item["encrypted_content"] = .string(state.payload)
        thoughts.append(.object(item))
    }

    private mutating func append(_ item: JSONValue) {
        flushMessage()
        items += thoughts
        thoughts = []
        items.append(item)
    }

    private mutating func say(_ part: JSONValue, _ extra: JSONObject?) {
        if extra?[ResponsesMark.item] != nil { flushMessage() }
        if message == nil {
            items += thoughts
            thoughts = []
            message = ([], extra?[ResponsesMark.item]?.object ?? JSONObject())
        }
        message?.content.append(part)
    }

    private mutating func flushMessage() {
        guard let (content, extra) = message else { return }
        message = nil
        var item = JSONObject([("role", "assistant")])
        let isText = content.count == 1 && content[0]["type"] == "output_text" && content[0].object?.count == 2
        if isText, extra[ResponsesMark.isList] == nil {
            item["content"] = content[0]["text"]
        } else {
            item["content"] = .array(content)
        }
        for (name, value) in ResponsesMark.written(extra).members { item[name] = value }
        items.append(.object(item))
    }

    private mutating func writeCall(_ call: ToolCall, _ extra: JSONObject?) {
        let isFreeform = call.isFreeform || freeformTools.contains(call.name)
        calls[call.id] = isFreeform
        var item = JSONObject([
            ("type", isFreeform ? "custom_tool_call" : "function_call"),
            ("call_id", .string(CallIDs.responses(call.id))),
            ("name", .string(names(call.name))),
        ])
        if isFreeform {
            item["input"] = .string(FreeformText.text(in: call.arguments))
        } else {
            item["arguments"] = .string(call.arguments.isEmpty ? "{}" : call.arguments)
        }
        for (name, value) in ResponsesMark.written(extra).members { item[name] = value }
        append(.object(item))
    }

    // MARK: Parts

    private static func json(
        of part: ContentPart,
        in role: Turn.Role,
        _ extra: JSONObject?
    ) throws(PlenumError) -> JSONValue? {
        guard var json = try json(of: part, in: role) else { return nil }
        for (name, value) in ResponsesMark.written(extra).members { json[name] = value }
        return .object(json)
    }

    private static func json(of part: ContentPart, in role: Turn.Role) throws(PlenumError) -> JSONObject? {
        switch part {
        case .text(let text):
            let type: JSONValue = role == .assistant ? "output_text" : "input_text"
            return JSONObject([("type", type), ("text", .string(text))])
        case .refusal(let text): return JSONObject([("type", "refusal"), ("refusal", .string(text))])
        case .image(let media):
            var image = JSONObject([("type", "input_image")])
            if case .file(let id) = media.source { image["file_id"] = .string(id) }
            image["image_url"] = media.dataURL.map { .string($0) }
            image["detail"] = media.detail.map { .string($0) }
            return image
        case .audio(let media):
            guard case .base64(let data) = media.source else { throw .unportable("audio by address") }
            let format = media.mimeType == "audio/mpeg" || media.mimeType == "audio/mp3" ? "mp3" : "wav"
            return JSONObject([
                ("type", "input_audio"), ("input_audio", ["data": .string(data), "format": .string(format)]),
            ])
        case .document(let media): return document(media)
        case .opaque(.openAIResponses, let block): return block.object
        case .opaque, .reasoning, .toolCall, .toolResult: return nil
        }
    }

    private static func document(_ media: Media) -> JSONObject {
        var file = JSONObject([("type", "input_file")])
        file["filename"] = media.filename.map { .string($0) }
        switch media.source {
        case .file(let id): file["file_id"] = .string(id)
        case .url(let address): file["file_url"] = .string(address)
        case .base64(let data):
            file["filename"] = .string(media.filename ?? "document.pdf")
            file["file_data"] = .string(media.mimeType == nil ? data : media.dataURL ?? data)
        }
        return file
    }
}
