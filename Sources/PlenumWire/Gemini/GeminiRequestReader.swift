import PlenumCore

/// Reads a client's `generateContent`, in camelCase or snake_case, which clients mix (wire notes 1.4).
enum GeminiRequestReader {
    private static let known: Set<String> = [
        "contents", "systemInstruction", "system_instruction", "tools", "toolConfig", "tool_config", "generationConfig",
        "generation_config", "model",
    ]
    private static let knownConfig: Set<String> = [
        "temperature", "topP", "top_p", "topK", "top_k", "maxOutputTokens", "max_output_tokens", "stopSequences",
        "stop_sequences", "seed", "presencePenalty", "presence_penalty", "frequencyPenalty", "frequency_penalty",
        "responseMimeType", "response_mime_type", "responseJsonSchema", "response_json_schema",
    ]

    static func read(_ body: [UInt8]) throws(PlenumError) -> DoorRequest {
        let head = try DoorHead(scanning: body, dialect: .gemini)
        let root = try JSONNode(body: body)
        var chat = ChatRequest()
        if let system = root.optional(["systemInstruction", "system_instruction"]) {
            chat.instructions = try readSystem(system)
        }
        var ids = GeminiCallIDs()
        for content in try root.required("contents").elements() {
            chat.turns.append(try readContent(content, &ids))
        }
        for tool in try root.optional("tools")?.elements() ?? [] { try readTools(tool, &chat) }
        var extra = root.rest(known.union(DoorHead.ownNames))
        if let config = root.optional(["toolConfig", "tool_config"]) {
            try readChoice(config, &chat)
            extra["toolConfig"] = config.value
        }
        if let config = root.optional(["generationConfig", "generation_config"]) {
            try readConfig(config, &chat)
            var rest = config.rest(knownConfig)
            let mimeType = config.optional(["responseMimeType", "response_mime_type"])?.value
            if chat.output == nil, let mimeType { rest["responseMimeType"] = mimeType }
            if !rest.isEmpty { extra["generationConfig"] = .object(rest) }
            if let count = config.optional(["candidateCount", "candidate_count"]) {
                extra["candidateCount"] = count.value
            }
        }
        chat.extra = DialectFields(.gemini, extra)
        return DoorRequest(head: head, chat: chat)
    }

    private static func readSystem(_ system: JSONNode) throws(PlenumError) -> [SystemText] {
        if let text = system.value.string { return [SystemText(text)] }
        var texts: [SystemText] = []
        for part in try system.required("parts").partElements() {
            if let text = try part.optional("text")?.string() { texts.append(SystemText(text)) }
        }
        return texts
    }

    private static func readConfig(_ config: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        chat.sampling.temperature = try config.optional("temperature")?.number()
        chat.sampling.topP = try config.optional(["topP", "top_p"])?.number()
        chat.sampling.topK = try config.optional(["topK", "top_k"])?.number()
        chat.sampling.seed = try config.optional("seed")?.number()
        chat.sampling.presencePenalty = try config.optional(["presencePenalty", "presence_penalty"])?.number()
        chat.sampling.frequencyPenalty = try config.optional(["frequencyPenalty", "frequency_penalty"])?.number()
        chat.maxOutputTokens = try config.optional(["maxOutputTokens", "max_output_tokens"])?.int()
        chat.stop = try config.optional(["stopSequences", "stop_sequences"])?.strings() ?? []
        if try config.optional(["responseMimeType", "response_mime_type"])?.string() == "application/json" {
            let names = ["responseJsonSchema", "response_json_schema", "responseSchema", "response_schema"]
            chat.output =
                config.optional(names).map {
                    .jsonSchema(name: nil, schema: GeminiSchema.plain($0.value), strict: nil, description: nil)
                } ?? .jsonObject
        }
        if let thinking = config.optional(["thinkingConfig", "thinking_config"]) {
            chat.reasoning = ReasoningRequest(
                effort: try thinking.optional(["thinkingLevel", "thinking_level"])?.string().lowercased(),
                budgetTokens: try thinking.optional(["thinkingBudget", "thinking_budget"])?.int(),
                includeText: try thinking.optional(["includeThoughts", "include_thoughts"])?.bool()
            )
        }
    }

