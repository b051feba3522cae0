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
        if abs(value) < 1e15, Double(Int64(value)) == value {
            self.text = String(Int64(value))
        } else {
            self.text = String(value)
        }
    }

    /// The value if it is a whole number within 64 bits, also when written as `1.0` or `1e3`.
    public var int: Int64? { Int64(text) ?? Self.whole(text) }

    /// The nearest double; infinite when the literal is out of range.
    public var double: Double { Double(text) ?? .nan }

    /// Reads a literal with a fraction or an exponent, digit by digit: a detour by `Double` would not be exact.
    private static func whole(_ text: String) -> Int64? {
        let pieces = text.utf8.split { $0 | 0x20 == UInt8(ascii: "e") }
        let halves = pieces[0].split(separator: UInt8(ascii: "."))
        var digits = halves.joined().filter { $0 != UInt8(ascii: "-") }
        let zeros = digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        guard zeros < digits.count else { return 0 }
        digits.removeLast(zeros)
        let shift = pieces.count < 2 ? 0 : Int(Substring(pieces[1])) ?? .max
        let fraction = halves.count < 2 ? 0 : halves[1].count
        let (missing, overflow) = shift.addingReportingOverflow(zeros - fraction)
        guard !overflow, missing >= 0 else { return nil }
        var value: Int64 = 0
        for digit in digits + Array(repeating: UInt8(ascii: "0"), count: min(missing, 20)) {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = shifted.subtractingReportingOverflow(Int64(digit) - 48)
            guard !overflow, !carry else { return nil }
            value = next
        }
        if text.utf8.first == UInt8(ascii: "-") { return value }
        return value == .min ? nil : -value
    }
}
