import PlenumCore

/// The names of tools as OpenAI allows them: at most 64 of the letters, digits, `_` and `-` (wire notes 2.4).
///
/// Other letters become `_`. A name that is too long, or would then be another tool's, keeps its first 55 letters before
/// `_` and the eight hexadecimal digits of the 32-bit FNV-1a hash of the whole. One name always becomes the same.
struct ChatToolNames {
    private var spelled: [String: String] = [:]

    /// Spells the names of tools; the first of two that look alike has the plain spelling.
    init(_ tools: [Tool]) {
        var taken = Set(tools.map(\.name).filter(Self.isLegal))
        for tool in tools where !Self.isLegal(tool.name) {
            let plain = Self.plain(tool.name)
            let name = taken.contains(plain) ? Self.hashed(tool.name) : plain
            taken.insert(name)
            spelled[tool.name] = name
        }
    }

    /// The spelling of a name, which may be that of a tool that is no longer offered.
    subscript(name: String) -> String { spelled[name] ?? (Self.isLegal(name) ? name : Self.plain(name)) }

    private static func isLegal(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(isLegal)
    }

    private static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func cleaned(_ name: String) -> String {
        String(name.unicodeScalars.map { $0.isASCII && isLegal(UInt8($0.value)) ? Character($0) : "_" })
    }

    private static func plain(_ name: String) -> String {
        let clean = cleaned(name)
        return isLegal(clean) ? clean : hashed(name)
    }

    private static func hashed(_ name: String) -> String {
        let digits = String(StableHash.short(name), radix: 16)
        return cleaned(name).prefix(55) + "_" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
