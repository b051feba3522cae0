/// The state that a simulated model gives with its thoughts: a text that it recognises when it comes back.
enum SimulatedSeal {
    private static let mark = "sim:"

    /// The seal of some thoughts.
    static func of(_ thoughts: String) -> String {
        let digits = String(StableHash.long(thoughts), radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        return Base64.encode(Array((mark + padded).utf8))
    }

    /// Whether a simulated model gave it, with whatever thoughts.
    static func isOwn(_ text: String) -> Bool {
        guard let bytes = Base64.decode(text), bytes.count == mark.utf8.count + 16 else { return false }
        return bytes.starts(with: mark.utf8)
    }
}
