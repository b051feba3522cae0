import PlenumCore

/// Marks in the extra members of what was read from Responses: how it was spelled, where that can be one way or another.
///
/// They begin with a sign that no member of the dialect has, and are never written.
enum ResponsesMark {
    /// A tool that does not say whether it is strict.
    static let noStrict = "$noStrict"
    /// A tool of free text that says so.
    static let saysText = "$saysText"
    /// Content or output that is a list of parts, though a string would do.
    static let isList = "$list"
    /// An input that is one text, not a list of items.
    static let isText = "$text"
    /// A block that is a part of a message, not an item.
    static let part = "$part"
    /// The members of the item that begins with a part.
    static let item = "$item"

    /// The members without the marks.
    static func written(_ extra: JSONObject?) -> JSONObject {
        JSONObject((extra?.members ?? []).filter { !$0.key.hasPrefix("$") })
    }
}

extension Tool {
    /// The tool with a mark among the members that only Responses knows.
    func marked(_ mark: String) -> Tool {
        var tool = self
        var fields = extra?.fields ?? JSONObject()
        fields[mark] = true
        tool.extra = DialectFields(.openAIResponses, fields)
        return tool
    }
}
