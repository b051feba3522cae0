import PlenumCore

/// Writes `generateContent` (wire notes 2.1 to 2.7, columns G).
struct GeminiRequestWriter {
    /// So many stop texts are taken.
    private static let mostStops = 5

    let request: CompletionRequest
    let quirks: Quirks
    private let abilities: GeminiAbilities
    private var body = JSONObject()
    private var written = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
        abilities = GeminiAbilities(request)
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .gemini, searches: true)
        var foreign = ForeignFields(to: .gemini)
        try foreign.check(chat, &written)
        let own = chat.extra?.dialect == .gemini ? chat.extra?.fields : nil
        let names = ToolNames(chat, .gemini, to: .gemini, &written)
        let tools = GeminiTools(chat, names, abilities, quirks: quirks, &written)
        let isToldInWords = chat.output != nil && !tools.tools.isEmpty && !abilities.takesSchemaWithTools

        let rules = Alternation.Rules(dialect: .gemini, model: request.tag)
        let sides = Alternation(chat.turns, rules, &written).sides
        let writer = GeminiContents(
            names: names,
            model: request.tag,
            abilities: abilities,
            isOwn: chat.isOwn(.gemini, request.fields)
        )
        var contents = try writer.write(sides, &written)
        var system = system(chat, inWords: isToldInWords)
        if contents.isEmpty { contents = [speakForSystem(&system)] }
        if !system.isEmpty { body["systemInstruction"] = ["parts": .array(system)] }
        body["contents"] = .array(contents)
        if !tools.tools.isEmpty { body["tools"] = .array(tools.tools) }
        body["toolConfig"] = tools.calling.map { ["functionCallingConfig": .object($0)] }
        writeConfig(chat, own, inWords: isToldInWords)
        writeTier(chat)
        for (name, value) in own?.members ?? [] where name != "generationConfig" && name != "candidateCount" {
            body[name] = value
        }
        for name in quirks.dropFields { body[name] = nil }
        written.bytes = JSONValue.object(body).bytes
        return written
    }

    // MARK: System

    private mutating func system(_ chat: ChatRequest, inWords: Bool) -> [JSONValue] {
        var parts = chat.instructions
            .filter { text in text.text.contains { !$0.isWhitespace } }
            .map { GeminiShapes.text($0.text) }
        if inWords, let output = chat.output {
            parts.append(GeminiShapes.text(OutputWords.line(for: output)))
            written.warn("response_format", .converted)
        }
        return parts
    }

    /// A conversation of system text alone needs somebody to speak: the text becomes the user's.
    private mutating func speakForSystem(_ system: inout [JSONValue]) -> JSONValue {
        let words = system.isEmpty ? [GeminiShapes.text(".")] : system
        written.warn("messages", system.isEmpty ? .added : .moved)
        system = []
        return ["role": "user", "parts": .array(words)]
    }

    // MARK: Configuration

    private mutating func writeConfig(_ chat: ChatRequest, _ own: JSONObject?, inWords: Bool) {
        var config = sampling(chat)
        if !inWords { writeOutput(chat, &config) }
        let rest = own?["generationConfig"]?.object ?? JSONObject()
        if let wish = chat.reasoning, rest["thinkingConfig"] == nil, rest["thinking_config"] == nil {
            config["thinkingConfig"] = abilities.thinking(wish, &written).map { .object($0) }
        }
        for (name, value) in rest.members { config[name] = value }
        // Google refuses two schemas of one answer.
        if rest["responseSchema"] != nil || rest["response_schema"] != nil { config["responseJsonSchema"] = nil }
        if !config.isEmpty { body["generationConfig"] = .object(config) }
    }

    private mutating func sampling(_ chat: ChatRequest) -> JSONObject {
        var config = JSONObject()
        let sampling = chat.sampling
        let steered = [
            ("temperature", "temperature", sampling.temperature), ("topP", "top_p", sampling.topP),
            ("topK", "top_k", sampling.topK),
        ]
        for (name, path, value) in steered {
            guard let value else { continue }
            if abilities.takesSampling { config[name] = .number(value) } else { written.warn(path, .dropped) }
        }
        config["seed"] = sampling.seed.map { .number($0) }
        config["presencePenalty"] = sampling.presencePenalty.map { .number($0) }
        config["frequencyPenalty"] = sampling.frequencyPenalty.map { .number($0) }
        config["maxOutputTokens"] = chat.maxOutputTokens.map { .whole($0) }
        let stop = chat.stop.filter { !$0.isEmpty }
        if stop.count > Self.mostStops || stop.count < chat.stop.count { written.warn("stop", .dropped) }
        if !stop.isEmpty { config["stopSequences"] = .array(stop.prefix(Self.mostStops).map { .string($0) }) }
        return config
    }

    private mutating func writeOutput(_ chat: ChatRequest, _ config: inout JSONObject) {
        guard let output = chat.output else { return }
        config["responseMimeType"] = "application/json"
        guard case .jsonSchema(_, let schema, _, _) = output else { return }
        guard abilities.needsSubset else {
            config["responseJsonSchema"] = schema
            return
        }
        let pass = GeminiSubset.convert(schema)
        pass.warn("response_format", &written)
        if !pass.schema.isNull { config["responseSchema"] = pass.schema }
    }

    private mutating func writeTier(_ chat: ChatRequest) {
        switch chat.foreign("service_tier", to: .gemini)?.string {
        case nil, "auto"?: break
        case "default"?, "standard_only"?: body["serviceTier"] = "standard"
        case let tier? where tier == "flex" || tier == "priority": body["serviceTier"] = .string(tier)
        default: written.warn("service_tier", .dropped)
        }
    }
}
