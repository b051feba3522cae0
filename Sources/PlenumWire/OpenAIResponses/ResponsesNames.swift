import PlenumCore

/// Names and ids that Responses takes: at most 64 letters, digits, hyphens and underscores (wire notes 2.4).
///
/// What is not legal is spelled in another way, always the same one, so that calls, results and choices agree.
struct ResponsesNames: Sendable {
    private static let limit = 64
    private var spelled: [String: String] = [:]

    /// Takes the names that a request has.
    init(_ names: [String]) {
        var taken = Set(names.filter { Self.isLegal($0) })
        for name in names where !Self.isLegal(name) && spelled[name] == nil {
            let plain = Self.replaced(name)
            let isFree = plain.count <= Self.limit && !plain.isEmpty && !taken.contains(plain)
            let spelling = isFree ? plain : "\(plain.prefix(55))_\(Self.hash(name, length: 8, radix: 16))"
            taken.insert(spelling)
            spelled[name] = spelling
        }
    }

    /// The names that had to be spelled in another way, each with its spelling.
    var renamed: [(own: String, name: String)] {
        spelled.sorted { $0.key < $1.key }.map { (own: $0.key, name: $0.value) }
    }

    /// How a name is spelled.
    func name(_ own: String) -> String { spelled[own] ?? own }

    /// How an id of a call is spelled.
    static func callID(_ id: String) -> String {
        guard id.isEmpty || id.utf8.count > limit else { return id }
        return "call_" + hash(id, length: 12, radix: 36) + hash("2" + id, length: 12, radix: 36)
    }

    /// Whether a name may stand as it is.
    static func isLegal(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= limit && name.utf8.allSatisfy(isLetter)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func replaced(_ name: String) -> String {
        String(
            decoding: name.unicodeScalars.map { scalar in
                scalar.isASCII && isLetter(UInt8(truncatingIfNeeded: scalar.value))
                    ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "_")
            },
            as: UTF8.self
        )
    }

    private static func hash(_ text: String, length: Int, radix: Int) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: radix)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits.suffix(length)
    }
}
