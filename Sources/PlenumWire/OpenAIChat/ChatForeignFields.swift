import PlenumCore

/// Members of another dialect's request that Chat can say, and those that it cannot (wire notes 2.6).
///
/// A member that is not known to mean the same is never passed on: providers refuse what they do not know.
enum ChatForeignFields {
    /// OpenAI's own members that mean the same in Chat and in Responses.
    private static let common: Set<String> = [
        "metadata", "service_tier", "store", "safety_identifier", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention",
    ]

    /// Members whose loss changes no answer: hints for caches and for what else a reply should tell.
    private static let silent: Set<String> = [
        "cache_control", "cachedContent", "diagnostics", "include", "labels", "model", "stream", "stream_options",
        "text",
        "truncation", "user_profile_id", "workspace_id",
    ]

    /// What Chat says in place of another dialect's members, and the names of those that are lost.
    static func read(_ extra: DialectFields) -> (members: [JSONObject.Member], lost: [String]) {
        var members: [JSONObject.Member] = []
        var lost: [String] = []
        for (name, value) in extra.fields.members where !value.isNull && value != false && !name.hasPrefix("$") {
            if let member = member(name, value, extra.dialect) {
                members.append(member)
            } else if !silent.contains(name) {
                lost.append(name)
            }
        }
        if let verbosity = extra.fields["text"]?["verbosity"], extra.dialect == .openAIResponses {
            members.append(("verbosity", verbosity))
        }
        return (members, lost)
    }

    private static func member(_ name: String, _ value: JSONValue, _ dialect: Dialect) -> JSONObject.Member? {
        switch (dialect, name, value) {
        case (.openAIResponses, _, _) where common.contains(name): (name, value)
        case (.openAIResponses, "verbosity", _): (name, value)
        case (.anthropicMessages, "service_tier", "auto"): ("service_tier", "auto")
        case (.anthropicMessages, "service_tier", "standard_only"): ("service_tier", "default")
        case (.gemini, "serviceTier", .string(let tier)):
            ["flex", "priority"].contains(tier.lowercased()) ? ("service_tier", .string(tier.lowercased())) : nil
        default: nil
        }
    }
}
