import PlenumCore

/// One event of the stream: its kind, and where its parts stand.
struct ResponsesEvent {
    /// The kinds of event that matter; a reader passes over any other.
    enum Kind: Sendable {
        case begins, completed, incomplete, failed, cancelled
        case itemAdded, itemDone
        case textDelta, textDone, refusalDelta, refusalDone, thoughtDelta, thoughtDone, summaryDelta, summaryDone
        case argumentsDelta, argumentsDone, inputDelta, inputDone
        case error, other
    }

    /// The types, the most frequent first.
    private static let types: [(name: StaticString, kind: Kind)] = [
        ("response.output_text.delta", .textDelta),
        ("response.function_call_arguments.delta", .argumentsDelta),
        ("response.reasoning_summary_text.delta", .summaryDelta),
        ("response.reasoning_text.delta", .thoughtDelta),
        ("response.custom_tool_call_input.delta", .inputDelta),
        ("response.refusal.delta", .refusalDelta),
        ("response.output_item.added", .itemAdded),
        ("response.output_item.done", .itemDone),
        ("response.output_text.done", .textDone),
        ("response.refusal.done", .refusalDone),
        ("response.reasoning_text.done", .thoughtDone),
        ("response.reasoning_summary_text.done", .summaryDone),
        ("response.function_call_arguments.done", .argumentsDone),
        ("response.custom_tool_call_input.done", .inputDone),
        ("response.created", .begins),
        ("response.queued", .begins),
        ("response.in_progress", .begins),
        ("response.completed", .completed),
        ("response.incomplete", .incomplete),
        ("response.failed", .failed),
        ("response.cancelled", .cancelled),
        ("error", .error),
    ]

    var kind = Kind.other
    /// Whether it says what it is, known or not.
    var hasType = false
    var index = 0
    /// The position of a text in its item: that of a content part or of a part of the summary.
    var part = 0
    var response: Range<Int>?
    var item: Range<Int>?
    /// The value of `delta`, or of what a `.done` event repeats whole.
    var text: Range<Int>?
    var error: Range<Int>?

    /// Reads the top level of an event.
    init(_ input: FoldInput) throws(JSONError) {
        var reader = input.reader
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "type":
                kind = Self.kind(input.bytes[try reader.skip()])
                hasType = true
            case "output_index": index = try reader.intIfAny() ?? 0
            case "content_index", "summary_index": part = try reader.intIfAny() ?? 0
            case "delta", "text", "refusal", "arguments", "input": text = try reader.skip()
            case "response": response = try reader.skip()
            case "item": item = try reader.skip()
            case "error":
                if try reader.readNull() { continue }
                error = try reader.skip()
            default: try reader.skip()
            }
        }
        try input.check(reader)
    }

    private static func kind(_ quoted: ArraySlice<UInt8>) -> Kind {
        let word = quoted.dropFirst().dropLast()
        for (name, kind) in types where name.utf8CodeUnitCount == word.count {
            if name.withUTF8Buffer({ word.elementsEqual($0) }) { return kind }
        }
        return .other
    }
}
