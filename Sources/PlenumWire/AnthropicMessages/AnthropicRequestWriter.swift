import PlenumCore

/// Writes `POST {base}/v1/messages` (wire notes 2.1 to 2.7, columns A).
struct AnthropicRequestWriter {
    let request: CompletionRequest
    let quirks: Quirks
    private let abilities: AnthropicAbilities
    private var body = JSONObject()
    private var written = RequestBody()

    init(request: CompletionRequest, quirks: Quirks) {
        self.request = request
        self.quirks = quirks
        abilities = AnthropicAbilities(request)
    }

    consuming func write(_ chat: ChatRequest) throws(PlenumError) -> RequestBody {
        try chat.checkPortable(to: .anthropicMessages, searches: true)
        var foreign = ForeignFields(to: .anthropicMessages)
        try foreign.check(chat, &written)
        let isOwn = chat.isOwn(.anthropicMessages, request.fields)
        var own = chat.extra?.dialect == .anthropicMessages ? chat.extra?.fields : nil
        let names = ToolNames(chat, .anthropic, to: .anthropicMessages, &written)
        let rules = Alternation.Rules(
            dialect: .anthropicMessages,
            model: request.tag,
            takesSystem: abilities.takesSystem(own: isOwn)
        )
        let sides = Alternation(chat.turns, rules, &written).sides
        if sides.last?.isModel == true, !abilities.takesPrefill { throw Self.noPrefill }

        let limit = limit(chat)
        let thinking = thinking(chat, &own, sides, limit)
        body["model"] = .string(request.model)
        body["max_tokens"] = .whole(roomy(limit, thinking.budget))
        let answer = AnthropicOutputTool.schema(chat, request)
        var system = system(chat, inWords: answer == nil)
        let writer = AnthropicMessageWriter(names: names, isOwn: isOwn)
        var messages = try writer.messages(sides, &written)
        if messages.isEmpty { messages = [speakForSystem(&system)] }
        if !system.isEmpty { body["system"] = .array(system) }
        body["messages"] = .array(messages)
        if request.stream { body["stream"] = true }
        writeSampling(chat, thinking, own: own != nil)
        writeTools(chat, names, own: isOwn, isBound: thinking.isOn, answer)
        writeOutput(chat, thinking, own: isOwn, asTool: answer != nil)
        writeAccount(chat)
        for (name, value) in own?.members ?? [] { body[name] = value }
        for name in quirks.dropFields { body[name] = nil }
        if !isOwn { CacheMarkLimits.apply(to: &body) }
        written.bytes = JSONValue.object(body).bytes
        return written
    }

    private static var noPrefill: PlenumError {
        PlenumError(
            .unsupportedParameter,
            "This model does not go on with an answer that the request begins; let the last message be the user's.",
            parameter: "messages"
        )
    }

    // MARK: Limits and thoughts

    /// The limit on tokens, which Anthropic wants always.
    private func limit(_ chat: ChatRequest) -> Int {
        chat.maxOutputTokens ?? min(request.outputLimit ?? 4096, request.stream ? 32000 : 16384)
    }

    /// The limit above the budget for thinking, up to what the model can write.
    private func roomy(_ limit: Int, _ budget: Int?) -> Int {
        guard let budget, limit <= budget, budget < 1_000_000_000 else { return limit }
        let room = budget + max(1, min(limit, 4096))
        return min(room, max(request.outputLimit ?? room, limit))
    }

    /// What is asked about thoughts. What the client's own body says stands, unless the model would refuse it.
    private mutating func thinking(
        _ chat: ChatRequest,
        _ own: inout JSONObject?,
        _ sides: [Alternation.Side],
        _ limit: Int
    ) -> AnthropicThinking {
        if let said = own?["thinking"] {
            let isBroken = said["type"] == "enabled" && Self.lacksThoughts(sides)
            if !isBroken, AnthropicThinking.isLegal(said, abilities) {
                var thinking = AnthropicThinking()
                thinking.json = said
                return thinking
            }
            own?["thinking"] = nil
            written.warn("thinking", isBroken ? .dropped : .converted)
            if isBroken { return AnthropicThinking() }
        } else if own != nil {
            return AnthropicThinking()
        }
        guard let wish = chat.reasoning else { return AnthropicThinking() }
        var thinking = AnthropicThinking(wish, abilities, limit: limit, &written)
        if own?["output_config"] != nil { thinking.effort = nil }
        if thinking.budget != nil, Self.lacksThoughts(sides) {
            written.warn("reasoning", .dropped)
            return AnthropicThinking()
        }
        thinking.fit(under: roomy(limit, thinking.budget), &written)
        return thinking
    }

    /// Whether the model is to go on after calls before which its thoughts are gone: it must not be asked to think then.
    private static func lacksThoughts(_ sides: [Alternation.Side]) -> Bool {
        guard let last = sides.lastIndex(where: \.isModel), !sides[last].calls.isEmpty, last < sides.count - 1 else {
            return false
        }
        return sides[last].pieces.first?.part.reasoning == nil
    }

