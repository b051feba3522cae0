import PlenumCore
import Testing

@Suite("Price")
struct PriceTests {
    private func rate(_ text: String) throws -> Price.Rate { try #require(Price.Rate(perMillion: text)) }

    @Test("0.0375 dollars a million is exact, in both ways of writing it")
    func smallRate() throws {
        let small = try rate("0.0375")
        #expect(small.picoDollars == 37_500)
        #expect(small.description == "0.0375")
        #expect(small.perToken == "0.0000000375")
        let price = Price(base: Price.Rates(input: small, output: try rate("0")))
        #expect(price.cost(of: Usage(inputUncached: 1_000_000, output: 0)) == Money(dollars: "0.0375"))
        #expect(price.cost(of: Usage(inputUncached: 1, output: 0)) == Money(nanoDollars: 38))
    }

    @Test("a cost is rounded half up once, at its end", arguments: [(1, 1), (2, 1), (3, 2), (4, 2), (0, 0), (-5, 0)])
    func rounding(_ tokens: Int, _ nano: Int64) throws {
        let half = Price(base: Price.Rates(input: try rate("0.0005"), output: try rate("0.0005")))
        #expect(half.cost(of: Usage(inputUncached: tokens, output: 0)).nanoDollars == nano)
    }

    @Test("each kind of token has its rate, and falls back as the documentation says")
    func kinds() throws {
        let usage = Usage(inputUncached: 1000, cacheRead: 2000, cacheWrite: 3000, cacheWriteLong: 4000, output: 5000)
        var rates = Price.Rates(input: try rate("4"), output: try rate("20"))
        #expect(Price(base: rates).cost(of: usage) == Money(dollars: "0.14"))
        rates.cacheWrite = try rate("5")
        #expect(Price(base: rates).cost(of: usage) == Money(dollars: "0.147"))
        rates.cacheRead = try rate("0.2")
        rates.cacheWriteLong = try rate("8")
        #expect(Price(base: rates).cost(of: usage) == Money(dollars: "0.1514"))
    }

    @Test("the highest tier below the prompt's length holds for the whole request, cached tokens counted")
    func tiers() throws {
        let tiers = [
            Price.Tier(above: 500, rates: Price.Rates(input: try rate("3"), output: try rate("30"))),
            Price.Tier(above: 200, rates: Price.Rates(input: try rate("2"), output: try rate("20"))),
        ]
        let price = Price(base: Price.Rates(input: try rate("1"), output: try rate("10")), tiers: tiers)
        #expect(price.cost(of: Usage(inputUncached: 200, output: 1)).nanoDollars == 210_000)
        #expect(price.cost(of: Usage(inputUncached: 1, cacheRead: 200, output: 1)).nanoDollars == 422_000)
        #expect(price.cost(of: Usage(inputUncached: 501, output: 0)).nanoDollars == 1_503_000)
    }

    @Test(
        "a prompt at a limit has the lower rates, one token more the higher ones, for all kinds",
        arguments: [200_000, 272_000]
    )
    func limits(_ limit: Int) throws {
        func rates(_ text: String) throws -> Price.Rates {
            var rates = Price.Rates(input: try rate(text), output: try rate("\(text)0"))
            (rates.cacheRead, rates.cacheWrite) = (try rate("0.\(text)"), try rate("\(text).25"))
            rates.cacheWriteLong = try rate("\(text).5")
            return rates
        }
        let (low, high) = (try rates("2"), try rates("4"))
        let price = Price(base: low, tiers: [Price.Tier(above: limit, rates: high)])
        var usage = Usage(inputUncached: limit - 6, cacheRead: 1, cacheWrite: 2, cacheWriteLong: 3, output: 10)
        #expect(price.rates(forPromptOf: usage.input) == low)
        #expect(price.cost(of: usage) == Price(base: low).cost(of: usage))
        usage.cacheRead += 1
        #expect(price.rates(forPromptOf: usage.input) == high)
        #expect(price.cost(of: usage) == Price(base: high).cost(of: usage))
    }

    @Test("thoughts are billed once, as part of the answer")
    func thoughts() throws {
        let price = Price(base: Price.Rates(input: .zero, output: try rate("10")))
        let silent = Usage(inputUncached: 0, output: 500)
        let thinking = Usage(inputUncached: 0, output: 500, reasoning: 400)
        #expect(price.cost(of: thinking) == price.cost(of: silent) && price.cost(of: silent) == Money(dollars: "0.005"))
    }

    @Test("absurd token counts cost the greatest amount and stop nothing")
    func overflow() throws {
        let price = Price(base: Price.Rates(input: try rate("1"), output: try rate("1")))
        let absurd = Usage(inputUncached: .max, cacheRead: .max, output: .max)
        #expect(price.cost(of: absurd) == Money(nanoDollars: .max))
        #expect(absurd.input == .max)
        #expect(absurd.total == .max)
        #expect((absurd + absurd).output == .max)
        #expect(Usage(inputUncached: .min, cacheRead: -1, output: 0).input == .min)
    }

    @Test("usage adds up field by field, reported costs where there are any")
    func usage() {
        var left = Usage(inputUncached: 1, cacheRead: 2, cacheWrite: 3, cacheWriteLong: 4, output: 5, reasoning: 6)
        #expect(left.input == 10)
        #expect(left.total == 15)
        left.reportedCost = Money(nanoDollars: 7)
        let sum = left + left
        #expect(sum.reportedCost == Money(nanoDollars: 14))
        #expect(sum.reasoning == 12)
        #expect((Usage() + left).reportedCost == Money(nanoDollars: 7))
        #expect((Usage() + Usage()).reportedCost == nil)
    }
}
