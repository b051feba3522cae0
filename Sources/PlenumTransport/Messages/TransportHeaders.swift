/// The headers of a response, in the order they came in.
///
/// They are kept as the bytes that arrived and become strings only when asked for, because most are never looked at.
public struct TransportHeaders: Sendable, Hashable {
    /// Where a field ends in the text; it starts where the one before ends.
    private struct Field: Sendable, Hashable {
        var nameEnd: Int32
        var valueEnd: Int32
    }

    private var text: [UInt8] = []
    private var fields: [Field] = []

    /// Makes headers without a field.
    public init() {}

    /// Makes headers of names and values.
    ///
    /// - Parameter fields: The fields in their order; a name may occur more than once.
    public init(_ fields: [(name: String, value: String)]) {
        for (name, value) in fields {
            append(name: name.utf8, value: value.utf8)
        }
    }

    /// The value of the first field of this name, in whatever case either is written.
    ///
    /// - Parameter name: The field's name.
    public subscript(name: String) -> String? {
        for (index, field) in fields.enumerated() where matches(name, at: index) {
            return String(decoding: text[Int(field.nameEnd)..<Int(field.valueEnd)], as: UTF8.self)
        }
        return nil
    }

    /// The values of all fields of this name, in their order.
    ///
    /// - Parameter name: The field's name, in any case.
    /// - Returns: The values; none if there is no such field.
    public func values(of name: String) -> [String] {
        fields.indices.filter { matches(name, at: $0) }.map { self[$0].value }
    }
}

extension TransportHeaders: RandomAccessCollection {
    /// The position of the first field.
    public var startIndex: Int { 0 }

    /// The number of fields.
    public var endIndex: Int { fields.count }

    /// The field at a position.
    ///
    /// - Parameter position: From zero to below ``endIndex``.
    public subscript(position: Int) -> (name: String, value: String) {
        let field = fields[position]
        let start = start(of: position)
        return (
            String(decoding: text[start..<Int(field.nameEnd)], as: UTF8.self),
            String(decoding: text[Int(field.nameEnd)..<Int(field.valueEnd)], as: UTF8.self)
        )
    }
}

extension TransportHeaders: ExpressibleByDictionaryLiteral {
    /// Makes headers of a literal, such as `["content-type": "application/json"]`.
    ///
    /// - Parameter elements: The fields in their order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}

extension TransportHeaders {
    /// The bytes of all names and values.
    var byteCount: Int { text.count }

    /// Makes room for a head of the usual size, so that it costs two allocations.
    mutating func reserveUsualCapacity() {
        text.reserveCapacity(768)
        fields.reserveCapacity(16)
    }

    mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        text.append(contentsOf: name)
        let nameEnd = Int32(text.count)
        text.append(contentsOf: value)
        fields.append(Field(nameEnd: nameEnd, valueEnd: Int32(text.count)))
    }

    /// Continues the last value after a line break inside it (RFC 9112, section 5.2).
    mutating func extendLastValue(by more: some Collection<UInt8>) {
        guard !fields.isEmpty else { return }
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: more)
        fields[fields.count - 1].valueEnd = Int32(text.count)
    }

    private func start(of index: Int) -> Int {
        index == 0 ? 0 : Int(fields[index - 1].valueEnd)
    }

    private func matches(_ name: String, at index: Int) -> Bool {
        let range = start(of: index)..<Int(fields[index].nameEnd)
        let wanted = name.utf8
        guard wanted.count == range.count else { return false }
        return zip(text[range], wanted).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension UInt8 {
    /// The byte, in lower case if it is a letter of ASCII.
    var asciiLowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}
