/// How fast a deployment answers: moving averages of what this process has seen, in which the last answers count most.
struct Pace: Sendable, Hashable {
    /// Milliseconds to the first content of a streamed answer; `nil` if none was seen.
    private(set) var firstContent: Double?
    /// Output tokens a second once the content has begun; `nil` if none were counted.
    private(set) var tokensPerSecond: Double?

    /// What a new value counts.
    private static let weight = 0.2

    /// One answer, as it was measured.
    struct Sample: Sendable, Hashable {
        /// Milliseconds to the first content; `nil` for an answer in one piece, which says nothing of that.
        var firstContent: Int?
        /// Output tokens.
        var tokens: Int
        /// The milliseconds in which they came.
        var milliseconds: Int
    }

    /// Takes in an answer.
    mutating func add(_ sample: Sample) {
        if let first = sample.firstContent { Self.mix(Double(first), into: &firstContent) }
        guard sample.tokens > 0, sample.milliseconds > 0 else { return }
        Self.mix(Double(sample.tokens) * 1000 / Double(sample.milliseconds), into: &tokensPerSecond)
    }

    private static func mix(_ value: Double, into average: inout Double?) {
        average = average.map { $0 + weight * (value - $0) } ?? value
    }
}
