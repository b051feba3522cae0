import PlenumCore

/// What a call costs at most and about, with the limit of its answer set.
struct CallCost: Sendable, Hashable {
    /// The most tokens of the prompt.
    var input: TokenBound
    /// The most tokens of the answer.
    var output: Int
    /// The most that it costs, whoever of the candidates answers; `nil` if one's price is not known.
    var most: Money?
    /// What it costs if the first candidate answers with as much as is to be expected; `nil` if its price is not known.
    var likely: Money?

    /// The most tokens of an answer where neither who asks nor the model names a limit.
    static let unlimited = 8192
    /// What a model that thinks before it answers may use for that.
    static let thinking = 4096
    /// The least that it is worth to ask for.
    private static let least = 256

    /// Reckons a call.
    init(_ call: StepCall, _ candidates: [Deployment]) {
        input = TokenBound(call.chat)
        output = call.chat.maxOutputTokens ?? candidates.compactMap(\.model.maxOutput).max() ?? Self.unlimited
        let expected = call.mayShrink ? min(output, 700) : output * 2 / 3
        let costs = candidates.map { $0.model.price?.cost(of: Usage(inputUncached: input.most, output: output)) }
        most = costs.contains(nil) ? nil : costs.compactMap(\.self).max()
        likely = candidates.first?.model.price?.cost(of: Usage(inputUncached: input.likely, output: expected))
    }

    /// The limit at which an answer costs no more than a share of the money; `nil` if that is not worth it.
    static func limit(_ call: StepCall, _ candidates: [Deployment], within share: Money) -> Int? {
        let whole = CallCost(call, candidates)
        guard let most = whole.most else { return nil }
        guard most > share else { return whole.output }
        var (low, high) = (0, whole.output)
        while low < high {
            let middle = (low + high + 1) / 2
            var shorter = call
            shorter.chat.maxOutputTokens = middle
            guard let cost = CallCost(shorter, candidates).most, cost <= share else {
                high = middle - 1
                continue
            }
            low = middle
        }
        return low >= min(least, whole.output) ? low : nil
    }
}

extension Model {
    /// Whether it thinks before it answers also when nobody asks it to.
    var thinksUnasked: Bool { capabilities[.thinkingAlwaysOn] == true || capabilities.takesEffort("none") == false }
}
