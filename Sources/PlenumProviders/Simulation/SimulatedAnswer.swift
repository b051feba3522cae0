import PlenumCore

/// An answer made up from a prompt: what is said, and what it would have cost.
struct SimulatedAnswer {
    let events: [ReplyEvent]

    /// - Parameter text: what is said; made up if `nil`.
    init(_ chat: ChatRequest, model: String, script: SimulationScript, text: String?, limit: Int?) {
        let thoughts = (0..<script.thoughts).map { ReplyEvent.reasoning("thought\($0 + 1) ") }
        var usage = Usage(inputUncached: Self.tokens(chat), output: thoughts.count, reasoning: thoughts.count)
        var events: [ReplyEvent] = [.start(id: nil, model: model)] + thoughts
        let calls = text == nil ? Self.calls(chat, count: script.calls) : []
        if calls.isEmpty {
            let wanted = text.map(Self.words(of:)) ?? Self.words(chat, model: model, count: script.words)
            let said = wanted.prefix(limit ?? .max)
            usage.output += said.count
            events += said.map { .text($0) }
            events.append(.finish(FinishReason(said.count < wanted.count ? .maxTokens : .endTurn)))
        } else {
            usage.output += 8 * calls.count
            for (index, call) in calls.enumerated() {
                events += [
                    .toolCall(index: index, id: call.id, name: call.name, opaque: nil),
                    .toolArguments(index: index, fragment: call.arguments),
                ]
            }
            events.append(.finish(FinishReason(.toolUse)))
        }
        self.events = events + [.usage(usage), .end]
    }

    // MARK: - Tools

    /// The calls to make: of the tools in order, again and again, or of the one that must be; none if their results are
    /// there already.
    private static func calls(_ chat: ChatRequest, count: Int) -> [ToolCall] {
        guard chat.toolChoice != ToolChoice.none, let last = chat.turns.last, last.role != .tool,
            !last.parts.contains(where: \.isResult)
        else { return [] }
        var tools = chat.tools
        if case .tool(let name)? = chat.toolChoice { tools = tools.filter { $0.name == name } }
        if case .allowed(_, let names)? = chat.toolChoice { tools = tools.filter { names.contains($0.name) } }
        guard !tools.isEmpty else { return [] }
        let before = chat.turns.reduce(0) { $0 + $1.parts.count { $0.toolCall != nil } }
        return (0..<count).map { index in
            let tool = tools[index % tools.count]
            let schema = tool.schema ?? ["type": "object"]
            let arguments = SimulatedValue.satisfying(schema, round: index / tools.count + 1)
            return ToolCall(id: "call_simulated_\(before + index + 1)", name: tool.name, arguments: arguments.text)
        }
    }

    /// What the calls of the last turn gave, in the order of the calls and whatever the order of the results.
    private static func results(_ chat: ChatRequest) -> [String] {
        let trailing = chat.turns.suffix { $0.role != .assistant }
        var results = trailing.flatMap(\.parts).compactMap { part in
            if case .toolResult(let result) = part { result } else { nil }
        }
        let calls = chat.turns.dropLast(trailing.count).last?.parts.compactMap(\.toolCall) ?? []
        var told: [String] = []
        for call in calls {
            guard let place = results.firstIndex(where: { $0.callID == call.id }) else { continue }
            told.append(results.remove(at: place).text)
        }
        return told + results.map(\.text)
    }

    // MARK: - Words

    private static func words(_ chat: ChatRequest, model: String, count: Int?) -> [String] {
        if let form = form(chat) {
            let debating = SimulatedDebater.answer(chat, model: model, opening: opening(model))
            return words(of: debating ?? form)
        }
        if let count { return (0..<count).map { "word\($0 + 1) " } }
        if let said = SimulatedDebater.answer(chat, model: model, opening: opening(model)) { return words(of: said) }
        let question = chat.turns.last { $0.role == .user }?.text ?? ""
        let quoted = question.split(whereSeparator: \.isWhitespace).prefix(12).joined(separator: " ")
        let said = results(chat).joined(separator: "; ")
        let text =
            said.isEmpty
            ? "\(opening(model)) You asked: \"\(quoted)\".\(shown(chat)) This answer is simulated by Plenum: it was made up "
                + "without any model, so that you can see streaming, comparing and keeping at work before you set a key."
            : "The tool said: \(said)."
        return words(of: text)
    }

    /// The answer in the form that is asked for; `nil` if none is.
    private static func form(_ chat: ChatRequest) -> String? {
        switch chat.output {
        case nil: nil
        case .jsonObject?: #"{"simulated": true}"#
        case .jsonSchema(_, let schema, _, _)?: SimulatedValue.satisfying(schema).text
        }
    }

    /// How many pictures the prompt has, and of which types.
    private static func shown(_ chat: ChatRequest) -> String {
        let types = chat.turns.flatMap(\.parts).compactMap { part -> String? in
            if case .image(let media) = part { media.mimeType ?? "of no known type" } else { nil }
        }
        guard !types.isEmpty else { return "" }
        return " You showed \(types.count) image\(types.count == 1 ? "" : "s"): \(types.joined(separator: ", "))."
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

extension ContentPart {
    fileprivate var isResult: Bool { if case .toolResult = self { true } else { false } }
}

extension BidirectionalCollection {
    /// The longest end of which all elements satisfy a condition.
    fileprivate func suffix(_ isWanted: (Element) -> Bool) -> SubSequence {
        guard let last = lastIndex(where: { !isWanted($0) }) else { return self[...] }
        return self[index(after: last)...]
    }
}
