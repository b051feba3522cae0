import Testing

@testable import PlenumCore

@Suite("Money")
struct MoneyTests {
    @Test(
        "a decimal is read exactly, and rounded half up beyond the ninth digit",
        arguments: [
            ("0", 0), ("0.50", 500_000_000), ("12", 12_000_000_000), ("0.000000001", 1), ("0.0000000005", 1),
            ("0.00000000049999", 0), ("1e-9", 1), ("5e-10", 1), ("4.9e-10", 0), ("1.5E2", 150_000_000_000),
            ("00.1", 100_000_000), ("1e-39", 0), ("9223372036.854775807", .max), ("9223372036.8547758074", .max),
        ] as [(String, Int64)]
    )
    func reads(_ text: String, _ nano: Int64) { #expect(Money(dollars: text)?.nanoDollars == nano) }

    @Test(
        "what is no amount, or too great a one, is refused",
        arguments: [
            "", ".", ".5", "1.", "-1", "+1", "1,5", "1.2.3", "1e", "e1", "1e1e1", "1e40", "1e-40",
            "1e9223372036854775807",
            "1e-9223372036854775808", "1e99999999999999999999", "９", "1e1.5", " 1", "NaN", "9223372036.854775808",
            "9223372036.8547758075", "99999999999999999999", "1e10", "½", "1_0",
        ]
    )
    func refuses(_ text: String) { #expect(Money(dollars: text) == nil) }

    @Test(
        "an amount is written without trailing zeros",
        arguments: [
            (0, "0"), (1, "0.000000001"), (500_000_000, "0.5"), (10_000_000_000, "10"), (1_234_567_891, "1.234567891"),
            (-500_000_000, "-0.5"), (.max, "9223372036.854775807"), (.min, "-9223372036.854775808"),
        ] as [(Int64, String)]
    )
    func writes(_ nano: Int64, _ text: String) { #expect(Money(nanoDollars: nano).description == text) }

    @Test("every amount that is written reads back")
    func roundTrip() {
        var random = SplitMix(seed: 3)
        for _ in 0..<2000 {
            let money = Money(nanoDollars: Int64(random.next() >> (1 + random.next() % 62)))
            #expect(Money(dollars: money.description) == money)
        }
    }

    @Test("a tenth ten times is one, and a sum stays at the greatest amount")
    func sums() {
        let tenth = Money(nanoDollars: 100_000_000)
        #expect((0..<10).reduce(Money.zero) { sum, _ in sum + tenth } == Money(dollars: "1"))
        #expect(Money(nanoDollars: .max) + tenth == Money(nanoDollars: .max))
    }
}
