import PlenumCore

/// A mark up to which the prompt is to be kept by the provider (wire notes 2.6): `cache_control` of 5 minutes or 1 hour
/// at Anthropic, `prompt_cache_breakpoint` of 30 minutes or 12 hours at OpenAI.
struct ChatCacheMark {
    /// The members that are marks.
    static let names: Set<String> = ["cache_control", "prompt_cache_breakpoint"]

    /// Whether it is to be kept for the longer of the two times.
    var isLong: Bool
    /// Whether the client said it as OpenAI does.
    var isBreakpoint: Bool

    /// Reads a mark among the members of a part; `nil` if there is none.
    init?(_ fields: JSONObject) {
        if let mark = fields["prompt_cache_breakpoint"], mark.object != nil {
            isLong = mark["ttl"] == "12h"
            isBreakpoint = true
        } else if let mark = fields["cache_control"], mark.object != nil {
            isLong = mark["ttl"] == "1h"
            isBreakpoint = false
        } else {
            return nil
        }
    }

    /// The member as a provider takes it; `nil` if it takes none. Losing a mark changes no answer and is not told.
    func member(_ quirks: Quirks, _ capabilities: ModelCapabilities) -> JSONObject.Member? {
        switch quirks.cacheMarks {
        case .none: return nil
        case .control:
            let control: JSONValue = isLong ? ["type": "ephemeral", "ttl": "1h"] : ["type": "ephemeral"]
            return ("cache_control", control)
        case .breakpoint:
            guard isBreakpoint || capabilities[.cacheBreakpoints] == true else { return nil }
            return ("prompt_cache_breakpoint", ["mode": "explicit", "ttl": isLong ? "12h" : "30m"])
        }
    }
}
