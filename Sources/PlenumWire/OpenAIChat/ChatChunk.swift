import PlenumCore

/// One `chat.completion.chunk`, or a whole `chat.completion`: both have the same members.
struct ChatChunk {
    var id: String?
    var model: String?
    var modelSpan: Range<Int>?
    var hasChoices = false
    var delta = ChatDelta()
    var finishReason: String?
    /// vLLM's text that ended the answer.
    var stopText: String?
    var usage: Usage?
    var errorSpan: Range<Int>?

    /// Reads a chunk. Only the first choice counts: what `n` asks for beyond it is passed through, not understood.
    init(_ reader: inout JSONReader, skipsNames: Bool) throws(JSONError) {
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "id" where !skipsNames: id = try reader.stringIfAny()
            case "model":
                let start = reader
                modelSpan = try reader.skip()
                if !skipsNames {
                    var again = start
                    model = try again.stringIfAny()
                }
            case "choices": try readChoices(&reader)
            case "usage": usage = try OpenAIUsage.chat.read(&reader) ?? usage
            case "x_groq": try readGroq(&reader)
            case "error":
                if try reader.readNull() { continue }
                errorSpan = try reader.skip()
            default: try reader.skip()
            }
        }
    }

    private mutating func readGroq(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "usage": usage = try OpenAIUsage.chat.read(&reader) ?? usage
            default: try reader.skip()
            }
        }
    }

    private mutating func readChoices(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.enterArrayIfAny() else { return }
        while try reader.nextElement() {
            hasChoices = true
            guard try reader.enterObjectIfAny() else { continue }
            var index = 0
            var delta = ChatDelta()
            var reason: String?
            var stopText: String?
            while let key = try reader.nextKey() {
                switch key {
                case "index": index = try reader.intIfAny() ?? 0
                case "delta", "message": try delta.read(&reader)
                case "finish_reason": reason = try reader.stringIfAny()
                case "stop_reason": stopText = try reader.stringIfAny()
                default: try reader.skip()
                }
            }
            guard index == 0 else { continue }
            self.delta = delta
            finishReason = reason
            self.stopText = stopText
        }
    }
}

/// What a chunk adds to a message, or a whole message.
struct ChatDelta {
    var text: String?
    var reasoning: String?
    /// Where the member of that name stands that OpenRouter's clients do not know.
    var thoughtsKey: Range<Int>?
    var refusal: String?
    /// Mistral's content: an array of thoughts and texts.
    var pieces: [ReplyEvent] = []
    var states: [OpaqueState] = []
    /// OpenRouter's details of the thoughts, or pieces of them.
    var details: [JSONValue] = []
    var calls: [ChatCallDelta] = []

    /// Whether it says anything but thoughts.
    var saysMore: Bool {
        text?.isEmpty == false || refusal?.isEmpty == false || !calls.isEmpty || !pieces.isEmpty
    }

    mutating func read(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "content":
                if try reader.peek() == .array { try readPieces(&reader) } else { text = try reader.stringIfAny() }
            case "reasoning_content", "reasoning":
                if "reasoning_content" ~= key { thoughtsKey = key.range }
                reasoning = try reader.stringIfAny() ?? reasoning
            case "reasoning_details": try readDetails(&reader)
            case "refusal": refusal = try reader.stringIfAny()
            case "tool_calls": try readCalls(&reader)
            case "function_call":
                var call = ChatCallDelta(index: 0)
                try Self.readFunction(&reader, &call)
                if call.name != nil || call.arguments != nil { calls.append(call) }
            default: try reader.skip()
            }
        }
    }

    /// Reads an array of parts, as Mistral writes thoughts: `{type: thinking, thinking: [{type: text, text}]}`.
    private mutating func readPieces(_ reader: inout JSONReader) throws(JSONError) {
        guard case .array(let parts) = try reader.readValue() else { return }
        for part in parts {
            if let text = part["text"]?.string, !text.isEmpty { pieces.append(.text(text)) }
            switch part["thinking"] {
            case .string(let thought)? where !thought.isEmpty: pieces.append(.reasoning(thought))
            case .array(let thoughts)?:
                for thought in thoughts {
                    if let text = thought["text"]?.string, !text.isEmpty { pieces.append(.reasoning(text)) }
                }
            default: break
            }
        }
    }

    /// Reads the state that a Plenum, or what speaks like one, put there, and OpenRouter's details, which are kept whole.
    private mutating func readDetails(_ reader: inout JSONReader) throws(JSONError) {
        guard case .array(let all) = try reader.readValue() else { return }
        for detail in all {
            if let state = ChatReasoningDetails.envelope(in: detail) {
                states.append(state)
            } else if detail.object != nil {
                details.append(detail)
            }
        }
    }

    private mutating func readCalls(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.enterArrayIfAny() else { return }
        while try reader.nextElement() {
            guard try reader.enterObjectIfAny() else { continue }
            var call = ChatCallDelta()
            while let key = try reader.nextKey() {
                switch key {
                case "index": call.index = try reader.intIfAny()
                case "id": call.id = try reader.stringIfAny()
                case "function": try Self.readFunction(&reader, &call)
                case "custom":
                    call.isFreeform = try reader.peek() == .object
                    try Self.readFunction(&reader, &call)
                case "extra_content":
                    call.signature = try reader.readValue()["google"]?["thought_signature"]?.string
                default: try reader.skip()
                }
            }
            calls.append(call)
        }
    }

    private static func readFunction(_ reader: inout JSONReader, _ call: inout ChatCallDelta) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "name": call.name = try reader.stringIfAny()
            case "arguments", "input":
                switch try reader.peek() {
                case .string: call.arguments = try reader.readString()
                case .object: call.arguments = try reader.readValue().text
                default: try reader.skip()
                }
            default: try reader.skip()
            }
        }
    }
}
