import PlenumCore

/// Writes the messages of a request (wire notes 2.1 to 2.4 and 2.7, columns C).
struct ChatMessageWriter {
    let request: CompletionRequest
    let quirks: Quirks
    let names: ToolNames
    private(set) var messages: [JSONValue] = []
    private(set) var warnings: [RequestWarning] = []

    init(request: CompletionRequest, quirks: Quirks, names: ToolNames) {
        self.request = request
        self.quirks = quirks
        self.names = names
    }

    mutating func write(_ chat: ChatRequest) throws(PlenumError) {
        var history = ChatHistory(chat)
        if quirks.systemOnlyFirst { history = history.withSystemFirst() }
        warnings += history.warnings
        for entry in history.entries {
            switch entry {
            case .system(let text): writeSystem(text)
            case .user(let pieces, let name, let extra): try writeUser(pieces, name, extra)
            case .assistant(let turn): try writeAssistant(turn)
            case .result(let result, let mark, let extra): writeResult(result, mark, extra)
            }
        }
        if case .assistant(let turn)? = history.entries.last { finish(turn) }
    }

    /// Marks an answer that the model is to go on with.
    private mutating func finish(_ turn: Turn) {
        guard !turn.parts.contains(where: { $0.toolCall != nil }) else { return }
        guard quirks.prefix, var message = messages.last?.object else {
            if request.capabilities[.assistantPrefill] != true { warn("messages.prefill", .downgraded) }
            return
        }
        message["prefix"] = true
        messages[messages.count - 1] = .object(message)
    }

    private mutating func warn(_ path: String, _ action: RequestWarning.Action) {
        warnings.append(RequestWarning(path, action))
    }

    private mutating func append(_ message: JSONObject) {
        guard !quirks.dropMessageFields.isEmpty || !quirks.nullFields else { return messages.append(.object(message)) }
        var kept: [JSONObject.Member] = []
        for member in message.members where quirks.nullFields || !member.value.isNull {
            if quirks.dropMessageFields.contains(member.key) {
                warn("messages.\(member.key)", .dropped)
            } else {
                kept.append(member)
            }
        }
        messages.append(.object(JSONObject(kept)))
    }

    private mutating func writeSystem(_ text: SystemText) {
        let role = quirks.developerRole ? text.role : .system
        var message = JSONObject([("role", .string(role.rawValue)), ("content", .string(text.text))])
        let own = text.extra?.dialect == .openAIChat ? text.extra?.fields : nil
        for (name, value) in own?.members ?? [] where name != "content" && !CacheMark.names.contains(name) {
            message[name] = value
        }
        if let content = own?["content"], !quirks.stringContentOnly {
            message["content"] = .array((content.array ?? []).map(remarked))
        } else if let mark = text.cacheMark, !quirks.stringContentOnly,
            let member = mark.member(quirks, request.capabilities)
        {
            message["content"] = [.object(JSONObject([("type", "text"), ("text", .string(text.text)), member]))]
        }
        append(message)
    }

    /// A part of the client's own with its mark as the provider takes it.
    private func remarked(_ part: JSONValue) -> JSONValue {
        guard let fields = part.object, let mark = CacheMark(fields) else { return part }
        return .object(marked(fields, mark))
    }

    /// Members with a mark as the provider takes it; a mark that is already so stays as it is.
    private func marked(_ fields: JSONObject, _ mark: CacheMark) -> JSONObject {
        var fields = fields
        let member = mark.member(quirks, request.capabilities)
        let own = member.flatMap { fields[$0.key] }
        for name in CacheMark.names { fields[name] = nil }
        if let member { fields[member.key] = own ?? member.value }
        return fields
    }

    private mutating func writeUser(
        _ pieces: [ChatHistory.Piece],
        _ name: String?,
        _ extra: JSONObject?
    ) throws(PlenumError) {
        var message = JSONObject([("role", "user")])
        guard let content = try content(pieces) else { return }
        message["content"] = content
        if let name { message["name"] = .string(name) }
        for (name, value) in extra?.members ?? [] { message[name] = value }
        append(message)
    }

