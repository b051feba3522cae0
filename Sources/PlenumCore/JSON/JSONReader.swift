/// A pull parser over the bytes of a JSON text (RFC 8259).
///
/// The caller walks: ``nextKey()`` and ``nextElement()`` step through an object or array that was entered, and each value
/// is either read or skipped. Nothing recurses, nesting is counted and bounded, and no input makes it trap.
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
    public internal(set) var position: Int
    /// How many arrays and objects are open.
    public internal(set) var depth = 0
    /// One bit an open container, innermost last: whether an element has been met, so that a comma must come first.
    var started = ContainerBits()

    /// Starts reading at an offset.
    public init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Tells what the next value is without reading it.
    /// - Throws: ``JSONError`` at the end of the text or at a byte that begins no value.
    public mutating func peek() throws(JSONError) -> Kind {
        switch skipWhiteSpace() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case nil: throw JSONError("the text ends where a value should begin", at: position)
        default: throw JSONError("no value begins with this character", at: position)
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
        guard skipWhiteSpace() == bracket else { throw JSONError(complaint, at: position) }
        guard depth < JSONValue.maximumDepth else {
            throw JSONError("nesting deeper than \(JSONValue.maximumDepth) levels", at: position)
        }
        position += 1
        depth += 1
        started.push()
    }

    /// Steps to the next member of the object that is open; `nil` once its end has been passed.
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        guard try step(closing: UInt8(ascii: "}")) else { return nil }
        guard skipWhiteSpace() == UInt8(ascii: "\"") else {
            throw JSONError("a member's name in double quotes was expected", at: position)
        }
        let (range, escaped) = try scanString()
        guard skipWhiteSpace() == UInt8(ascii: ":") else { throw JSONError("a colon was expected", at: position) }
        position += 1
        return JSONKey(bytes: bytes, range: range, isEscaped: escaped)
    }

    /// Steps to the next element of the array that is open; `false` once its end has been passed.
    public mutating func nextElement() throws(JSONError) -> Bool {
        try step(closing: UInt8(ascii: "]"))
    }

    private mutating func step(closing bracket: UInt8) throws(JSONError) -> Bool {
        let next = skipWhiteSpace()
        if next == bracket {
            position += 1
            depth -= 1
            started.pop()
            return false
        }
        guard started.top else {
            guard next != nil else { throw JSONError("the text ends inside an object or array", at: position) }
            started.setTop()
            return true
        }
        guard next == UInt8(ascii: ",") else {
            throw JSONError("a comma or the closing bracket was expected", at: position)
        }
        position += 1
        if skipWhiteSpace() == bracket { throw JSONError("a comma stands before the closing bracket", at: position) }
        return true
    }

    /// Reads a string.
    public mutating func readString() throws(JSONError) -> String {
        guard skipWhiteSpace() == UInt8(ascii: "\"") else { throw JSONError("a string was expected", at: position) }
        let (range, escaped) = try scanString()
        return try escaped ? unescape(range) : decode(range)
    }

    /// Reads a string, or `nil` for `null`.
    public mutating func readStringOrNull() throws(JSONError) -> String? {
        if try readNull() { return nil }
        return try readString()
    }

    /// Reads a number as written.
    public mutating func readNumber() throws(JSONError) -> JSONNumber {
        guard try peek() == .number else { throw JSONError("a number was expected", at: position) }
        let range = try scanNumber()
        return JSONNumber(verbatim: String(decoding: bytes[range], as: UTF8.self))
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
        switch skipWhiteSpace() {
        case UInt8(ascii: "t"):
            try scanWord("true")
            return true
        case UInt8(ascii: "f"):
            try scanWord("false")
            return false
        default: throw JSONError("true or false was expected", at: position)
        }
    }

    /// Passes a `null` if one is next.
    public mutating func readNull() throws(JSONError) -> Bool {
        guard skipWhiteSpace() == UInt8(ascii: "n") else { return false }
        try scanWord("null")
        return true
    }

    /// Passes a value and gives its span, brackets and quotes included.
    ///
    /// Brackets, strings, numbers and separators are checked as strictly as when reading; strings are not made.
    @discardableResult
    public mutating func skip() throws(JSONError) -> Range<Int> {
        let kind = try peek()
        let start = position
        switch kind {
        case .string: _ = try scanString()
        case .number: _ = try scanNumber()
        case .bool: _ = try readBool()
        case .null: _ = try readNull()
        case .object, .array: try skipContainer(kind)
        }
        return start..<position
    }

    /// Passes the rest of the containers that this call opened, without recursion.
    private mutating func skipContainer(_ kind: Kind) throws(JSONError) {
        let outside = depth
        var objects = ContainerBits()
        func isObject() -> Bool { objects.top }
        try enter(kind, &objects)
        while depth > outside {
            let more = try isObject() ? nextKey() != nil : nextElement()
            guard more else {
                objects.pop()
                continue
            }
            switch try peek() {
            case .string: _ = try scanString()
            case .number: _ = try scanNumber()
            case .bool: _ = try readBool()
            case .null: _ = try readNull()
            case .object: try enter(.object, &objects)
            case .array: try enter(.array, &objects)
            }
        }
    }

    private mutating func enter(_ kind: Kind, _ objects: inout ContainerBits) throws(JSONError) {
        if kind == .object { try enterObject() } else { try enterArray() }
        objects.push()
        if kind == .object { objects.setTop() }
    }

    /// Checks that nothing but white space is left.
    public mutating func finish() throws(JSONError) {
        if skipWhiteSpace() != nil { throw JSONError("the text goes on after its value", at: position) }
    }
}

/// A stack of up to 128 bits.
struct ContainerBits: Sendable {
    private var bits: (UInt64, UInt64) = (0, 0)
    private var count = 0

    var top: Bool { self[count - 1] }

    private subscript(index: Int) -> Bool {
        get {
            guard index >= 0 else { return false }
            return (index < 64 ? bits.0 >> UInt64(index) : bits.1 >> UInt64(index - 64)) & 1 == 1
        }
        set {
            let mask = UInt64(1) << UInt64(index & 63)
            if index < 64 {
                bits.0 = newValue ? bits.0 | mask : bits.0 & ~mask
            } else {
                bits.1 = newValue ? bits.1 | mask : bits.1 & ~mask
            }
        }
    }

    mutating func push() {
        count += 1
        self[count - 1] = false
    }

    mutating func pop() { count -= 1 }

    mutating func setTop() { self[count - 1] = true }
}
