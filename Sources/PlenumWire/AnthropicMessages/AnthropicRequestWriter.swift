import PlenumCore

/// Writes `POST {base}/v1/messages` (wire notes 2.1 to 2.7, columns A).
struct AnthropicRequestWriter {
    let request: CompletionRequest
    let quirks: Quirks
    private var body = JSONObject()
    private var written = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .anthropicMessages)
        let own = chat.extra?.dialect == .anthropicMessages ? chat.extra?.fields : nil
        body["model"] = .string(request.model)
        body["max_tokens"] = .number(JSONNumber(limit(chat, own)))
        let system = Self.system(chat)
        if !system.isEmpty { body["system"] = .array(system) }
        body["messages"] = .array(try AnthropicMessageWriter.messages(chat, to: request.tag))
        if request.stream { body["stream"] = true }
        writeSampling(chat)
        writeTools(chat)
        if own == nil { writeReasoning(chat) }
        for (name, value) in own?.members ?? [] { body[name] = value }
        for name in quirks.dropFields { body[name] = nil }
        written.bytes = JSONValue.object(body).bytes
        return written
    }

    /// The limit on tokens, which Anthropic wants always, above any budget for thinking.
    private func limit(_ chat: ChatRequest, _ own: JSONObject?) -> Int {
        let cap = request.stream ? 32000 : 16384
        let limit = chat.maxOutputTokens ?? min(request.outputLimit ?? 4096, cap)
        guard own == nil, let budget = chat.reasoning?.budgetTokens, budget > 0, limit <= budget else { return limit }
        return budget < 1_000_000_000 ? budget + min(limit, 4096) : limit
    }

    private static func system(_ chat: ChatRequest) -> [JSONValue] {
        var blocks: [JSONValue] = []
        for text in chat.instructions where text.text.contains(where: { !$0.isWhitespace }) {
            var block = JSONObject([("type", "text"), ("text", .string(text.text))])
            if let extra = text.extra, extra.dialect == .anthropicMessages {
                for (name, value) in extra.fields.members { block[name] = value }
            }
            blocks.append(.object(block))
        }
        if chat.output == .jsonObject {
            blocks.append(["type": "text", "text": "Answer with one JSON object only."])
        }
        return blocks
    }

    private mutating func writeSampling(_ chat: ChatRequest) {
        if let temperature = chat.sampling.temperature {
            body["temperature"] = temperature.double > 1 ? 1 : .number(temperature)
        }
        // Models since 4.5 refuse both: the temperature is kept.
        if chat.extra?.dialect == .anthropicMessages || chat.sampling.temperature == nil {
            body["top_p"] = chat.sampling.topP.map { .number($0) }
        }
        body["top_k"] = chat.sampling.topK.map { .number($0) }
        let stop = chat.stop.filter { text in text.contains { !$0.isWhitespace } }
        if !stop.isEmpty { body["stop_sequences"] = .array(stop.map { .string($0) }) }
        if let user = chat.user { body["metadata"] = ["user_id": .string(user)] }
    }

    private mutating func writeReasoning(_ chat: ChatRequest) {
        var output = JSONObject()
        if case .jsonSchema(_, let schema, _, _)? = chat.output {
            output["format"] = ["type": "json_schema", "schema": schema]
        }
        if let reasoning = chat.reasoning {
            if reasoning.effort == "none" || reasoning.budgetTokens == 0 {
                body["thinking"] = ["type": "disabled"]
            } else if let budget = reasoning.budgetTokens, budget > 0 {
                body["thinking"] = ["type": "enabled", "budget_tokens": .number(JSONNumber(max(budget, 1024)))]
            } else {
                body["thinking"] =
                    reasoning.includeText == true
                    ? ["type": "adaptive", "display": "summarized"] : ["type": "adaptive"]
                if let effort = reasoning.effort { output["effort"] = .string(effort == "minimal" ? "low" : effort) }
            }
        }
        if !output.isEmpty { body["output_config"] = .object(output) }
    }

    // MARK: Tools

    private mutating func writeTools(_ chat: ChatRequest) {
        var tools = chat.tools.map { tool($0) }
        if tools.isEmpty {
            // A history with calls needs their definitions.
            var seen: Set<String> = []
            for call in chat.turns.flatMap(\.parts).compactMap(\.toolCall) where seen.insert(call.name).inserted {
                tools.append(["name": .string(call.name), "input_schema": ["type": "object", "properties": [:]]])
            }
        }
        guard !tools.isEmpty else { return }
        body["tools"] = .array(tools)
        guard !chat.tools.isEmpty else { return }
        var choice: JSONObject?
        switch chat.toolChoice {
        case nil: choice = chat.parallelTools == false ? JSONObject([("type", "auto")]) : nil
        case .auto?: choice = JSONObject([("type", "auto")])
        case ToolChoice.none?: choice = JSONObject([("type", "none")])
        case .required?: choice = JSONObject([("type", "any")])
        case .tool(let name)?: choice = JSONObject([("type", "tool"), ("name", .string(name))])
        case .allowed(let isRequired, _)?: choice = JSONObject([("type", isRequired ? "any" : "auto")])
        }
        if let parallel = chat.parallelTools, chat.toolChoice != ToolChoice.none, choice != nil {
            choice?["disable_parallel_tool_use"] = .bool(!parallel)
        }
        body["tool_choice"] = choice.map { .object($0) }
    }

    private func tool(_ tool: Tool) -> JSONValue {
        if let own = tool.verbatim, own.dialect == .anthropicMessages { return own.json }
        var json = JSONObject([("name", .string(tool.name))])
        json["description"] = tool.description.map { .string($0) }
        json["input_schema"] = tool.verbatim == nil ? tool.objectSchema : Tool.textInput
        if !quirks.noStrictTools { json["strict"] = tool.strict == true ? true : nil }
        for (name, value) in tool.extra(.anthropicMessages)?.members ?? [] { json[name] = value }
        return .object(json)
    }
}

