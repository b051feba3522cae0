import PlenumCore

/// What a `response` repeats of the request that it answers (wire notes 1.2; traffic notes 31).
enum ResponsesEcho {
    /// The members in the order in which they are written, each with what stands there if the request does not say it.
    /// Which of them must be there is the official client's type `Response`.
    private static let defaults: [JSONObject.Member] = [
        ("background", false), ("instructions", .null), ("max_output_tokens", .null), ("max_tool_calls", .null),
        ("parallel_tool_calls", true), ("previous_response_id", .null), ("prompt_cache_key", .null),
        ("reasoning", ["effort": .null, "summary": .null]), ("safety_identifier", .null), ("service_tier", "default"),
        ("store", true), ("temperature", .null), ("text", ["format": ["type": "text"]]), ("tool_choice", "auto"),
        ("tools", []), ("top_logprobs", 0), ("top_p", .null), ("truncation", "disabled"), ("user", .null),
        ("metadata", [:]),
    ]

    /// The members of a request that are repeated.
    static func taken(from root: JSONNode) -> JSONObject {
        JSONObject(
            defaults.compactMap { name, _ in
                root.optional(name).map { (key: name, value: $0.value) }
            }
        )
    }

    /// All members, those that were said and the others.
    static func members(_ said: JSONObject) -> JSONObject {
        var members = JSONObject(defaults.map { (key: $0.key, value: said[$0.key] ?? $0.value) })
        if let text = members["text"]?.object, text["format"] == nil {
            members["text"] = .object(JSONObject([("format", ["type": "text"])] + text.members))
        }
        return members
    }
}
