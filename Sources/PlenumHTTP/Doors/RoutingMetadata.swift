import HTTPTypes
import PlenumCore

/// What was tried for an answer and why, told with it to clients that ask for it: OpenRouter's `openrouter_metadata`.
enum RoutingMetadata {
    private static let name = "openrouter_metadata"
    private static let field = HTTPField.Name("X-OpenRouter-Metadata")!

    /// Whether a request asks for it.
    static func isWanted(_ headers: HTTPFields) -> Bool { headers[field]?.lowercased() == "enabled" }

    /// Adds it to a whole answer.
    static func add(_ record: JSONObject, to body: [UInt8]) -> [UInt8] {
        var body = body
        insert(record, into: &body, in: body.indices)
        return body
    }

    /// Adds it to the last event of a stream that has an object; without one, nothing is told.
    static func add(_ record: JSONObject, toLastOf events: [UInt8]) -> [UInt8] {
        var events = events
        let opening = Array("data: {".utf8)
        var last: Range<Int>?
        var start = events.startIndex
        while start < events.endIndex {
            let end = events[start...].firstIndex(of: 0x0A) ?? events.endIndex
            if events[start..<end].starts(with: opening) { last = start + 6..<end }
            start = end + 1
        }
        if let last { insert(record, into: &events, in: last) }
        return events
    }

    /// Puts it before the last brace of an object; what is in the object stays as it is.
    private static func insert(_ record: JSONObject, into bytes: inout [UInt8], in object: Range<Int>) {
        guard let brace = bytes[object].lastIndex(of: UInt8(ascii: "}")) else { return }
        let before = bytes[object.lowerBound..<brace].last { $0 > 0x20 }
        let comma = before == UInt8(ascii: "{") ? "" : ","
        let member = Array("\(comma)\"\(name)\":".utf8) + JSONValue.object(record).bytes
        bytes.insert(contentsOf: member, at: brace)
    }
}
