import PlenumCore

/// The thoughts of an assistant's message, as far as a model may have them back.
struct ChatThoughts {
    private(set) var text = ""
    private(set) var details: [JSONValue] = []

    /// Takes the thoughts of a part. Those that are sealed for another model are nobody else's.
    mutating func add(_ reasoning: Reasoning, for model: ModelID) {
        guard let state = reasoning.opaque else {
            text += reasoning.text
            return
        }
        guard state.belongs(to: model, in: .openAIChat) else { return }
        text += reasoning.text
        if state.kind == .openRouterDetails { details += (try? JSONValue(parsing: state.payload))?.array ?? [] }
    }

    /// The thoughts as the first part of the content, where Mistral has them; `nil` if there are none.
    var chunk: JSONValue? {
        guard !text.isEmpty else { return nil }
        return ["type": "thinking", "thinking": [["type": "text", "text": .string(text)]]]
    }
}