    private mutating func writeResult(_ result: ToolResult, _ mark: CacheMark?, _ extra: JSONObject?) {
        let id = CallIDs.chat(quirks)(result.callID)
        var message = JSONObject([("role", "tool"), ("tool_call_id", .string(id))])
        let texts = result.parts.compactMap(\.text)
        let member = mark?.member(quirks, request.capabilities)
        if texts.count > 1 || (member != nil && !texts.isEmpty), !quirks.stringContentOnly, !quirks.functionsOnly {
            var parts = texts.map { JSONObject([("type", "text"), ("text", .string($0))]) }
            if let member { parts[parts.count - 1][member.key] = member.value }
            message["content"] = .array(parts.map { .object($0) })
        } else {
            message["content"] = .string(texts.joined(separator: "\n\n"))
        }
        for (name, value) in extra?.members ?? [] { message[name] = value }
        append(message)
    }

    private mutating func writeAssistant(_ turn: Turn) throws(PlenumError) {
        var said: [ChatHistory.Piece] = []
        var calls: [JSONValue] = []
        var refusal = ""
        var thoughts = ChatThoughts()
        for (index, part) in turn.parts.enumerated() {
            switch part {
            case .toolCall(let call):
                calls.append(json(of: call, TurnBuilder.extra(of: turn, part: index, .openAIChat)))
            case .refusal(let text): refusal += text
            case .reasoning(let reasoning): thoughts.add(reasoning, for: request.tag)
            default: said.append(ChatHistory.piece(part, of: turn, at: index))
            }
        }
        var message = JSONObject([("role", "assistant")])
        let isReplayed = quirks.replayReasoning == .always || (quirks.replayReasoning == .calls && !calls.isEmpty)
        let chunk = isReplayed && quirks.reasoningField == "content" ? thoughts.chunk : nil
        let content = try content(said, after: chunk)
        guard content != nil || !calls.isEmpty || !refusal.isEmpty else { return }
        if !quirks.emptyAssistant, content == "", calls.isEmpty, refusal.isEmpty { return }
        message["content"] = content ?? .null
        if !refusal.isEmpty { message["refusal"] = .string(refusal) }
        if isReplayed, chunk == nil, let field = quirks.reasoningField, !thoughts.text.isEmpty {
            message[field] = .string(thoughts.text)
        }
        if quirks.reasoningDetails, !thoughts.details.isEmpty {
            message["reasoning_details"] = .array(thoughts.details)
        }
        if let name = turn.name { message["name"] = .string(name) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        for (name, value) in TurnBuilder.extra(of: turn, .openAIChat)?.members ?? [] { message[name] = value }
        append(message)
    }

    private func json(of call: ToolCall, _ extra: JSONObject?) -> JSONValue {
        let id = CallIDs.chat(quirks)(call.id)
        var json = JSONObject([("id", .string(id))])
        let name = JSONValue.string(names(call.name))
        if call.isFreeform, !quirks.convertsCustomTools {
            json["type"] = "custom"
            json["custom"] = ["name": name, "input": .string(FreeformText.text(in: call.arguments))]
        } else {
            json["type"] = "function"
            let arguments = call.arguments.isEmpty ? "{}" : call.arguments
            json["function"] = ["name": name, "arguments": .string(arguments)]
        }
        for (name, value) in extra?.members ?? [] { json[name] = value }
        return .object(json)
    }

    /// The content of a message: a string for one plain text, else parts; `nil` if nothing is left to say.
    private mutating func content(
        _ pieces: [ChatHistory.Piece],
        after first: JSONValue? = nil
    ) throws(PlenumError) -> JSONValue? {
        var parts = first.map { [$0] } ?? []
        var texts: [String] = []
        var isPlain = parts.isEmpty
        for piece in pieces {
            guard var part = try ChatPart.json(of: piece.part, &warnings)?.object else { continue }
            for (name, value) in piece.extra?.members ?? [] { part[name] = value }
            if let mark = piece.mark { part = marked(part, mark) }
            if part.count == 2, let text = part["text"]?.string { texts.append(text) } else { isPlain = false }
            parts.append(.object(part))
        }
        if parts.isEmpty { return nil }
        if quirks.stringContentOnly {
            let all = parts.compactMap { $0["text"]?.string }
            if all.count == parts.count { return .string(all.joined(separator: "\n\n")) }
        }
        return isPlain && texts.count == 1 ? .string(texts[0]) : .array(parts)
    }
}
