import PlenumCore

/// Finish reasons (wire notes 2.8): there is no word for them, but a status, a reason, and what the output holds.
enum ResponsesFinish {
    /// Reads why a reply ended. A call that was cut off by the limit stays cut off.
    static func read(_ body: ResponsesBody, hasCalls: Bool, hasRefusal: Bool) -> FinishReason {
        guard body.status == "incomplete" else {
            let meaning: FinishReason.Meaning = hasCalls ? .toolUse : hasRefusal ? .refusal : .endTurn
            return FinishReason(meaning, native: body.status)
        }
        let meaning: FinishReason.Meaning =
            switch body.reason {
            case "max_output_tokens": .maxTokens
            case "content_filter": .contentFilter
            // What else stops a reply before its end lets it go on: `max_messages`, `steered`, and our own word.
            default: .pause
            }
        return FinishReason(meaning, native: body.reason ?? body.status)
    }

    /// The reason of an incomplete reply; `nil` if it is complete.
    static func reason(_ finish: FinishReason?) -> String? {
        switch finish?.meaning {
        case .maxTokens?, .contextExceeded?: "max_output_tokens"
        case .contentFilter?: "content_filter"
        case .pause?: "pause_turn"
        case .endTurn?, .stopSequence?, .toolUse?, .refusal?, .malformedCall?, .unknown?, nil: nil
        }
    }
}
