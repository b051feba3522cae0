/// A member's name as it stands in the text, compared as bytes so that no `String` is made for a key that is skipped.
public struct JSONKey: Sendable {
    let bytes: [UInt8]
    /// The span between the quotes.
    public let range: Range<Int>
    let isEscaped: Bool

    /// The name, unescaped.
    public var string: String {
        var reader = JSONReader(bytes, from: range.lowerBound - 1)
        return (try? reader.readString()) ?? ""
    }

    /// Whether the name is this literal; a name written with escapes is unescaped first.
    public static func ~= (name: StaticString, key: JSONKey) -> Bool {
        guard !key.isEscaped else { return key.string == name.description }
        guard key.range.count == name.utf8CodeUnitCount else { return false }
        return key.bytes.withUnsafeBufferPointer { text in
            for index in 0..<key.range.count where text[key.range.lowerBound + index] != name.utf8Start[index] {
                return false
            }
            return true
        }
    }
}
