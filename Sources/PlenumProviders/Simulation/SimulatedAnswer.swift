import PlenumCore

/// An answer made up from a prompt: what is said, and what it would have cost.
struct SimulatedAnswer {
    let events: [ReplyEvent]

    /// - Parameter text: what is said; made up if `nil`.
    init(_ chat: ChatRequest, model: String, script: SimulationScript, text: String?, limit: Int?) {
        let input = Usage(inputUncached: Self.tokens(chat), output: 0)
        var events: [ReplyEvent] = [.start(id: nil, model: model)]
        if text == nil, let tool = Self.call(chat) {
            let arguments = JSONValue.object(Self.arguments(tool.schema)).text
            events += [
                .toolCall(index: 0, id: "call_simulated_1", name: tool.name, opaque: nil),
                .toolArguments(index: 0, fragment: arguments),
                .finish(FinishReason(.toolUse)), .usage(Usage(inputUncached: input.inputUncached, output: 8)), .end,
            ]
        } else {
            let wanted = text.map(Self.words(of:)) ?? Self.words(chat, model: model, count: script.words)
            let said = wanted.prefix(limit ?? .max)
            events += said.map { .text($0) }
            events += [
                .finish(FinishReason(said.count < wanted.count ? .maxTokens : .endTurn)),
                .usage(Usage(inputUncached: input.inputUncached, output: said.count)), .end,
            ]
        }
        self.events = events
    }

    /// The tool to call: the first, or the one that must be, unless its result is there already.
    private static func call(_ chat: ChatRequest) -> Tool? {
        guard chat.toolChoice != ToolChoice.none, let last = chat.turns.last, last.role != .tool,
            !last.parts.contains(where: { if case .toolResult = $0 { true } else { false } })
        else { return nil }
        if case .tool(let name)? = chat.toolChoice { return chat.tools.first { $0.name == name } }
        return chat.tools.first
    }

    /// Arguments that have the schema's required members, each of its type.
    private static func arguments(_ schema: JSONValue?) -> JSONObject {
        var object = JSONObject()
        let required = schema?["required"]?.array?.compactMap(\.string) ?? []
        for name in required {
            let property = schema?["properties"]?[name]
            if let choice = property?["enum"]?.array?.first {
                object[name] = choice
                continue
            }
            switch property?["type"]?.string {
            case "number", "integer": object[name] = 1
            case "boolean": object[name] = true
            case "array": object[name] = []
            case "object": object[name] = .object(JSONObject())
            default: object[name] = .string("simulated \(name)")
            }
        }
        return object
    }

    private static func words(_ chat: ChatRequest, model: String, count: Int?) -> [String] {
        if let count { return (0..<count).map { "word\($0 + 1) " } }
        if let said = SimulatedDebater.answer(chat, model: model, opening: opening(model)) { return words(of: said) }
        let results = chat.turns.last?.parts.compactMap { part -> String? in
            if case .toolResult(let result) = part { result.text } else { nil }
        }
        let question = chat.turns.last { $0.role == .user }?.text ?? ""
        let quoted = question.split(whereSeparator: \.isWhitespace).prefix(12).joined(separator: " ")
        let said = (results ?? []).joined(separator: "; ")
        let text =
            said.isEmpty
            ? "\(opening(model)) You asked: \"\(quoted)\". This answer is simulated by Plenum: it was made up without any model, "
                + "so that you can see streaming, comparing and keeping at work before you set a key."
            : "The tool said: \(said)."
        return words(of: text)
    }

    /// A text in pieces: the first word, and each other one with the space before it.
    private static func words(of text: String) -> [String] {
        text.split(separator: " ", omittingEmptySubsequences: false).enumerated().map {
            $0.offset == 0 ? String($0.element) : " " + $0.element
        }
    }

    private static func opening(_ model: String) -> String {
        switch model.split(separator: "-").first {
        case "parrot": "Squawk!"
        case "oracle": "The smoke parts, and I see it clearly."
        case "sphinx": "Answer me this first; but very well."
        default: "Hello from \(model)."
        }
    }

    private static func tokens(_ chat: ChatRequest) -> Int {
        let text = chat.instructions.map(\.text).joined() + chat.turns.map(\.text).joined()
        return max(1, text.utf8.count / 4)
    }
}
