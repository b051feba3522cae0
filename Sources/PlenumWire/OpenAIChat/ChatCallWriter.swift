import PlenumCore

/// Writes the calls of a reply, whole and in pieces: those of tools that take free text as `custom`, the text taken out
/// of their arguments (wire notes 1.1).
struct ChatCallWriter: Sendable {
    /// The names of the tools that take free text.
    let freeformTools: Set<String>
    /// A call whose text is being taken out of its arguments.
    private struct Text {
        var unwrapper = FreeformUnwrapper()
        /// The arguments, while they may turn out to be something else.
        var arguments = ""
        var isWritten = false
    }

    /// The calls whose text is being taken out, by index.
    private var texts: [Int: Text] = [:]
    /// The calls without arguments so far.
    private var empty: [Int] = []

    init(freeformTools: Set<String>) { self.freeformTools = freeformTools }

    /// The element of `tool_calls` that begins a call.
    mutating func begin(_ index: Int, _ id: String, _ name: String, _ state: OpaqueState?) -> JSONValue {
        let isFreeform = freeformTools.contains(name)
        if isFreeform { texts[index] = Text() } else { empty.append(index) }
        var json = JSONObject([("index", .number(JSONNumber(index))), ("id", .string(id))])
        Self.add(name, isFreeform: isFreeform, "", &json)
        json["extra_content"] = ChatReasoning.signature(state)
        return .object(json)
    }

    /// The element that goes on with a call; `nil` while nothing can be told.
    mutating func go(on index: Int, _ fragment: String) -> JSONValue? {
        empty.removeAll { $0 == index }
        guard var text = texts[index] else { return Self.piece(index, "function", "arguments", fragment) }
        let more = text.unwrapper.take(fragment)
        if !text.unwrapper.hasText { text.arguments += fragment }
        text.isWritten = text.isWritten || !more.isEmpty
        texts[index] = text
        return more.isEmpty ? nil : Self.piece(index, "custom", "input", more)
    }

    /// The elements that complete the calls: arguments where there were none, and texts that were no text.
    mutating func finish() -> [JSONValue] {
        var pieces = empty.map { Self.piece($0, "function", "arguments", "{}") }
        for (index, text) in texts.sorted(by: { $0.key < $1.key }) where !text.isWritten && !text.unwrapper.hasText {
            let whole = FreeformText.text(in: text.arguments)
            if !whole.isEmpty { pieces.append(Self.piece(index, "custom", "input", whole)) }
        }
        (empty, texts) = ([], [:])
        return pieces
    }

    /// A whole call.
    func whole(_ call: ToolCall) -> JSONValue {
        let isFreeform = freeformTools.contains(call.name)
        var json = JSONObject([("id", .string(call.id))])
        let arguments = call.arguments.isEmpty ? "{}" : call.arguments
        let text = isFreeform ? FreeformText.text(in: call.arguments) : arguments
        Self.add(call.name, isFreeform: isFreeform, text, &json)
        json["extra_content"] = ChatReasoning.signature(call.opaque)
        return .object(json)
    }

    private static func add(_ name: String, isFreeform: Bool, _ text: String, _ json: inout JSONObject) {
        let type = isFreeform ? "custom" : "function"
        json["type"] = .string(type)
        json[type] = ["name": .string(name), isFreeform ? "input" : "arguments": .string(text)]
    }

    private static func piece(_ index: Int, _ type: String, _ member: String, _ text: String) -> JSONValue {
        let inner = JSONObject([(member, .string(text))])
        return .object(JSONObject([("index", .number(JSONNumber(index))), (type, .object(inner))]))
    }
}
