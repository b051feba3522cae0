import PlenumCore

/// Writes `generateContent` (wire notes 2.1 to 2.7, columns G).
struct GeminiRequestWriter {
    let request: CompletionRequest
    let quirks: Quirks
    private var body = JSONObject()
    private var written = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .gemini)
        let own = chat.extra?.dialect == .gemini ? chat.extra?.fields : nil
        let system = chat.instructions.filter { text in text.text.contains { !$0.isWhitespace } }
        if !system.isEmpty {
            body["systemInstruction"] = ["parts": .array(system.map { GeminiShapes.text($0.text) })]
        }
        body["contents"] = .array(try GeminiContents.write(chat, to: request.tag))
        writeTools(chat)
        var config = Self.config(chat, isOwn: own != nil)
        let rest = own?["generationConfig"]?.object ?? JSONObject()
        for (name, value) in rest.members { config[name] = value }
        // Google refuses two schemas of one answer.
        if rest["responseSchema"] != nil || rest["response_schema"] != nil { config["responseJsonSchema"] = nil }
        if rest["thinking_config"] != nil { config["thinkingConfig"] = nil }
        if !config.isEmpty { body["generationConfig"] = .object(config) }
        for (name, value) in own?.members ?? [] where name != "generationConfig" && name != "candidateCount" {
            body[name] = value
        }
        for name in quirks.dropFields { body[name] = nil }
        written.bytes = JSONValue.object(body).bytes
        return written
    }

    private static func config(_ chat: ChatRequest, isOwn: Bool) -> JSONObject {
        var config = JSONObject()
        config["temperature"] = chat.sampling.temperature.map { .number($0) }
        config["topP"] = chat.sampling.topP.map { .number($0) }
        config["topK"] = chat.sampling.topK.map { .number($0) }
        config["seed"] = chat.sampling.seed.map { .number($0) }
        config["presencePenalty"] = chat.sampling.presencePenalty.map { .number($0) }
        config["frequencyPenalty"] = chat.sampling.frequencyPenalty.map { .number($0) }
        config["maxOutputTokens"] = chat.maxOutputTokens.map { .number(JSONNumber($0)) }
        if !chat.stop.isEmpty { config["stopSequences"] = .array(chat.stop.prefix(5).map { .string($0) }) }
        switch chat.output {
        case nil: break
        case .jsonObject?: config["responseMimeType"] = "application/json"
        case .jsonSchema(_, let schema, _, _)?:
            config["responseMimeType"] = "application/json"
            config["responseJsonSchema"] = schema
        }
        if let reasoning = chat.reasoning {
            var thinking = JSONObject()
            thinking["includeThoughts"] = reasoning.includeText.map { .bool($0) }
            if let budget = reasoning.budgetTokens {
                thinking["thinkingBudget"] = .number(JSONNumber(budget))
            } else if let effort = reasoning.effort {
                thinking["thinkingLevel"] = .string(level(effort))
            }
            if !thinking.isEmpty { config["thinkingConfig"] = .object(thinking) }
        }
        return config
    }

    private static func level(_ effort: String) -> String {
        switch effort {
        case "none", "minimal": "MINIMAL"
        case "low": "LOW"
        case "medium": "MEDIUM"
        default: "HIGH"
        }
    }

    private mutating func writeTools(_ chat: ChatRequest) {
        var functions: [JSONValue] = []
        var others: [JSONValue] = []
        for tool in chat.tools {
            if let own = tool.verbatim, own.dialect == .gemini {
                others.append(own.json)
                continue
            }
            var function = JSONObject([("name", .string(tool.name))])
            function["description"] = tool.description.map { .string($0) }
            let schema = tool.verbatim == nil ? tool.schema : Tool.textInput
            if let schema, schema["properties"]?.object?.isEmpty != true, tool.extra(.gemini)?["parameters"] == nil {
                function["parametersJsonSchema"] = schema
            }
            for (name, value) in tool.extra(.gemini)?.members ?? [] { function[name] = value }
            functions.append(.object(function))
        }
        let declared: [JSONValue] = functions.isEmpty ? [] : [["functionDeclarations": .array(functions)]]
        guard !declared.isEmpty || !others.isEmpty else { return }
        body["tools"] = .array(declared + others)
        guard !functions.isEmpty, let choice = chat.toolChoice else { return }
        var calling = JSONObject()
        switch choice {
        case .auto: calling["mode"] = "AUTO"
        case .none: calling["mode"] = "NONE"
        case .required: calling["mode"] = "ANY"
        case .tool(let name):
            calling["mode"] = "ANY"
            calling["allowedFunctionNames"] = [.string(name)]
        case .allowed(let isRequired, let names):
            calling["mode"] = isRequired ? "ANY" : "VALIDATED"
            calling["allowedFunctionNames"] = .array(names.map { .string($0) })
        }
        body["toolConfig"] = ["functionCallingConfig": .object(calling)]
    }
}

