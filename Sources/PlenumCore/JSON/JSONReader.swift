/// A pull parser over the bytes of a JSON text (RFC 8259).
///
/// The caller walks: ``nextKey()`` and ``nextElement()`` step through an object or array that was entered, and each value
/// is either read or skipped. Nesting is counted and bounded, and no input makes it trap.
///
///     var reader = JSONReader(bytes)
///     try reader.enterObject()
///     while let key = try reader.nextKey() {
///         switch key {
///         case "model": model = try reader.readString()
///         default: try reader.skip()
///         }
///     }
public struct JSONReader: Sendable {
    /// What a value begins as.
    public enum Kind: Sendable {
        /// `{`
        case object
        /// `[`
        case array
        /// `"`
        case string
        /// A digit or a minus sign.
        case number
        /// `true` or `false`
        case bool
        /// `null`
        case null
    }

    /// The text.
    public let bytes: [UInt8]
    /// The offset of the next byte to look at.
    public private(set) var position: Int
    /// How many arrays and objects are open.
    public var depth: Int { started.count }
    /// One bit an open container, innermost last: whether an element has been met, so that a comma must come first.
    private var started = ContainerBits()

    /// Starts reading at an offset.
    public init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = max(position, 0)
    }

    /// Lends the bytes to a cursor, and goes on from where it stopped.
    @inline(__always)
    private mutating func scan<Result>(
        _ step: (inout JSONCursor) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        var at = position
        defer { position = at }
        return try bytes.withUnsafeBufferPointer { (text) throws(JSONError) -> Result in
            var cursor = JSONCursor(text: text, at: at)
            defer { at = cursor.at }
            return try step(&cursor)
        }
    }

    /// Tells what the next value is without reading it.
    /// - Throws: ``JSONError`` at the end of the text or at a byte that begins no value.
    public mutating func peek() throws(JSONError) -> Kind {
        try scan { (cursor) throws(JSONError) in
            switch cursor.next() {
            case UInt8(ascii: "{"): return .object
            case UInt8(ascii: "["): return .array
            case UInt8(ascii: "\""): return .string
            case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return .number
            case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
            case UInt8(ascii: "n"): return .null
            default: throw cursor.noValue()
            }
        }
    }

    /// Goes into an object; the next call is ``nextKey()``.
    public mutating func enterObject() throws(JSONError) {
        try enter(UInt8(ascii: "{"), "an object was expected")
    }

    /// Goes into an array; the next call is ``nextElement()``.
    public mutating func enterArray() throws(JSONError) {
        try enter(UInt8(ascii: "["), "an array was expected")
    }

    private mutating func enter(_ bracket: UInt8, _ complaint: String) throws(JSONError) {
        let depth = depth
        try scan { (cursor) throws(JSONError) in
            guard cursor.next() == bracket else { throw JSONError(complaint, at: cursor.at) }
            guard depth < JSONValue.maximumDepth else { throw JSONCursor.tooDeep(cursor.at) }
            cursor.at += 1
        }
        started.push(false)
    }

    /// Steps to the next member of the object that is open; `nil` once its end has been passed.
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        let isFirst = !started.top
        let span = try scan { (cursor) throws(JSONError) -> JSONCursor.StringSpan? in
            guard try Self.step(&cursor, closing: UInt8(ascii: "}"), isFirst) else { return nil }
            return try cursor.name()
        }
        started.passed(span == nil)
        return span.map { JSONKey(bytes: bytes, span: $0) }
    }

    /// Steps to the next element of the array that is open; `false` once its end has been passed.
    public mutating func nextElement() throws(JSONError) -> Bool {
        let isFirst = !started.top
        let isThere = try scan { (cursor) throws(JSONError) in
            try Self.step(&cursor, closing: UInt8(ascii: "]"), isFirst)
        }
        started.passed(!isThere)
        return isThere
    }

    private static func step(
        _ cursor: inout JSONCursor,
        closing bracket: UInt8,
        _ isFirst: Bool
    ) throws(JSONError) -> Bool {
        guard isFirst else { return try cursor.goOn(closing: bracket) }
        guard let byte = cursor.next() else {
            throw JSONError("the text ends inside an object or array", at: cursor.at)
        }
        if byte == bracket { cursor.at += 1 }
        return byte != bracket
    }

    /// Reads a string.
    public mutating func readString() throws(JSONError) -> String {
        try scan { (cursor) throws(JSONError) in
            guard cursor.next() == UInt8(ascii: "\"") else { throw JSONError("a string was expected", at: cursor.at) }
            return cursor.text(of: try cursor.string())
        }
    }

    /// Reads a string, or `nil` for `null`.
    public mutating func readStringOrNull() throws(JSONError) -> String? {
        if try readNull() { return nil }
        return try readString()
    }

    /// Reads a number as written.
    public mutating func readNumber() throws(JSONError) -> JSONNumber {
        try scan { (cursor) throws(JSONError) in
            switch cursor.next() {
            case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
                return cursor.numberText(try cursor.number())
            default: throw JSONError("a number was expected", at: cursor.at)
            }
        }
    }

    /// Reads a whole number within 64 bits, or `nil` for `null`.
    public mutating func readIntOrNull() throws(JSONError) -> Int? {
        if try readNull() { return nil }
        let start = position
        guard let value = try readNumber().int else { throw JSONError("a whole number was expected", at: start) }
        return Int(value)
    }

    /// Reads `true` or `false`.
    public mutating func readBool() throws(JSONError) -> Bool {
        try scan { (cursor) throws(JSONError) in
            switch cursor.next() {
            case UInt8(ascii: "t"):
                try cursor.word("true")
                return true
            case UInt8(ascii: "f"):
                try cursor.word("false")
                return false
            default: throw JSONError("true or false was expected", at: cursor.at)
            }
        }
    }

    /// Passes a `null` if one is next.
    public mutating func readNull() throws(JSONError) -> Bool {
        try scan { (cursor) throws(JSONError) in
            guard cursor.next() == UInt8(ascii: "n") else { return false }
            try cursor.word("null")
            return true
        }
    }

    /// Reads a value with all that is in it as a tree.
    public mutating func readValue() throws(JSONError) -> JSONValue {
        let depth = depth
        return try scan { (cursor) throws(JSONError) in try cursor.value(depth: depth) }
    }

    /// Passes a value and gives its span, brackets and quotes included.
    ///
    /// It checks all that reading checks, UTF-8 and escapes too, but makes nothing.
    @discardableResult
    public mutating func skip() throws(JSONError) -> Range<Int> {
        let depth = depth
        return try scan { (cursor) throws(JSONError) in
            _ = cursor.next()
            let start = cursor.at
            try cursor.skip(depth: depth)
            return start..<cursor.at
        }
    }

    /// Checks that nothing but white space is left.
    public mutating func finish() throws(JSONError) {
        try scan { (cursor) throws(JSONError) in
            if cursor.next() != nil { throw JSONError("the text goes on after its value", at: cursor.at) }
        }
    }
}
