/// The tokens of one completion. The input counters are disjoint: their sum is the whole prompt.
public struct Usage: Sendable, Hashable {
    /// Prompt tokens that no cache had.
    public var inputUncached = 0
    /// Prompt tokens read from the provider's cache.
    public var cacheRead = 0
    /// Prompt tokens written to the provider's cache for its short time to live (5 or 30 minutes).
    public var cacheWrite = 0
    /// Prompt tokens written to the provider's cache for its long time to live (1 or 12 hours).
    public var cacheWriteLong = 0
    /// All tokens of the answer, thoughts included.
    public var output = 0
    /// Those of ``output`` that were thoughts.
    public var reasoning = 0
    /// What the provider itself says this cost in US dollars, where it says so.
    public var reportedCost: Money?

    /// Makes a value of zeros.
    public init() {}

    /// Makes a value.
    public init(
        inputUncached: Int,
        cacheRead: Int = 0,
        cacheWrite: Int = 0,
        cacheWriteLong: Int = 0,
        output: Int,
        reasoning: Int = 0
    ) {
        self.inputUncached = inputUncached
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.cacheWriteLong = cacheWriteLong
        self.output = output
        self.reasoning = reasoning
    }

    /// All prompt tokens.
    public var input: Int { [cacheRead, cacheWrite, cacheWriteLong].reduce(inputUncached, Self.sum) }
    /// Prompt and answer.
    public var total: Int { Self.sum(input, output) }

    /// Adds another completion's tokens.
    public static func + (left: Usage, right: Usage) -> Usage {
        var sum = left
        sum.inputUncached = Self.sum(left.inputUncached, right.inputUncached)
        sum.cacheRead = Self.sum(left.cacheRead, right.cacheRead)
        sum.cacheWrite = Self.sum(left.cacheWrite, right.cacheWrite)
        sum.cacheWriteLong = Self.sum(left.cacheWriteLong, right.cacheWriteLong)
        sum.output = Self.sum(left.output, right.output)
        sum.reasoning = Self.sum(left.reasoning, right.reasoning)
        if let cost = right.reportedCost { sum.reportedCost = (left.reportedCost ?? .zero) + cost }
        return sum
    }

    /// Adds, and stays at the ends of the range: a provider may tell any number.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard overflow else { return sum }
        return left < 0 ? .min : .max
    }
}
