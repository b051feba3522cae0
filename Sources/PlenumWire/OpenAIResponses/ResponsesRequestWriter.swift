import PlenumCore

/// Writes `POST {base}/responses` (wire notes 2.1 to 2.7, columns R).
struct ResponsesRequestWriter {
    let request: CompletionRequest
    let quirks: Quirks
    private var body = JSONObject()
    private var written = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .openAIResponses)
        let own = chat.extra?.dialect == .openAIResponses ? chat.extra?.fields : nil
        let names = ToolNames(chat, .openAI, to: .openAIResponses, &written)
        for tool in chat.tools where names(tool.name) != tool.name { written.warn("tools.\(tool.name)", .converted) }
        body["model"] = .string(request.model)
        try writeInput(chat, names)
        if request.stream { body["stream"] = true }
        body["store"] = false
        writeSampling(chat, own)
        writeTools(chat, own, names)
        if own == nil { writeOutput(chat) }
        writeReasoning(chat, own)
        if let own { writeOwn(own) } else { writeForeign(chat.extra) }
        for name in quirks.dropFields { body[name] = nil }
        written.bytes = JSONValue.object(body).bytes
        return written
    }

    // MARK: Input

    private mutating func writeInput(_ chat: ChatRequest, _ names: ToolNames) throws(PlenumError) {
        let freeform = Set(chat.tools.filter { $0.freeform != nil }.map(\.name))
        var items = ResponsesItemWriter(request: request, quirks: quirks, names: names, freeformTools: freeform)
        let alone = Self.instructions(chat)
        if let alone, !chat.turns.isEmpty {
            body["instructions"] = .string(alone.text)
        } else if let alone {
            // Something must be asked: with system text alone, that is what is.
            written.warn("system", .moved)
            try items.write([Turn(.user, [.text(alone.text)])])
        }
        for (index, text) in chat.instructions.enumerated() where alone == nil || index > 0 { items.writeSystem(text) }
        try items.write(chat.turns)
        for warning in items.body.warnings { written.warn(warning.path, warning.action) }
        let isText =
            chat.turns.count == 1 && items.items.count == 1
            && chat.turns.first.flatMap { TurnBuilder.extra(of: $0, .openAIResponses) }?[ResponsesMark.isText] != nil
        if chat.extra?.dialect != .openAIResponses, let last = chat.turns.last, last.role == .assistant,
            !last.text.isEmpty
        {
            // There is no way to have a beginning gone on with.
            written.warn("prefill", .downgraded)
        }
        body["input"] = isText ? items.items[0]["content"] : .array(items.items)
    }

    /// The system text that goes into `instructions`: the first, if no other came in the same way.
    private static func instructions(_ chat: ChatRequest) -> SystemText? {
        func isItem(_ text: SystemText) -> Bool { text.extra?.dialect == .openAIResponses }
        guard let first = chat.instructions.first, !isItem(first), first.role == .system else { return nil }
        guard chat.instructions.dropFirst().allSatisfy(isItem) else { return nil }
        return first.text.contains { !$0.isWhitespace } ? first : nil
    }

    // MARK: Sampling

    private mutating func writeSampling(_ chat: ChatRequest, _ own: JSONObject?) {
        let isFixed = request.capabilities[.samplingParameters] == false && chat.reasoning?.effort != "none"
        for (name, number) in [("temperature", chat.sampling.temperature), ("top_p", chat.sampling.topP)] {
            guard let number else { continue }
            if isFixed { written.warn(name, .dropped) } else { body[name] = .number(number) }
        }
        let unknown = [
            ("top_k", chat.sampling.topK != nil), ("presence_penalty", chat.sampling.presencePenalty != nil),
            ("frequency_penalty", chat.sampling.frequencyPenalty != nil), ("seed", chat.sampling.seed != nil),
            ("stop", !chat.stop.isEmpty),
        ]
        for (name, isSaid) in unknown where isSaid { written.warn(name, .dropped) }
        if let limit = chat.maxOutputTokens {
            // Less is refused.
            let least = own == nil ? max(limit, 16) : limit
            if least != limit { written.warn("max_output_tokens", .converted) }
            body["max_output_tokens"] = .number(JSONNumber(least))
        }
        if own == nil, let user = chat.user {
            if user.count <= 128 {
                body["safety_identifier"] = .string(user)
            } else {
                written.warn("user", .dropped)
            }
        }
    }

    // MARK: Tools

    private mutating func writeTools(_ chat: ChatRequest, _ own: JSONObject?, _ names: ToolNames) {
        guard !chat.tools.isEmpty else {
            if own != nil { body["parallel_tool_calls"] = chat.parallelTools.map { .bool($0) } }
            return
        }
        body["tools"] = .array(chat.tools.map { tool($0, names) })
        func reference(_ name: String) -> JSONValue {
            let isFreeform = chat.tools.contains { $0.name == name && $0.freeform != nil }
            return ["type": isFreeform ? "custom" : "function", "name": .string(names(name))]
        }
        switch chat.toolChoice {
        case nil: break
        case .auto?: body["tool_choice"] = "auto"
        case ToolChoice.none?: body["tool_choice"] = "none"
        case .required?: body["tool_choice"] = "required"
        case .tool(let name)?: body["tool_choice"] = reference(name)
        case .allowed(let isRequired, let allowed)?:
            let mode: JSONValue = isRequired ? "required" : "auto"
            let tools = JSONValue.array(allowed.map(reference))
            body["tool_choice"] = ["type": "allowed_tools", "mode": mode, "tools": tools]
        }
        body["parallel_tool_calls"] = chat.parallelTools.map { .bool($0) }
    }

    private func tool(_ tool: Tool, _ names: ToolNames) -> JSONValue {
        if let own = tool.verbatim, own.dialect == .openAIResponses { return own.json }
        let extra = tool.extra(.openAIResponses)
        var json = JSONObject([
            ("type", tool.freeform == nil ? "function" : "custom"), ("name", .string(names(tool.name))),
        ])
        json["description"] = tool.description.map { .string($0) }
        switch tool.freeform {
        case .grammar(let syntax, let definition)?:
            json["format"] = [
                "type": "grammar", "syntax": .string(syntax), "definition": .string(definition),
            ]
        case .text?: if extra?[ResponsesMark.saysText] != nil { json["format"] = ["type": "text"] }
        case nil:
            let empty: JSONValue = ["type": "object", "properties": [:]]
            json["parameters"] = tool.verbatim == nil ? tool.schema ?? empty : Tool.textInput
            // Not to say it means that it is: schemas of other dialects seldom satisfy what that asks of them.
            if extra?[ResponsesMark.noStrict] == nil, !quirks.noStrictTools {
                json["strict"] = .bool(tool.strict ?? false)
            }
        }
        for (name, value) in ResponsesMark.written(extra).members { json[name] = value }
        return .object(json)
    }

    // MARK: Output and thoughts

    private mutating func writeOutput(_ chat: ChatRequest) {
        switch chat.output {
        case nil: break
        case .jsonObject?: body["text"] = ["format": ["type": "json_object"]]
        case .jsonSchema(let name, let schema, let strict, let description)?:
            var format = JSONObject([("type", "json_schema"), ("name", .string(name ?? "response"))])
            format["description"] = description.map { .string($0) }
            format["schema"] = schema
            format["strict"] = .bool(strict ?? false)
            body["text"] = ["format": .object(format)]
        }
    }

    private mutating func writeReasoning(_ chat: ChatRequest, _ own: JSONObject?) {
        let effort = chat.reasoning?.word
        if own == nil, let reasoning = chat.reasoning {
            var json = JSONObject()
            let nearest = effort.flatMap { EffortLadder.nearest(to: $0, request.capabilities) }
            if nearest != effort { written.warn("reasoning.effort", nearest == nil ? .dropped : .downgraded) }
            json["effort"] = nearest.map { .string($0) }
            if reasoning.includeText == true, effort != "none" { json["summary"] = "auto" }
            if !json.isEmpty { body["reasoning"] = .object(json) }
        }
        let thinks =
            EffortLadder.words.contains { $0 != "none" && request.capabilities.takesEffort($0) == true }
            || request.capabilities[.thinkingAlwaysOn] == true
        // With the provider keeping nothing, thoughts are lost unless they come along.
        if thinks || (chat.reasoning != nil && effort != "none") { body["include"] = [Self.encrypted] }
    }

    private static let encrypted: JSONValue = "reasoning.encrypted_content"

    // MARK: Other members

    /// Writes what the same dialect said beyond the canonical request.
    private mutating func writeOwn(_ own: JSONObject) {
        for (name, value) in own.members {
            switch name {
            case "include":
                let added = body["include"]?.array ?? []
                let said = value.array ?? []
                body[name] = .array(said + added.filter { !said.contains($0) })
            case "stream_options" where !request.stream: break
            default: body[name] = value
            }
        }
    }

    /// Writes what another dialect said and this one can say too.
    private mutating func writeForeign(_ extra: DialectFields?) {
        guard let extra else { return }
        var foreign = ForeignFields(to: .openAIResponses)
        for (name, value) in foreign.carry(extra, &written) {
            if name == "verbosity" {
                var text = body["text"]?.object ?? JSONObject()
                text[name] = value
                body["text"] = .object(text)
            } else if body[name] == nil {
                body[name] = value
            }
        }
    }
}
