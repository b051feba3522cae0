import PlenumCore

/// A content block that is being read.
enum AnthropicBlock: Sendable {
    /// Text; its citations are not kept.
    case text
    /// Thoughts, and the signature that ends them.
    case thinking(signature: String?)
    /// A call of the client's tools. Without arguments it gets an empty object at its end.
    case call(index: Int, input: JSONValue?, hasArguments: Bool)
    /// The call of the tool by which a model answers: its arguments are the text of the answer.
    case answer(input: JSONValue?, hasText: Bool)
    /// A block that only Anthropic knows, such as a tool of its own, with the text of its input.
    case opaque(JSONValue, input: String)

    /// Begins a block; `callIndex` is the index that it has if it is a call. `answersByTool` says that a call of
    /// ``AnthropicOutputTool`` is the answer.
    init(_ block: JSONValue, callIndex: Int, answersByTool: Bool, _ events: inout [ReplyEvent]) {
        switch block["type"]?.string {
        case "text":
            if let text = block["text"]?.string, !text.isEmpty { events.append(.text(text)) }
            self = .text
        case "thinking":
            if let text = block["thinking"]?.string, !text.isEmpty { events.append(.reasoning(text)) }
            self = .thinking(signature: block["signature"]?.string)
        case "redacted_thinking":
            events.append(.reasoningState(OpaqueState(.anthropicRedacted, block["data"]?.string ?? "")))
            self = .thinking(signature: nil)
        case "tool_use":
            let id = block["id"]?.string ?? CallIDs.made(for: nil, callIndex)
            let name = block["name"]?.string ?? ""
            let input = block["input"].flatMap { $0.object?.isEmpty == true || $0.isNull ? nil : $0 }
            if answersByTool, name == AnthropicOutputTool.name {
                self = .answer(input: input, hasText: false)
                return
            }
            events.append(.toolCall(index: callIndex, id: id, name: name, opaque: nil))
            self = .call(index: callIndex, input: input, hasArguments: false)
        default: self = .opaque(block, input: "")
        }
    }

    /// Takes a delta.
    mutating func read(_ reader: inout JSONReader, _ events: inout [ReplyEvent]) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "text":
                if let text = try reader.stringIfAny(), !text.isEmpty { events.append(.text(text)) }
            case "thinking":
                if let text = try reader.stringIfAny(), !text.isEmpty { events.append(.reasoning(text)) }
            case "signature":
                if let text = try reader.stringIfAny(), case .thinking = self { self = .thinking(signature: text) }
            case "partial_json":
                if let fragment = try reader.stringIfAny(), !fragment.isEmpty { addInput(fragment, &events) }
            default: try reader.skip()
            }
        }
    }

    private mutating func addInput(_ fragment: String, _ events: inout [ReplyEvent]) {
        switch self {
        case .call(let index, let input, _):
            events.append(.toolArguments(index: index, fragment: fragment))
            self = .call(index: index, input: input, hasArguments: true)
        case .answer(let input, _):
            events.append(.text(fragment))
            self = .answer(input: input, hasText: true)
        case .opaque(let block, let input): self = .opaque(block, input: input + fragment)
        case .text, .thinking: break
        }
    }

    /// Ends the block.
    func close(_ events: inout [ReplyEvent]) {
        switch self {
        case .text: break
        case .thinking(let signature):
            guard let signature, !signature.isEmpty else { return }
            let state = OpaqueEnvelope.open(signature) ?? OpaqueState(.anthropicSignature, signature)
            events.append(.reasoningState(state))
        case .call(let index, let input, let hasArguments):
            guard !hasArguments else { return }
            events.append(.toolArguments(index: index, fragment: input?.text ?? "{}"))
        case .answer(let input, let hasText):
            guard !hasText else { return }
            events.append(.text(input?.text ?? "{}"))
        case .opaque(let block, let input):
            guard var whole = block.object else { return }
            if let value = try? JSONValue(parsing: input) { whole["input"] = value }
            events.append(.opaque(.anthropicMessages, .object(whole)))
        }
    }
}
