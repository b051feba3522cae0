/// An amount of US dollars in whole nano-dollars: sums are exact.
public struct Money: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Billionths of a dollar.
    public let nanoDollars: Int64

    /// Makes an amount.
    public init(nanoDollars: Int64) { self.nanoDollars = nanoDollars }

    /// Nothing.
    public static let zero = Money(nanoDollars: 0)

    /// Reads a decimal such as `0.50`; digits beyond the ninth are rounded half up.
    /// - Returns: `nil` for anything but digits with at most one point, and for more than nine thousand million dollars.
    public init?(dollars text: String) {
        guard let scaled = DecimalText.scaled(text, by: 9) else { return nil }
        nanoDollars = scaled
    }

    /// The decimal in dollars, without trailing zeros.
    public var description: String { DecimalText.text(nanoDollars, scale: 9) }

    /// Adds, and stays at the greatest amount rather than overflow.
    public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.nanoDollars.addingReportingOverflow(right.nanoDollars)
        return Money(nanoDollars: overflow ? .max : sum)
    }

    /// Orders by amount.
    public static func < (left: Money, right: Money) -> Bool { left.nanoDollars < right.nanoDollars }
}

/// Decimals as whole numbers of a scale.
enum DecimalText {
    /// Reads a non-negative decimal (an exponent allowed) times ten to the power `scale`, rounded half up.
    static func scaled(_ text: String, by scale: Int) -> Int64? {
        let pieces = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard pieces.count <= 2, let mantissa = pieces.first, mantissa.utf8.count <= 40 else { return nil }
        var exponent = scale
        if pieces.count == 2 {
            guard let shift = Int(pieces[1]), (-39...39).contains(shift) else { return nil }
            exponent += shift
        }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, let whole = halves.first, !whole.isEmpty else { return nil }
        let fraction = halves.count == 2 ? halves[1] : ""
        guard halves.count == 1 || !fraction.isEmpty, (whole + fraction).allSatisfy({ $0.isASCII && $0.isNumber })
        else {
            return nil
        }
        return round(Array((whole + fraction).utf8).map { Int64($0) - 48 }, kept: whole.utf8.count + exponent)
    }

    private static func round(_ digits: [Int64], kept: Int) -> Int64? {
        var value: Int64 = 0
        for index in 0..<max(kept, 0) {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(index < digits.count ? digits[index] : 0)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        let next = kept >= 0 && kept < digits.count ? digits[kept] : 0
        let (rounded, overflow) = value.addingReportingOverflow(next >= 5 ? 1 : 0)
        return overflow ? nil : rounded
    }

    /// Writes a whole number of a scale as a decimal.
    static func text(_ value: Int64, scale: Int) -> String {
        let digits = String(value.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        var text = padded.dropLast(scale) + "." + padded.suffix(scale)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return (value < 0 ? "-" : "") + String(text)
    }
}
