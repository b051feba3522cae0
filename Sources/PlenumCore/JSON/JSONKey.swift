/// A member's name as it stands in the text, compared as bytes so that no `String` is made for a key that is skipped.
public struct JSONKey: Sendable {
    private let bytes: [UInt8]
    private let span: JSONCursor.StringSpan

    /// Takes a span that has been scanned in these bytes.
    init(bytes: [UInt8], span: JSONCursor.StringSpan) {
        self.bytes = bytes
        self.span = span
    }

    /// The span between the quotes.
    public var range: Range<Int> { span.range }

    /// The name, unescaped.
    public var string: String {
        bytes.withUnsafeBufferPointer { JSONCursor(text: $0, at: 0).text(of: span) }
    }

    /// Whether the name is this literal; a name written with escapes is unescaped first.
    public static func ~= (name: StaticString, key: JSONKey) -> Bool {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard !key.span.isEscaped else { return key.string.utf8.elementsEqual(wanted) }
        guard key.range.count == wanted.count else { return false }
        return key.bytes.withUnsafeBufferPointer { text in
            for index in wanted.indices where text[key.range.lowerBound + index] != wanted[index] { return false }
            return true
        }
    }
}
