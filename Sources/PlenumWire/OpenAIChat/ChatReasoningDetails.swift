import PlenumCore

/// OpenRouter's `reasoning_details`, which go back unchanged and in order (wire notes 1.6 and 2.7).
///
/// A stream brings a detail in pieces: those that follow each other and are of one type and index are one.
struct ChatReasoningDetails: Sendable {
    private struct Detail {
        var fields: JSONObject
        /// The members that grow, apart, so that each piece is appended in place.
        var texts: [String: String] = [:]

        var whole: JSONValue {
            var whole = fields
            for (name, text) in texts { whole[name] = .string(text) }
            return .object(whole)
        }
    }
    private static let growing = ["text", "summary", "data"]
    private var details: [Detail] = []

    /// The details as state of the thoughts; `nil` if there are none.
    var state: OpaqueState? {
        guard !details.isEmpty else { return nil }
        return OpaqueState(.openRouterDetails, JSONValue.array(details.map(\.whole)).text)
    }

    /// Takes a detail, or a piece of one; anything but an object is nothing.
    mutating func take(_ detail: JSONValue) {
        guard let piece = detail.object else { return }
        if let last = details.last?.fields, last["index"] != nil, last["index"] == piece["index"],
            last["type"] == piece["type"], piece["id"] == nil || piece["id"] == last["id"]
        {
            join(piece)
        } else {
            details.append(Detail(fields: piece))
        }
    }

    private mutating func join(_ piece: JSONObject) {
        let at = details.count - 1
        for (name, value) in piece.members where !value.isNull {
            if Self.growing.contains(name), let more = value.string {
                let before = details[at].fields[name]?.string ?? ""
                details[at].texts[name, default: before] += more
            } else {
                details[at].fields[name] = value
            }
        }
    }

    /// The state that a Plenum, or what speaks like one, put into a detail.
    static func envelope(in detail: JSONValue) -> OpaqueState? {
        (detail["signature"]?.string ?? detail["data"]?.string).flatMap(OpaqueEnvelope.open)
    }

    /// The thoughts that a detail tells.
    static func text(of detail: JSONValue) -> String? { detail["text"]?.string ?? detail["summary"]?.string }
}
