/// The ids of calls as a provider takes them (wire notes 2.4).
///
/// A legal id stays as it is. Another becomes digits of its hash: the same for a call and for its result, so that nothing
/// must be remembered.
struct CallIDs: Sendable {
    /// How many bytes an id has.
    let lengths: ClosedRange<Int>
    /// Whether a byte may stand in it.
    let allows: @Sendable (UInt8) -> Bool

    /// Letters, digits, `_` and `-`, as in a name.
    static let anthropic = CallIDs(lengths: 1...Int.max) { $0.isNameByte }
    /// Anything of up to 64 bytes.
    static let responses = CallIDs(lengths: 1...64) { _ in true }

    /// Chat: anything, unless the provider has a length to which it holds letters and digits.
    static func chat(_ quirks: Quirks) -> CallIDs {
        guard let length = quirks.idLength else { return CallIDs(lengths: 0...Int.max) { _ in true } }
        return CallIDs(lengths: length...length) { $0.isAlphanumeric }
    }

    /// An id for a call to which a provider gave none: the same reply always gives the same ids.
    static func made(for replyID: String?, _ index: Int) -> String {
        "call_\(String(StableHash.long(replyID ?? ""), radix: 36))_\(index)"
    }

    func isLegal(_ id: String) -> Bool { lengths.contains(id.utf8.count) && id.utf8.allSatisfy(allows) }

    /// The spelling of an id.
    func callAsFunction(_ id: String) -> String {
        if isLegal(id) { return id }
        let isFixed = lengths.lowerBound == lengths.upperBound
        return isFixed ? Self.digits(id, count: lengths.lowerBound) : "call_" + Self.digits(id, count: 24)
    }

    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    private static func digits(_ id: String, count: Int) -> String {
        var out = ""
        var hash = StableHash.long(id)
        for position in 0..<count {
            // One hash has ten digits' worth; longer ids take another.
            if position % 10 == 0, position > 0 { hash = StableHash.long("\(position) \(id)") }
            out.append(letters[Int(hash % 62)])
            hash /= 62
        }
        return out
    }
}
