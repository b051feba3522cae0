import PlenumCore

/// A call that is being written.
struct ResponsesWrittenCall {
    let callIndex: Int
    let callID: String
    let name: String
    let id: String
    let index: Int
    let isFreeform: Bool
    private var arguments = ""
    private var unwrapper = FreeformUnwrapper()
    /// The free text as far as deltas have told it.
    private var said = ""

    init(callIndex: Int, callID: String, name: String, id: String, index: Int, isFreeform: Bool) {
        self.callIndex = callIndex
        self.callID = callID
        self.name = name
        self.id = id
        self.index = index
        self.isFreeform = isFreeform
    }

    /// Whether nothing can follow.
    var isComplete: Bool {
        !arguments.isEmpty && (try? JSONValue(parsing: arguments)) != nil
    }

    var deltaType: StaticString {
        isFreeform ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta"
    }

    var place: [(name: String, value: ResponsesWrittenItems.Value)] {
        [("item_id", .text(id)), ("output_index", .int(index))]
    }

    /// Takes more of the arguments; gives what of them can be told.
    mutating func take(_ fragment: String) -> String {
        arguments += fragment
        guard isFreeform else { return fragment }
        let text = unwrapper.take(fragment)
        said += text
        return text
    }

    /// The whole of what was said, and what of it no delta has told.
    var ending: (text: String, rest: String) {
        guard isFreeform else { return arguments.isEmpty ? ("{}", "{}") : (arguments, "") }
        // A call that was cut off ends where it was.
        if unwrapper.hasText { return (said, "") }
        let text = FreeformText.text(in: arguments)
        return (text, text)
    }

    /// The item.
    func item(status: String, _ text: String) -> JSONValue {
        let type: JSONValue = isFreeform ? "custom_tool_call" : "function_call"
        return [
            "id": .string(id), "type": type, "status": .string(status), "call_id": .string(callID),
            "name": .string(name), isFreeform ? "input" : "arguments": .string(text),
        ]
    }
}
