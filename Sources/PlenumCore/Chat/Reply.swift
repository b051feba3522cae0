/// A reply as it stands: events folded into parts.
public struct Reply: Sendable, Hashable {
    /// The provider's id of the reply.
    public var id: String?
    /// The model that the provider says it used.
    public var model: String?
    /// Text, thoughts and calls, in order.
    public var parts: [ContentPart] = []
    /// Why the model stopped; `nil` while it goes on.
    public var finish: FinishReason?
    /// The tokens, as last told.
    public var usage: Usage?
    /// Whether the provider's terminator was seen.
    public var isEnded = false
    /// The position in ``parts`` of each call, by its index.
    private var calls: [Int: Int] = [:]

    /// Makes an empty reply.
    public init() {}

    /// Folds a whole sequence.
    public init(_ events: some Sequence<ReplyEvent>) {
        for event in events { apply(event) }
    }

    /// The text parts, joined.
    public var text: String { parts.compactMap(\.text).joined() }
    /// The thoughts, joined.
    public var reasoningText: String { parts.compactMap(\.reasoning?.text).joined() }
    /// The calls, in order.
    public var toolCalls: [ToolCall] { parts.compactMap(\.toolCall) }

    /// Takes in one event.
    public mutating func apply(_ event: ReplyEvent) {
        switch event {
        case .start(let id, let model):
            self.id = id ?? self.id
            self.model = model ?? self.model
        case .text(let text): appendText(text)
        case .refusal(let text): appendRefusal(text)
        case .reasoning(let text): appendReasoning(text)
        case .reasoningState(let state): attach(state)
        case .toolCall(let index, let id, let name, let opaque):
            calls[index] = parts.count
            parts.append(.toolCall(ToolCall(id: id, name: name, arguments: "", opaque: opaque)))
        case .toolArguments(let index, let fragment): appendArguments(index, fragment)
        case .opaque(let dialect, let block): parts.append(.opaque(dialect, block))
        case .usage(let usage): self.usage = usage
        case .finish(let reason): finish = reason
        case .end: isEnded = true
        }
    }

    // A part is taken out before it grows, so that its string is uniquely held and appending stays linear.

    private mutating func appendText(_ text: String) {
        guard !text.isEmpty else { return }
        guard case .text(var grown)? = parts.last else { return parts.append(.text(text)) }
        parts.removeLast()
        grown += text
        parts.append(.text(grown))
    }

    private mutating func appendRefusal(_ text: String) {
        guard !text.isEmpty else { return }
        guard case .refusal(var grown)? = parts.last else { return parts.append(.refusal(text)) }
        parts.removeLast()
        grown += text
        parts.append(.refusal(grown))
    }

    private mutating func appendReasoning(_ text: String) {
        guard !text.isEmpty else { return }
        guard case .reasoning(var grown)? = parts.last, grown.opaque == nil else {
            return parts.append(.reasoning(Reasoning(text)))
        }
        parts.removeLast()
        grown.text += text
        parts.append(.reasoning(grown))
    }

    private mutating func attach(_ state: OpaqueState) {
        guard case .reasoning(var reasoning)? = parts.last, reasoning.opaque == nil else {
            return parts.append(.reasoning(Reasoning("", opaque: state)))
        }
        reasoning.opaque = state
        parts[parts.count - 1] = .reasoning(reasoning)
    }

    private mutating func appendArguments(_ index: Int, _ fragment: String) {
        guard let position = calls[index], case .toolCall(var call) = parts[position] else { return }
        parts[position] = .text("")
        call.arguments += fragment
        parts[position] = .toolCall(call)
    }
}
