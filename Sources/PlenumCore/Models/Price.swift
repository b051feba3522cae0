/// What a model's tokens cost.
public struct Price: Sendable, Hashable {
    /// The price of one kind of token, in whole pico-dollars a token: a micro-dollar per million tokens is 1.
    public struct Rate: Sendable, Hashable, CustomStringConvertible {
        /// Millionths of a millionth of a dollar.
        public let picoDollars: Int64

        /// Reads dollars a million tokens, such as `0.075`, to six decimals; `nil` for anything but a decimal.
        public init?(perMillion text: String) {
            guard let scaled = DecimalText.scaled(text, by: 6) else { return nil }
            picoDollars = scaled
        }

        /// Nothing.
        public static let zero = Rate()

        private init() { picoDollars = 0 }

        /// Dollars a million tokens.
        public var description: String { DecimalText.text(picoDollars, scale: 6) }

        /// Dollars a token, as OpenRouter's model object writes prices.
        public var perToken: String { DecimalText.text(picoDollars, scale: 12) }
    }

    /// The price of what costs nothing.
    public static let free = Price(base: Rates(input: .zero, output: .zero))

    /// The price from some length of prompt on, for the whole request.
    public struct Tier: Sendable, Hashable {
        /// The tier holds for prompts of more tokens than this.
        public var above: Int
        /// The rates that then hold.
        public var rates: Rates

        /// Makes a tier.
        public init(above: Int, rates: Rates) {
            self.above = above
            self.rates = rates
        }
    }

    /// The rates of one tier.
    public struct Rates: Sendable, Hashable {
        /// Prompt tokens.
        public var input: Rate
        /// Answer tokens, thoughts included.
        public var output: Rate
        /// Prompt tokens read from the cache; as ``input`` if `nil`.
        public var cacheRead: Rate?
        /// Prompt tokens written to the cache for the short time; as ``input`` if `nil`.
        public var cacheWrite: Rate?
        /// Prompt tokens written to the cache for the long time; as ``cacheWrite`` if `nil`.
        public var cacheWriteLong: Rate?

        /// Makes rates.
        public init(
            input: Rate,
            output: Rate,
            cacheRead: Rate? = nil,
            cacheWrite: Rate? = nil,
            cacheWriteLong: Rate? = nil
        ) {
            self.input = input
            self.output = output
            self.cacheRead = cacheRead
            self.cacheWrite = cacheWrite
            self.cacheWriteLong = cacheWriteLong
        }
    }

    /// The rates for short prompts.
    public var base: Rates
    /// The tiers for long ones.
    public var tiers: [Tier]
    /// The version of the table that it stands in, noted beside the costs that it gives; `nil` if it has none.
    public var version: String?

    /// Makes a price.
    public init(base: Rates, tiers: [Tier] = [], version: String? = nil) {
        self.base = base
        self.tiers = tiers
        self.version = version
    }

    /// The rates of a request whose prompt, cached tokens included, has so many tokens.
    public func rates(forPromptOf tokens: Int) -> Rates {
        tiers.filter { tokens > $0.above }.max { $0.above < $1.above }?.rates ?? base
    }

    /// What a completion cost, rounded half up to the nano-dollar.
    ///
    /// A sum beyond what 64 bits hold comes out as the greatest amount.
    public func cost(of usage: Usage) -> Money {
        let rates = rates(forPromptOf: usage.input)
        let write = rates.cacheWrite ?? rates.input
        let lines: [(Int, Rate)] = [
            (usage.inputUncached, rates.input), (usage.cacheRead, rates.cacheRead ?? rates.input),
            (usage.cacheWrite, write), (usage.cacheWriteLong, rates.cacheWriteLong ?? write),
            (usage.output, rates.output),
        ]
        var pico: Int64 = 0
        for (tokens, rate) in lines {
            let (product, overflow) = Int64(max(tokens, 0)).multipliedReportingOverflow(by: rate.picoDollars)
            let (sum, carry) = pico.addingReportingOverflow(product)
            if overflow || carry { return Money(nanoDollars: .max) }
            pico = sum
        }
        return Money(nanoDollars: pico / 1000 + (pico % 1000 >= 500 ? 1 : 0))
    }
}