/// Writes the contents: user and model by turns, all results of one step in one content.
enum GeminiContents {
    static func write(_ chat: ChatRequest, to model: ModelID) throws(PlenumError) -> [JSONValue] {
        var contents: [JSONValue] = []
        for side in Alternation(chat.turns, for: .gemini, model).sides {
            var parts: [JSONValue] = []
            var isFirstCall = true
            for piece in side.pieces {
                guard var part = try part(piece.part, to: model, isFirstCall: isFirstCall).object else { continue }
                if piece.part.toolCall != nil { isFirstCall = false }
                for (name, value) in piece.extra?.members ?? [] { part[name] = value }
                parts.append(.object(part))
            }
            contents.append(["role": side.isModel ? "model" : "user", "parts": .array(parts)])
        }
        if contents.isEmpty { contents = [["role": "user", "parts": [["text": "."]]]] }
        return contents
    }

    private static func part(_ part: ContentPart, to model: ModelID, isFirstCall: Bool) throws(PlenumError) -> JSONValue
    {
        switch part {
        case .text(let text), .refusal(let text): return GeminiShapes.text(text)
        case .image(let media), .audio(let media), .document(let media): return try self.media(media)
        case .reasoning(let reasoning):
            guard let state = reasoning.opaque else { return .null }
            if reasoning.text.isEmpty { return GeminiShapes.state(state) }
            return ["text": .string(reasoning.text), "thought": true, "thoughtSignature": .string(state.payload)]
        case .toolCall(var call):
            if call.opaque?.belongs(to: model, in: .gemini) != true { call.opaque = nil }
            // The first call of a step must have a signature: another model's cannot have Google's.
            let signature = isFirstCall && call.opaque == nil ? String.skipsSignature : nil
            return GeminiShapes.call(call, id: givenID(call.id), signature: signature)
        case .toolResult(let result): return try answer(result)
        case .opaque(_, let block): return block
        }
    }

    /// The id, if it has the form of Google's, eight lower-case letters and digits as recorded: only an id that the
    /// model gave goes back.
    private static func givenID(_ id: String) -> String? {
        let isGoogles =
            id.utf8.count == 8 && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        return isGoogles ? id : nil
    }

    private static func answer(_ result: ToolResult) throws(PlenumError) -> JSONValue {
        var function = JSONObject([("name", .string(result.name ?? "tool"))])
        function["id"] = givenID(result.callID).map { .string($0) }
        let text = JSONValue.string(result.text)
        function["response"] = result.isError == true ? ["error": text] : ["output": text]
        var parts: [JSONValue] = []
        for part in result.parts where part.text == nil {
            switch part {
            case .image(let media), .audio(let media), .document(let media): parts.append(try self.media(media))
            default: break
            }
        }
        if !parts.isEmpty { function["parts"] = .array(parts) }
        return ["functionResponse": .object(function)]
    }

    private static func media(_ media: Media) throws(PlenumError) -> JSONValue {
        switch media.source {
        case .base64(let data):
            let mimeType = media.mimeType ?? "application/octet-stream"
            return ["inlineData": ["mimeType": .string(mimeType), "data": .string(data)]]
        case .url(let address):
            var file = JSONObject()
            file["mimeType"] = media.mimeType.map { .string($0) }
            file["fileUri"] = .string(address)
            return ["fileData": .object(file)]
        case .file: throw .unportable("a file by id")
        }
    }
}
