import PlenumCore

extension Tool {
    /// Whether it goes to other dialects as a function: hosted tools do not.
    var isFunction: Bool { verbatim == nil || freeText != nil }

    /// The form of the free text that it takes, also where only its definition in OpenAI's dialects says so.
    var freeText: Freeform? {
        if let freeform { return freeform }
        guard let own = verbatim, own.json["type"]?.string == "custom" else { return nil }
        let format = own.json["custom"]?["format"] ?? own.json["format"]
        let grammar = format?["grammar"] ?? format
        guard let definition = grammar?["definition"]?.string else { return .text }
        return .grammar(syntax: grammar?["syntax"]?.string ?? "lark", definition: definition)
    }

    /// The description of a tool that takes free text, for dialects in which it becomes a function of one string.
    var freeTextDescription: String? {
        let request: String
        switch freeText {
        case nil: return description
        case .text?: request = "Give the whole text in `input`."
        case .grammar(let syntax, let definition)?:
            request = "Give the whole text in `input`. It must be of this \(syntax) grammar:\n\(definition)"
        }
        return [description, request].compactMap { $0 }.joined(separator: "\n\n")
    }

    /// The schema of a tool that takes free text, where functions alone are known.
    static let textInput: JSONValue = [
        "type": "object", "properties": ["input": ["type": "string"]], "required": ["input"],
    ]
}
