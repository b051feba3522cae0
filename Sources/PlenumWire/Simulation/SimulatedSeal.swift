/// The state that a simulated model gives with its thoughts: a text that it recognises when it comes back.
enum SimulatedSeal {
    private static let mark = "sim:"

    /// The seal of some thoughts.
    static func of(_ thoughts: String) -> String {
        let digits = String(hash(thoughts), radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        return Base64.encode(Array((mark + padded).utf8))
    }

    /// Whether a simulated model gave it, with whatever thoughts.
    static func isOwn(_ text: String) -> Bool {
        guard let bytes = Base64.decode(text), bytes.count == mark.utf8.count + 16 else { return false }
        return bytes.starts(with: mark.utf8)
    }

    /// FNV-1a of 64 bits: the same in every process.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