extension Tool {
    /// The schema as an object schema, which Anthropic requires.
    var objectSchema: JSONValue {
        guard var object = schema?.object else { return ["type": "object", "properties": [:]] }
        if object["type"] == nil { object["type"] = "object" }
        return .object(object)
    }
}

/// Writes the messages: user and assistant by turns, results first.
enum AnthropicMessageWriter {
    static func messages(_ chat: ChatRequest, to model: ModelID) throws(PlenumError) -> [JSONValue] {
        let sides = Alternation(chat.turns, for: .anthropicMessages, model).sides
        var messages: [JSONValue] = []
        for (index, side) in sides.enumerated() {
            var blocks: [JSONValue] = []
            for piece in side.pieces {
                guard var block = try block(piece.part).object else { continue }
                for (name, value) in piece.extra?.members ?? [] { block[name] = value }
                blocks.append(.object(block))
            }
            if side.isModel, index == sides.count - 1 { Self.trimEnd(&blocks) }
            let role: JSONValue = side.isModel ? "assistant" : "user"
            messages.append(["role": role, "content": .array(blocks)])
        }
        // A conversation of system text alone needs somebody to speak.
        if messages.isEmpty { messages = [["role": "user", "content": [["type": "text", "text": "."]]]] }
        return messages
    }

    /// White space at the end of an answer to be continued is refused.
    private static func trimEnd(_ blocks: inout [JSONValue]) {
        guard let last = blocks.last, last["type"] == "text", var text = last["text"]?.string else { return }
        while text.last?.isWhitespace == true { text.removeLast() }
        var block = last.object ?? JSONObject()
        block["text"] = .string(text)
        blocks[blocks.count - 1] = .object(block)
    }

    private static func block(_ part: ContentPart) throws(PlenumError) -> JSONValue {
        switch part {
        case .text(let text), .refusal(let text): return ["type": "text", "text": .string(text)]
        case .image(let media): return ["type": "image", "source": source(media)]
        case .document(let media):
            var block = JSONObject([("type", "document"), ("source", source(media))])
            block["title"] = media.filename.map { .string($0) }
            return .object(block)
        case .audio: throw .unportable("audio")
        case .reasoning(let reasoning):
            guard let state = reasoning.opaque else { return .null }
            if state.kind == .anthropicRedacted { return AnthropicShapes.redacted(state) }
            return ["type": "thinking", "thinking": .string(reasoning.text), "signature": .string(state.payload)]
        case .toolCall(let call):
            return AnthropicShapes.call(id: SyntheticID.legal(call.id), name: call.name, input: call.argumentsObject)
        case .toolResult(let result): return try block(result)
        case .opaque(_, let block): return block
        }
    }

    private static func block(_ result: ToolResult) throws(PlenumError) -> JSONValue {
        var block = JSONObject([
            ("type", "tool_result"), ("tool_use_id", .string(SyntheticID.legal(result.callID))),
        ])
        if result.parts.allSatisfy({ $0.text != nil }), result.parts.count <= 1 {
            block["content"] = .string(result.text)
        } else {
            var parts: [JSONValue] = []
            for part in result.parts { parts.append(try self.block(part)) }
            block["content"] = .array(parts)
        }
        block["is_error"] = result.isError.map { .bool($0) }
        return .object(block)
    }

    private static func source(_ media: Media) -> JSONValue {
        switch media.source {
        case .url(let address): return ["type": "url", "url": .string(address)]
        case .file(let id): return ["type": "file", "file_id": .string(id)]
        case .base64(let data):
            if media.mimeType == "text/plain", let text = Base64.decode(data) {
                let data = JSONValue.string(String(decoding: text, as: UTF8.self))
                return ["type": "text", "media_type": "text/plain", "data": data]
            }
            let mimeType = media.mimeType == "image/jpg" ? "image/jpeg" : media.mimeType
            return ["type": "base64", "media_type": .string(mimeType ?? "image/png"), "data": .string(data)]
        }
    }
}

extension SyntheticID {
    /// An id of letters, digits, `_` and `-`: the id itself where it is one, else always the same other one.
    static func legal(_ id: String) -> String {
        let isLegal = id.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
            default: false
            }
        }
        return isLegal && !id.isEmpty ? id : call(id, 0)
    }
}
