import PlenumCore

/// Writes `POST {base}/chat/completions` (wire notes 2.1 to 2.7, columns C).
struct ChatRequestWriter {
    let request: CompletionRequest
    let quirks: Quirks
    private(set) var fields = JSONObject()
    var body = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .openAIChat)
        let names = ToolNames(chat, .openAI, to: .openAIChat, &body)
        member("model", .string(request.model))
        try writeMessages(chat, names)
        if request.stream {
            member("stream", true)
            if !quirks.noStreamOptions { member("stream_options", ["include_usage": true]) }
        }
        writeSampling(chat)
        writeReasoning(chat)
        try writeTools(chat, names)
        writeOutput(chat)
        writeExtra(chat)
        for added in quirks.addFields.members where fields[added.key] == nil { fields[added.key] = added.value }
        var writer = JSONWriter(reserving: 1024)
        writer.object(fields)
        body.bytes = writer.bytes
        return body
    }

    /// Adds a member, unless the provider refuses it.
    mutating func member(_ name: String, _ value: JSONValue?) {
        guard let value, quirks.nullFields || !value.isNull else { return }
        if quirks.dropFields.contains(name) {
            // What says nothing is not missed.
            if !value.isNull, value != false { body.warn(name, .dropped) }
            return
        }
        fields[name] = value
    }

    private mutating func writeMessages(_ chat: ChatRequest, _ names: ToolNames) throws(PlenumError) {
        var messages = ChatMessageWriter(request: request, quirks: quirks, names: names)
        try messages.write(chat)
        for warning in messages.warnings { body.warn(warning.path, warning.action) }
        var all = messages.messages
        if isSchemaTold(chat), case .jsonSchema(_, let schema, _, _)? = chat.output {
            let words = "Answer with one JSON object and nothing else. It must satisfy this JSON schema: \(schema.text)"
            all.insert(["role": "system", "content": .string(words)], at: all.prefix { $0["role"] == "system" }.count)
            if quirks.systemOnlyFirst, all.count > 1, all[0]["role"] == "system", all[1]["role"] == "system" {
                let text = [all[0], all[1]].compactMap { $0["content"]?.string }.joined(separator: "\n\n")
                all.replaceSubrange(0...1, with: [["role": "system", "content": .string(text)]])
            }
        }
        member("messages", .array(all))
    }

    private mutating func writeExtra(_ chat: ChatRequest) {
        guard let extra = chat.extra else { return }
        guard extra.dialect == .openAIChat else {
            var foreign = ForeignFields(to: .openAIChat)
            for (name, value) in foreign.carry(extra, &body) where fields[name] == nil { member(name, value) }
            return
        }
        let model = ChatCapabilities(request.capabilities, chat.reasoning)
        for (name, value) in extra.fields.members where fields[name] == nil {
            switch name {
            case "logit_bias" where !model.takesPenalties && !value.isNull: body.warn(name, .dropped)
            case "logprobs" where !model.takesSampling && value == true,
                "top_logprobs" where !model.takesSampling && !value.isNull:
                body.warn(name, .dropped)
            default: member(name, value)
            }
        }
    }

    // MARK: The form of the answer

    /// Whether the provider knows no schemas, so that it is told in words.
    private func isSchemaTold(_ chat: ChatRequest) -> Bool {
        if case .jsonSchema? = chat.output { quirks.noSchema } else { false }
    }

    private mutating func writeOutput(_ chat: ChatRequest) {
        switch chat.output {
        case nil: break
        case .jsonObject?: member("response_format", ["type": "json_object"])
        case .jsonSchema(let name, let schema, let strict, let description)?:
            if quirks.noSchema {
                body.warn("response_format", .downgraded)
                return member("response_format", ["type": "json_object"])
            }
            if quirks.noSchemaWithTools && !chat.tools.isEmpty || quirks.noSchemaWithStream && request.stream {
                return body.warn("response_format", .dropped)
            }
            var format = JSONObject([("name", .string(name ?? "response"))])
            format["description"] = description.map { .string($0) }
            format["schema"] = schema
            format["strict"] = strict.map { .bool($0) }
            member("response_format", ["type": "json_schema", "json_schema": .object(format)])
        }
    }
}
