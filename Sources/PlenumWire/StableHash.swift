/// Hashes that are the same in every process and on every machine: FNV-1a. Nothing secret hangs on them.
enum StableHash {
    /// The hash of 64 bits of nothing.
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    /// A hash of 64 bits with one more byte.
    static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

    /// Of 64 bits.
    static func long(_ text: String) -> UInt64 { text.utf8.reduce(start) { adding($1, to: $0) } }

    /// Of 32 bits, in eight hexadecimal digits.
    static func digits(_ text: String) -> String {
        let hash = text.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