    // MARK: Tools

    private static func readTools(_ tool: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        let names = ["functionDeclarations", "function_declarations"]
        for function in try tool.optional(names)?.elements() ?? [] {
            let plain = function.optional(["parametersJsonSchema", "parameters_json_schema"])?.value
            chat.tools.append(
                Tool(
                    try function.required("name").string(),
                    description: try function.optional("description")?.string(),
                    schema: plain ?? function.optional("parameters").map { GeminiSchema.plain($0.value) },
                    extra: DialectFields(
                        .gemini,
                        function.rest(["name", "description", "parametersJsonSchema", "parameters_json_schema"])
                    )
                )
            )
        }
        for (name, value) in tool.rest(Set(names)).members {
            chat.tools.append(Tool(name, verbatim: .object(JSONObject([(name, value)])), .gemini))
        }
    }

    private static func readChoice(_ config: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        guard let calling = config.optional(["functionCallingConfig", "function_calling_config"]) else { return }
        let names = try calling.optional(["allowedFunctionNames", "allowed_function_names"])?.strings() ?? []
        switch try calling.optional("mode")?.string().uppercased() {
        case "ANY"? where names.count == 1: chat.toolChoice = .tool(names[0])
        case "ANY"?: chat.toolChoice = names.isEmpty ? .required : .allowed(required: true, names)
        case "NONE"?: chat.toolChoice = ToolChoice.none
        case "AUTO"?, "VALIDATED"?: chat.toolChoice = names.isEmpty ? .auto : .allowed(required: false, names)
        default: break
        }
    }

    // MARK: Contents

    private static func readContent(
        _ content: JSONNode,
        _ ids: inout GeminiCallIDs
    ) throws(PlenumError) -> Turn {
        var builder = TurnBuilder(.gemini)
        for part in try content.optional("parts")?.partElements() ?? [] { try readPart(part, &ids, &builder) }
        let role = try content.optional("role")?.string() ?? "user"
        let isResults =
            !builder.parts.isEmpty
            && builder.parts.allSatisfy { if case .toolResult = $0 { true } else { false } }
        switch role {
        case "model": return builder.turn(.assistant)
        case "user", "function", "tool": return builder.turn(isResults ? .tool : .user)
        case "system": return builder.turn(.system)
        default: throw content.complaint("role must be user or model")
        }
    }

    private static func readPart(
        _ part: JSONNode,
        _ ids: inout GeminiCallIDs,
        _ builder: inout TurnBuilder
    ) throws(PlenumError) {
        let names = ["thoughtSignature", "thought_signature"]
        let state = try part.optional(names)?.string().nonSkip.map(GeminiSignature.read)
        if let text = try part.optional("text")?.string() {
            if part.value["thought"]?.bool == true {
                builder.add(.reasoning(Reasoning(text, opaque: state)))
            } else {
                readText(text, state, &builder)
            }
        } else if let call = part.optional(["functionCall", "function_call"]) {
            let name = try call.required("name").string()
            let id = ids.call(name, given: try call.optional("id")?.string())
            let arguments = call.optional("args")?.value.text ?? "{}"
            let extra = call.value["id"] == nil ? JSONObject() : JSONObject([("functionCall", call.value)])
            builder.add(.toolCall(ToolCall(id: id, name: name, arguments: arguments, opaque: state)), extra: extra)
        } else if let answer = part.optional(["functionResponse", "function_response"]) {
            let name = try answer.required("name").string()
            let id = ids.answer(name, given: try answer.optional("id")?.string())
            // What is more than one text goes back to Google as it came.
            let isPlain = answer.value.object?.members.map(\.key) == ["name", "response"]
            let isText = isPlain && answer.value["response"]?["output"]?.string != nil
            let extra = isText ? JSONObject() : JSONObject([("functionResponse", answer.value)])
            builder.add(.toolResult(try readResult(answer, id, name)), extra: extra)
        } else if let media = try readMedia(part) {
            builder.add(media, extra: part.rest(["inlineData", "inline_data", "fileData", "file_data"]))
        } else {
            builder.add(.opaque(.gemini, part.value))
        }
    }