    // MARK: System

    private mutating func system(_ chat: ChatRequest, inWords: Bool) -> [JSONValue] {
        var blocks: [JSONValue] = []
        for text in chat.instructions where text.text.contains(where: { !$0.isWhitespace }) {
            var block = JSONObject([("type", "text"), ("text", .string(text.text))])
            if let extra = text.extra, extra.dialect == .anthropicMessages {
                for (name, value) in extra.fields.members { block[name] = value }
            } else if let mark = text.cacheMark {
                block["cache_control"] = mark.control
            }
            blocks.append(.object(block))
        }
        guard let output = chat.output, chat.extra?.fields["output_config"] == nil else { return blocks }
        if output == .jsonObject || (!abilities.hasSchemas && inWords) {
            blocks.append(["type": "text", "text": .string(OutputWords.line(for: output))])
            written.warn("response_format", .converted)
        }
        return blocks
    }

    /// A conversation of system text alone needs somebody to speak: the text becomes the user's.
    private mutating func speakForSystem(_ system: inout [JSONValue]) -> JSONValue {
        let words = system.isEmpty ? [["type": "text", "text": "."]] : system
        written.warn("messages", system.isEmpty ? .added : .moved)
        system = []
        return ["role": "user", "content": .array(words)]
    }

    // MARK: Sampling

    private mutating func writeSampling(_ chat: ChatRequest, _ thinking: AnthropicThinking, own isOwn: Bool) {
        let sampling = chat.sampling
        func take(_ name: String, _ value: JSONNumber?, if isTaken: Bool) {
            guard let value else { return }
            if isTaken { body[name] = .number(value) } else { written.warn(name, .dropped) }
        }
        // A budget for thoughts goes with the usual temperature alone.
        let isFree = abilities.takesSampling && thinking.budget == nil
        if let temperature = sampling.temperature, isFree, temperature.double > 1 {
            body["temperature"] = 1
            written.warn("temperature", .downgraded)
        } else {
            let isUsual = sampling.temperature?.double == 1
            take("temperature", sampling.temperature, if: abilities.takesSampling && (isFree || isUsual))
        }
        // Models since 4.5 refuse both: the temperature is kept.
        let isAlone = isOwn || body["temperature"] == nil
        take("top_p", sampling.topP, if: abilities.takesSampling && isAlone)
        take("top_k", sampling.topK, if: isFree)
        let penalties = [
            ("presence_penalty", sampling.presencePenalty), ("frequency_penalty", sampling.frequencyPenalty),
        ]
        for (name, value) in penalties where value.map({ $0.double != 0 }) ?? false { written.warn(name, .dropped) }
        take("seed", sampling.seed, if: false)
        let stop = chat.stop.filter { text in text.contains { !$0.isWhitespace } }
        if stop.count < chat.stop.count { written.warn("stop", .dropped) }
        if !stop.isEmpty { body["stop_sequences"] = .array(stop.map { .string($0) }) }
    }

    // MARK: Tools and form

    private mutating func writeTools(
        _ chat: ChatRequest,
        _ names: ToolNames,
        own isOwn: Bool,
        isBound: Bool,
        _ answer: JSONValue?
    ) {
        var tools = AnthropicTools(chat, names, own: isOwn, quirks: quirks, &written)
        if let answer { tools.answer(with: answer, &written) }
        if !abilities.canBeForced || isBound { tools.leaveChoice(&written) }
        if !tools.tools.isEmpty { body["tools"] = .array(tools.tools) }
        body["tool_choice"] = tools.choice.map { .object($0) }
    }

    private mutating func writeOutput(
        _ chat: ChatRequest,
        _ thinking: AnthropicThinking,
        own isOwn: Bool,
        asTool: Bool
    ) {
        body["thinking"] = thinking.json
        var output = JSONObject()
        if case .jsonSchema(_, let schema, _, _)? = chat.output, abilities.hasSchemas, !asTool {
            let pass = isOwn ? SchemaPass(schema: schema, changes: []) : AnthropicSchema.strict(schema)
            pass.warn("response_format", &written)
            output["format"] = ["type": "json_schema", "schema": pass.schema]
        }
        output["effort"] = thinking.effort.map { .string($0) }
        if !output.isEmpty { body["output_config"] = .object(output) }
    }

    /// On whose behalf it is asked, and how soon it is wanted.
    private mutating func writeAccount(_ chat: ChatRequest) {
        let user = chat.user ?? chat.foreign("safety_identifier", to: .anthropicMessages)?.string
        if let user { body["metadata"] = ["user_id": .string(user)] }
        switch chat.foreign("service_tier", "serviceTier", to: .anthropicMessages)?.string?.lowercased() {
        case nil: break
        case "auto"?, "priority"?: body["service_tier"] = "auto"
        case "flex"?, "default"?, "standard"?: body["service_tier"] = "standard_only"
        default: written.warn("service_tier", .dropped)
        }
    }
}
