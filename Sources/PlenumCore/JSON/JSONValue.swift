/// A JSON text as a tree that keeps the order of members and the text of numbers.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as written.
    case number(JSONNumber)
    /// A string, unescaped.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)
}

extension JSONValue {
    /// The deepest nesting of arrays and objects that is read; deeper text is refused, never recursed into.
    public static let maximumDepth = 128

    /// Reads a complete JSON text.
    /// - Parameter bytes: UTF-8 text, surrounded by white space at most.
    /// - Throws: ``JSONError`` with the position of the first fault.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.readValue()
        try reader.finish()
    }

    /// Reads a complete JSON text.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// The compact text as UTF-8.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The compact text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value of a member, `nil` if this is no object or has none of that name.
    public subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The string, if this is one.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The truth value, if this is one.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The number, if this is one.
    public var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }
    /// The whole number, if this is one within 64 bits.
    public var int: Int? { number?.int.map { Int($0) } }
    /// The elements, if this is an array.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The members, if this is an object.
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    /// Whether this is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Writes a string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Writes a whole number.
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    /// Writes a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Writes an array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Writes an object; members keep their order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
    }
}