    /// Keeps a signature with the text that it came with; one that came with none stands as a thought of its own.
    private static func readText(_ text: String, _ state: OpaqueState?, _ builder: inout TurnBuilder) {
        guard !text.isEmpty else {
            if let state, state.kind != .geminiSignature {
                builder.attach(state)
            } else if let state {
                builder.add(.reasoning(Reasoning("", opaque: state)))
            }
            return
        }
        var extra = JSONObject()
        if let state, state.kind == .geminiSignature { extra["thoughtSignature"] = .string(state.payload) }
        builder.add(.text(text), extra: extra)
    }

    private static func readResult(_ node: JSONNode, _ id: String, _ name: String) throws(PlenumError) -> ToolResult {
        let response = node.value["response"] ?? .object(JSONObject())
        let members = response.object?.members ?? []
        var text = response.text
        if members.count == 1, ["output", "result", "error"].contains(members[0].key) {
            text = members[0].value.string ?? members[0].value.text
        }
        var parts: [ContentPart] = [.text(text)]
        for part in try node.optional("parts")?.elements() ?? [] {
            if let media = try readMedia(part) { parts.append(media) }
        }
        let isError = members.count == 1 && members[0].key == "error"
        return ToolResult(callID: id, name: name, parts: parts, isError: isError ? true : nil)
    }

    private static func readMedia(_ part: JSONNode) throws(PlenumError) -> ContentPart? {
        if let data = part.optional(["inlineData", "inline_data"]) {
            let mimeType = try data.optional(["mimeType", "mime_type"])?.string() ?? "application/octet-stream"
            return GeminiMedia.part(Media(.base64(try data.required("data").string()), mimeType: mimeType))
        }
        if let file = part.optional(["fileData", "file_data"]) {
            let mimeType = try file.optional(["mimeType", "mime_type"])?.string()
            guard let address = file.optional(["fileUri", "file_uri"]) else {
                throw file.complaint("fileUri is required")
            }
            return GeminiMedia.part(Media(.url(try address.string()), mimeType: mimeType))
        }
        return nil
    }
}

extension String {
    /// Google's word for "do not check", which is no state.
    static let skipsSignature = "skip_thought_signature_validator"

    fileprivate var nonSkip: String? {
        self == Self.skipsSignature || self == Base64.encode(Array(Self.skipsSignature.utf8)) ? nil : self
    }
}

extension JSONNode {
    /// Parts: an array, or one part alone.
    fileprivate func partElements() throws(PlenumError) -> [JSONNode] {
        if case .object = value { return [self] }
        return try elements()
    }
}

/// Which kind of part some media is.
enum GeminiMedia {
    static func part(_ media: Media) -> ContentPart {
        let type = media.mimeType ?? ""
        if type.hasPrefix("image/") { return .image(media) }
        if type.hasPrefix("audio/") { return .audio(media) }
        return .document(media)
    }
}

/// Ids for calls that have none: the results of one name answer its calls in order.
struct GeminiCallIDs {
    private var count = 0
    private var open: [String: [String]] = [:]

    mutating func call(_ name: String, given: String?) -> String {
        let id = given ?? "call_\(CallIDs.anthropic(name))_\(count)"
        count += 1
        open[name, default: []].append(id)
        return id
    }

    mutating func answer(_ name: String, given: String?) -> String {
        if let given {
            open[name]?.removeAll { $0 == given }
            return given
        }
        guard let first = open[name]?.first else { return "call_\(CallIDs.anthropic(name))_unknown" }
        open[name]?.removeFirst()
        return first
    }
}
