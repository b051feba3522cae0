import PlenumCore

/// What a client's dialect has beyond the canonical request, on the way to another dialect (wire notes 2.6): passed over
/// where nothing is lost, refused where leaving it out would give another answer, else dropped with a warning.
///
/// A member that is not known to mean the same is never passed on: providers refuse what they do not know.
struct ForeignFields {
    /// So many names are told; a body may have any number.
    private static let mostNames = 32

    /// Members that are understood elsewhere, or are about the traffic and not about the answer.
    private static let silent: Set<String> = [
        "service_tier", "serviceTier", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention",
        "safety_identifier", "store", "stream_options", "include", "include_usage", "reasoning", "thinking",
        "cache_control",
        "diagnostics", "toolConfig", "web_search_options", "thinkingConfig", "responseSchema", "tool_choice", "user",
    ]
    /// Members without which the answer would be about something else.
    private static let refused: Set<String> = [
        "previous_response_id", "background", "prompt", "cachedContent", "continuationToken", "mcp_servers",
        "responseLogprobs", "logprobs", "speechConfig", "imageConfig",
    ]
    /// Members of a tool that are said elsewhere, or are about the traffic.
    private static let silentInTools: Set<String> = [
        "parameters", "cache_control", "prompt_cache_breakpoint", "type", "parametersJsonSchema",
        "eager_input_streaming",
    ]
    /// Members of a part or a turn that mean nothing outside.
    private static let silentInParts: Set<String> = [
        "cache_control", "prompt_cache_breakpoint", "annotations", "logprobs", "id", "status", "phase", "index",
        "extra_content", "caller", "functionCall", "functionResponse", "thoughtSignature", "content", "summary",
        "encrypted_content", "type",
    ]

    /// Members of the request that are silent only on the way to OpenAI's dialects.
    private static let silentToOpenAI: Set<String> = [
        "cachedContent", "labels", "model", "stream", "text", "truncation", "user_profile_id", "workspace_id",
        "modalities", "n", "logprobs",
    ]
    /// OpenAI's own members that mean the same in both of its dialects.
    private static let shared: Set<String> = [
        "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "moderation", "verbosity",
    ]

    private let dialect: Dialect
    private var names = 0

    init(to dialect: Dialect) { self.dialect = dialect }

    /// Looks through a whole request.
    mutating func check(_ chat: ChatRequest, _ written: inout RequestBody) throws(PlenumError) {
        if let extra = chat.extra, extra.dialect != dialect { try check(extra.fields, &written) }
        for tool in chat.tools {
            if tool.verbatim == nil, let extra = tool.extra, extra.dialect != dialect {
                drop(extra.fields, "tools", Self.silentInTools, &written)
            }
        }
        for text in chat.instructions {
            if let extra = text.extra, extra.dialect != dialect {
                drop(extra.fields, "system", Self.silentInParts, &written)
            }
        }
        for turn in chat.turns {
            if turn.name != nil { written.warn("messages.name", .dropped) }
            guard let extra = turn.extra, extra.dialect != dialect else { continue }
            if let own = TurnBuilder.extra(of: turn, extra.dialect) {
                drop(own, "messages", Self.silentInParts, &written)
            }
            for index in turn.parts.indices {
                guard let own = TurnBuilder.extra(of: turn, part: index, extra.dialect) else { continue }
                drop(own, "messages", Self.silentInParts, &written)
            }
        }
    }

    // MARK: To OpenAI's dialects

    /// What one of OpenAI's dialects can say of the members of another dialect's request. The others are told.
    mutating func carry(_ extra: DialectFields, _ written: inout RequestBody) -> [JSONObject.Member] {
        var carried: [JSONObject.Member] = []
        for (name, value) in extra.fields.members where !value.isNull && value != false && !name.hasPrefix("$") {
            if let member = carry(name, value, from: extra.dialect) {
                carried.append(member)
            } else if name == "metadata" || name == "output_config" {
                checkInside(name, value.object ?? JSONObject(), &written)
            } else if !Self.silent.contains(name), !Self.silentToOpenAI.contains(name) {
                drop(name, &written)
            }
        }
        if extra.dialect == .openAIResponses, let verbosity = extra.fields["text"]?["verbosity"] {
            carried.append(("verbosity", verbosity))
        }
        return carried
    }

