/// The ids of calls where a provider has a rule for them.
enum ChatCallID {
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    /// Whether an id has a length and only letters and digits.
    static func isLegal(_ id: String, length: Int) -> Bool {
        id.utf8.count == length
            && id.utf8.allSatisfy { $0 < 0x80 && ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39) }
    }

    /// An id as a provider wants it: unchanged if it is legal, else digits of its hash. The same for a call and for its
    /// result, so that nothing must be remembered.
    static func legal(_ id: String, length: Int?) -> String {
        guard let length, !isLegal(id, length: length) else { return id }
        var out = ""
        var hash = StableHash.long(id)
        for position in 0..<length {
            // One hash has ten digits' worth; longer ids take another.
            if position % 10 == 0, position > 0 { hash = StableHash.long("\(position) \(id)") }
            out.append(letters[Int(hash % 62)])
            hash /= 62
        }
        return out
    }
}
