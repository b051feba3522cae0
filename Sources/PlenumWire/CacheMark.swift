import PlenumCore

/// A place up to which the prompt is to be kept by the provider: Anthropic's `cache_control`, OpenAI's
/// `prompt_cache_breakpoint` (wire notes 2.6).
struct CacheMark: Hashable {
    /// Whether it is kept for the long time: an hour at Anthropic, twelve at OpenAI. The short is 5 and 30 minutes.
    var isLong: Bool

    init(isLong: Bool) { self.isLong = isLong }

    /// Finds the mark among the members that a dialect gives a part.
    init?(_ fields: JSONObject, of dialect: Dialect) {
        switch dialect {
        case .anthropicMessages:
            guard let mark = fields["cache_control"], !mark.isNull else { return nil }
            isLong = mark["ttl"] == "1h"
        case .openAIChat, .openAIResponses:
            guard let mark = fields["prompt_cache_breakpoint"], !mark.isNull else { return nil }
            isLong = mark["ttl"] == "12h"
        case .gemini: return nil
        }
    }

    /// The value of `cache_control`.
    var anthropic: JSONValue {
        isLong ? ["type": "ephemeral", "ttl": "1h"] : ["type": "ephemeral"]
    }

    /// The value of `prompt_cache_breakpoint`.
    var openAI: JSONValue {
        ["mode": "explicit", "ttl": isLong ? "12h" : "30m"]
    }
}

extension SystemText {
    /// The mark that the client put on it. Of several parts in one message each may have one.
    var cacheMark: CacheMark? {
        guard let extra else { return nil }
        if let mark = CacheMark(extra.fields, of: extra.dialect) { return mark }
        for part in (extra.fields["content"]?.array ?? []).reversed() {
            if let fields = part.object, let mark = CacheMark(fields, of: extra.dialect) { return mark }
        }
        return nil
    }
}
