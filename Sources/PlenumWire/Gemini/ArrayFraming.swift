/// Turns events into the elements of one JSON array: Gemini's stream without `alt=sse` (traffic note 7).
public struct ArrayFraming: Sendable {
    private var isBegun = false
    private var isEnded = false

    /// Makes a framing.
    public init() {}

    /// Frames whole events.
    /// - Parameters:
    ///   - events: server-sent events whose data is JSON; what else is in them is left out.
    ///   - isLast: whether the array ends with them.
    public mutating func frame(_ events: [UInt8], isLast: Bool) -> [UInt8] {
        guard !isEnded else { return [] }
        var out: [UInt8] = []
        let field = Array("data:".utf8)
        for line in events.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) where line.starts(with: field) {
            out += isBegun ? Array(",\r\n".utf8) : Array("[".utf8)
            out += line.dropFirst(field.count).drop { $0 == 0x20 }
            isBegun = true
        }
        if isLast {
            out += isBegun ? Array("]".utf8) : Array("[]".utf8)
            isEnded = true
        }
        return out
    }
}
