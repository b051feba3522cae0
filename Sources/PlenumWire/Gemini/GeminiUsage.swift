import PlenumCore

/// Usage as Gemini counts it: a running total in each chunk (wire notes 2.9).
enum GeminiUsage {
    /// Reads `usageMetadata`; `nil` if it counts nothing, as in the middle of Vertex's streams.
    static func read(_ metadata: JSONValue) -> Usage? {
        func count(_ name: String) -> Int { TokenCount.bounded(metadata[name]?.int ?? 0) }
        guard metadata["promptTokenCount"] != nil || metadata["candidatesTokenCount"] != nil else { return nil }
        let thoughts = count("thoughtsTokenCount")
        let cached = count("cachedContentTokenCount")
        let prompt = count("promptTokenCount") + count("toolUsePromptTokenCount")
        return Usage(
            inputUncached: max(0, prompt - cached),
            cacheRead: cached,
            output: count("candidatesTokenCount") + thoughts,
            reasoning: thoughts
        )
    }

    /// Writes `usageMetadata`.
    static func json(_ usage: Usage) -> JSONValue {
        var metadata = JSONObject([("promptTokenCount", .number(JSONNumber(usage.input)))])
        if usage.cacheRead > 0 { metadata["cachedContentTokenCount"] = .number(JSONNumber(usage.cacheRead)) }
        metadata["candidatesTokenCount"] = .number(JSONNumber(max(0, usage.output - usage.reasoning)))
        if usage.reasoning > 0 { metadata["thoughtsTokenCount"] = .number(JSONNumber(usage.reasoning)) }
        metadata["totalTokenCount"] = .number(JSONNumber(usage.total))
        return .object(metadata)
    }
}

/// Finish reasons (wire notes 2.8).
enum GeminiFinish {
    /// The words by number, for replies in `enum-encoding=int`.
    private static let numbered = ["FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"]

    static func read(_ value: JSONValue, hasCalls: Bool) -> FinishReason? {
        let word: String
        if let number = value.int {
            word = numbered.indices.contains(number) ? numbered[number] : "\(number)"
        } else if let text = value.string, !text.isEmpty {
            word = text
        } else {
            return nil
        }
        let meaning: FinishReason.Meaning =
            switch word {
            case "STOP": hasCalls ? .toolUse : .endTurn
            case "MAX_TOKENS": .maxTokens
            case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR",
                "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER":
                .contentFilter
            case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
                "MISSING_THOUGHT_SIGNATURE":
                .malformedCall
            case "CONTINUATION": .pause
            default: .unknown
            }
        return FinishReason(meaning, native: word)
    }

    /// Google's words of a filter and of a call that went wrong, each of which says more than its meaning.
    private static let precise: Set<String> = [
        "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE",
    ]
    /// Google's words for a prompt that it would not read.
    private static let blocks: Set<String> = [
        "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK",
        "BLOCK_REASON_UNSPECIFIED",
    ]

    /// The word for a prompt that was blocked, which its explanation tells from an answer that was.
    static func blockReason(_ reason: FinishReason?, hasContent: Bool) -> String? {
        guard let reason, reason.meaning == .contentFilter, reason.detail != nil, !hasContent else { return nil }
        return reason.native.flatMap { blocks.contains($0) ? $0 : nil }
    }

    static func word(_ reason: FinishReason?) -> String {
        if let native = reason?.native, precise.contains(native) { return native }
        return switch reason?.meaning {
        case .maxTokens?, .contextExceeded?: "MAX_TOKENS"
        case .refusal?, .contentFilter?: "SAFETY"
        case .malformedCall?: "MALFORMED_FUNCTION_CALL"
        case .endTurn?, .stopSequence?, .toolUse?, .pause?, nil: "STOP"
        case .unknown?: "OTHER"
        }
    }
}
