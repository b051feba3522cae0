import PlenumCore

/// What matters of a `response` object, in an event or as a whole reply.
struct ResponsesBody {
    var id: String?
    var model: String?
    var idSpan: Range<Int>?
    var modelSpan: Range<Int>?
    var status: String?
    /// Why it is incomplete.
    var reason: String?
    var error: JSONValue?
    var usage: Usage?
    /// The items; `nil` if they are not there or were not asked for.
    var output: [JSONValue]?

    init(_ reader: inout JSONReader, wantsOutput: Bool) throws(JSONError) {
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "id": (idSpan, id) = try Self.name(&reader)
            case "model": (modelSpan, model) = try Self.name(&reader)
            case "status": status = try reader.stringIfAny()
            case "incomplete_details": reason = try reader.readValue()["reason"]?.string
            case "error":
                let value = try reader.readValue()
                error = value.isNull ? nil : value
            case "usage": usage = try ResponsesUsage.read(&reader) ?? usage
            case "output" where wantsOutput: output = try reader.readValue().array
            default: try reader.skip()
            }
        }
    }

    /// Reads a string with its span; something else has neither.
    private static func name(_ reader: inout JSONReader) throws(JSONError) -> (Range<Int>?, String?) {
        guard try reader.peek() == .string else {
            try reader.skip()
            return (nil, nil)
        }
        var again = reader
        let span = try reader.skip()
        let text = try again.readString()
        return (span, text.isEmpty ? nil : text)
    }
}

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
