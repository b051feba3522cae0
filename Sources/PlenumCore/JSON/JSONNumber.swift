/// A number exactly as it was written: `1.0`, `1e3` and 19-digit ids survive a round trip.
public struct JSONNumber: Sendable, Hashable {
    /// The literal, valid by RFC 8259 section 6.
    public let text: String

    /// Takes a literal that is known to be valid.
    init(verbatim text: String) {
        self.text = text
    }

    /// Writes an integer.
    public init(_ value: some BinaryInteger) {
        self.text = String(value)
    }

    /// Writes a floating-point number in its shortest form that reads back equal; `nil` for infinities and NaN.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.text = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    /// The value if it is a whole number within 64 bits, also when written as `1.0` or `1e3`.
    public var int: Int64? {
        if let exact = Int64(text) { return exact }
        guard let value = Double(text), value == value.rounded(), abs(value) < 9_007_199_254_740_992 else { return nil }
        return Int64(value)
    }

    /// The nearest double; infinite when the literal is out of range.
    public var double: Double { Double(text) ?? .nan }
}
