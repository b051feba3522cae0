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
            case "usage": usage = try OpenAIUsage.responses.read(&reader) ?? usage
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