    private func carry(_ name: String, _ value: JSONValue, from source: Dialect) -> JSONObject.Member? {
        switch (source, name, value) {
        case (.openAIChat, _, _) where Self.shared.contains(name),
            (.openAIResponses, _, _) where Self.shared.contains(name):
            (name, value)
        // Responses is always told not to keep the answer: nobody could refer to it through another dialect.
        case (.openAIResponses, "store", _) where dialect == .openAIChat: (name, value)
        case (.anthropicMessages, "service_tier", "auto"): ("service_tier", "auto")
        case (.anthropicMessages, "service_tier", "standard_only"): ("service_tier", "default")
        case (.gemini, "serviceTier", .string(let tier)):
            ["flex", "priority"].contains(tier.lowercased()) ? ("service_tier", .string(tier.lowercased())) : nil
        default: nil
        }
    }

    // MARK: To the others

    private mutating func check(_ fields: JSONObject, _ written: inout RequestBody) throws(PlenumError) {
        for (given, value) in fields.members where !Self.says(value, nothing: given) {
            let name = Self.camel(given)
            switch name {
            case _ where Self.refused.contains(name) || Self.refused.contains(given): throw .unportable(given)
            case "modalities", "responseModalities":
                let isText = value.array?.allSatisfy { $0.string?.lowercased() == "text" } ?? false
                guard isText else { throw .unportable(given) }
            case "responseMimeType":
                guard value == "text/plain" else { throw .unportable(given) }
            case "candidateCount", "n": continue
            case "generationConfig": if let inner = value.object { try check(inner, &written) }
            case "text", "output_config", "outputConfig", "metadata":
                checkInside(name, value.object ?? JSONObject(), &written)
            case _ where Self.silent.contains(name) || Self.silent.contains(given): continue
            default: drop(given, &written)
            }
        }
        guard let calling = fields["toolConfig"]?.object else { return }
        drop(calling, "toolConfig", ["functionCallingConfig", "function_calling_config"], &written)
    }

    /// Members of which a part is understood.
    private mutating func checkInside(_ name: String, _ inside: JSONObject, _ written: inout RequestBody) {
        switch name {
        case "text": if inside["verbosity"] != nil { drop("verbosity", &written) }
        case "metadata": if inside.members.contains(where: { $0.key != "user_id" }) { drop("metadata", &written) }
        default: drop(inside, "output_config", ["format", "effort"], &written)
        }
    }

    private mutating func drop(
        _ fields: JSONObject,
        _ place: String,
        _ silent: Set<String>,
        _ written: inout RequestBody
    ) {
        for (name, value) in fields.members where !silent.contains(name) && !name.hasPrefix("$") {
            if Self.says(value, nothing: name) { continue }
            drop("\(place).\(name)", &written)
        }
    }

    private mutating func drop(_ path: String, _ written: inout RequestBody) {
        guard names < Self.mostNames else { return written.warn("others", .dropped) }
        names += 1
        written.warn(Self.printable(path), .dropped)
    }

    /// Whether a member says no more than that it is not wanted.
    private static func says(_ value: JSONValue, nothing name: String) -> Bool {
        switch value {
        case .null, .bool(false): true
        case .object(let object): object.isEmpty && name != "web_search_options"
        case .array(let elements): elements.isEmpty
        case .string(let text): text == "disabled" && name == "truncation"
        default: false
        }
    }

    /// A client's name in letters that a header field takes.
    private static func printable(_ name: String) -> String {
        let bytes = name.utf8.prefix(80).map { $0.isOfName ? $0 : UInt8(ascii: "_") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Google's names in their usual spelling.
    private static func camel(_ name: String) -> String {
        let words = name.split(separator: "_")
        guard words.count > 1, !name.hasPrefix("_") else { return name }
        return words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension ChatRequest {
    /// A member that another dialect gave.
    func foreign(_ names: String..., to dialect: Dialect) -> JSONValue? {
        guard let extra, extra.dialect != dialect else { return nil }
        return names.lazy.compactMap { extra.fields[$0] }.first { !$0.isNull }
    }

    /// Whether another dialect's search of the web is wanted, which goes over roughly (wire notes 2.4).
    func wantsWebSearch(in dialect: Dialect) -> Bool {
        foreign("web_search_options", to: dialect) != nil || tools.contains { $0.isWebSearch(foreignTo: dialect) }
    }
}

extension Tool {
    /// Whether this is another dialect's search of the web.
    func isWebSearch(foreignTo dialect: Dialect) -> Bool {
        guard let own = verbatim, own.dialect != dialect else { return false }
        if own.dialect == .gemini { return own.json["googleSearch"] != nil || own.json["google_search"] != nil }
        return own.json["type"]?.string?.hasPrefix("web_search") ?? false
    }
}
