/// How much of a text has been said, without the text: so that what repeats it whole can be told from what adds to it.
struct SaidText: Sendable {
    private var count = 0
    private var hash = StableHash.start

    /// Whether nothing has been said.
    var isEmpty: Bool { count == 0 }

    /// Takes note of more text.
    mutating func add(_ text: String) {
        for byte in text.utf8 { note(byte) }
    }

    /// What a whole text has beyond what was said; `nil` if that is nothing, or if it does not begin with it.
    func missing(of whole: String) -> String? {
        let bytes = whole.utf8
        guard bytes.count > count else { return nil }
        let cut = bytes.index(bytes.startIndex, offsetBy: count)
        var begin = SaidText()
        for byte in bytes[..<cut] { begin.note(byte) }
        return begin.hash == hash ? String(decoding: bytes[cut...], as: UTF8.self) : nil
    }

    private mutating func note(_ byte: UInt8) {
        count += 1
        hash = StableHash.adding(byte, to: hash)
    }
}
