import PlenumCore
import Testing

@Suite("JSON number")
struct JSONNumberTests {
    @Test(
        "a whole number is read from its digits",
        arguments: [
            ("0", 0), ("-0", 0), ("1.0", 1), ("1e3", 1000), ("1.5e1", 15), ("100e-2", 1), ("-2.50E+1", -25),
            ("0e999", 0),
            ("0.000e-99999999999999999999", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("-9223372036854775808.0", .min), ("9007199254740993.0", 9_007_199_254_740_993), ("0.5e1", 5),
            ("922337203685477580.7e1", .max), ("1e18", 1_000_000_000_000_000_000),
        ] as [(String, Int64)]
    )
    func whole(_ text: String, _ value: Int64) throws {
        #expect(try JSONValue(parsing: text).number?.int == value)
    }

    @Test(
        "what is no whole number within 64 bits is none",
        arguments: [
            "0.5", "1e-1", "1e-400", "1.00000000000000000001", "9223372036854775808", "-9223372036854775809", "1e19",
            "1e400", "1e99999999999999999999", "1e-99999999999999999999", "9223372036854775808.0",
            "1e-9223372036854775808",
        ]
    )
    func notWhole(_ text: String) throws {
        #expect(try JSONValue(parsing: text).number?.int == nil)
    }

    @Test(
        "a double is written in its shortest form",
        arguments: [
            (0.1, "0.1"), (1, "1"), (-0.0, "0"), (1e16, "1e+16"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
        ]
    )
    func doubles(_ value: Double, _ text: String) throws {
        let number = try #require(JSONNumber(value))
        #expect(number.text == text)
        #expect(try JSONValue(parsing: text).number?.double == value)
    }

    @Test("infinities and NaN are no numbers", arguments: [Double.infinity, -.infinity, .nan])
    func notFinite(_ value: Double) { #expect(JSONNumber(value) == nil) }

    @Test("a number out of range is infinite as a double")
    func outOfRange() throws { #expect(try JSONValue(parsing: "-1e400").number?.double == -.infinity) }
}
