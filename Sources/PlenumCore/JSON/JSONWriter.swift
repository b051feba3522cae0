/// Writes compact JSON into bytes, with commas where they belong.
///
/// The caller is trusted to open and close in order; keys and values alternate inside an object.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Starts with room for a number of bytes.
    public init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes an object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes an array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Writes a member's name; its value comes next.
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// Writes a whole number.
    public mutating func int(_ value: some BinaryInteger) { raw(String(value).utf8) }
    /// Writes a truth value.
    public mutating func bool(_ value: Bool) { raw((value ? "true" : "false").utf8) }
    /// Writes `null`.
    public mutating func null() { raw("null".utf8) }

    /// Writes bytes that are a JSON value already.
    public mutating func raw(_ value: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
    }

    /// Writes a tree. Its depth is that of the value in memory; trees that were read are bounded.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .number(let number): raw(number.text.utf8)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object): self.object(object)
        }
    }

    /// Writes an object.
    public mutating func object(_ object: JSONObject) {
        beginObject()
        members(of: object)
        endObject()
    }

    /// Writes the members of an object into the one that is open.
    public mutating func members(of object: JSONObject) {
        for member in object.members {
            key(member.key)
            value(member.value)
        }
    }

    /// Writes a member with a string, `null` for `nil`.
    public mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    /// Writes a member with a whole number, `null` for `nil`.
    public mutating func member(_ name: String, _ number: Int?) {
        key(name)
        if let number { int(number) } else { null() }
    }

    /// Writes a member with a truth value.
    public mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        bool(flag)
    }

    /// Writes a member with a tree, `null` for `nil`.
    public mutating func member(_ name: String, _ tree: JSONValue?) {
        key(name)
        value(tree ?? .null)
    }

    /// Writes a string in quotes: only the quote, the backslash and control characters are escaped.
    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            let cursor = JSONCursor(text: utf8, at: 0)
            var isASCII = true
            var clean = 0
            while true {
                let stop = cursor.stop(from: clean, &isASCII)
                if stop > clean { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[clean..<stop])) }
                guard stop < utf8.count else { break }
                escape(utf8[stop])
                clean = stop + 1
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            let low = byte & 15
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }
}
