import PlenumCore

/// The wish for thoughts in Anthropic's words (wire notes 2.7).
struct AnthropicThinking {
    /// The value of `thinking`; `nil` leaves it out.
    var json: JSONValue?
    /// The value of `output_config.effort`.
    var effort: String?
    /// The tokens set apart, which must be fewer than `max_tokens`.
    var budget: Int?

    /// The fewest tokens that Anthropic takes.
    static let leastBudget = 1024

    /// Nothing is asked.
    init() {}

    /// Puts a wish into words.
    init(_ wish: ReasoningRequest, _ abilities: AnthropicAbilities, limit: Int, _ written: inout RequestBody) {
        let isOff = wish.effort == "none" || (wish.effort == nil && wish.budgetTokens == 0)
        switch abilities.thinking {
        case .always:
            if isOff {
                effort = "low"
                written.warn("reasoning.effort", .downgraded)
            } else {
                think(wish, abilities, &written)
            }
        case .adaptive:
            if isOff { json = ["type": "disabled"] } else { think(wish, abilities, &written) }
        case .legacy:
            guard !isOff, let budget = Self.budget(wish, limit) else { return }
            setApart(budget)
        case .unknown:
            if isOff {
                json = ["type": "disabled"]
            } else if let budget = wish.budgetTokens, budget > 0, wish.effort == nil {
                setApart(max(budget, Self.leastBudget))
            } else {
                think(wish, abilities, &written)
            }
        }
    }

    private mutating func think(
        _ wish: ReasoningRequest,
        _ abilities: AnthropicAbilities,
        _ written: inout RequestBody
    ) {
        json = wish.includeText == true ? ["type": "adaptive", "display": "summarized"] : ["type": "adaptive"]
        guard let word = wish.word else { return }
        effort = abilities.effort(word)
        if effort == nil { written.warn("reasoning.effort", .dropped) }
        if let effort, effort != word, word != "minimal" { written.warn("reasoning.effort", .downgraded) }
    }

    private mutating func setApart(_ tokens: Int) {
        budget = tokens
        json = ["type": "enabled", "budget_tokens": .whole(tokens)]
    }

    private static func budget(_ wish: ReasoningRequest, _ limit: Int) -> Int? {
        if let budget = wish.budgetTokens, budget > 0 { return max(budget, leastBudget) }
        if wish.effort == "max" { return max(leastBudget, min(limit - 1, 32000)) }
        return (wish.effort ?? (wish.budgetTokens == -1 ? "medium" : nil)).flatMap(EffortLadder.budget)
    }

    /// Holds the budget under a limit on all tokens; no thoughts at all if there is no room.
    mutating func fit(under limit: Int, _ written: inout RequestBody) {
        guard let budget, budget >= limit else { return }
        if limit > Self.leastBudget {
            setApart(limit - 1)
            written.warn("reasoning.budget", .downgraded)
        } else {
            self = AnthropicThinking()
            written.warn("reasoning", .dropped)
        }
    }

    /// Whether the model thinks, for as long as it is told or as it sees fit: then it cannot be made to call a tool.
    var isOn: Bool { ["enabled", "adaptive"].contains(json?["type"]?.string) }

    /// Whether `thinking` of a client's own body means something to a model.
    static func isLegal(_ thinking: JSONValue, _ abilities: AnthropicAbilities) -> Bool {
        switch (thinking["type"]?.string, abilities.thinking) {
        case ("enabled"?, .always), ("disabled"?, .always), ("adaptive"?, .legacy): false
        default: true
        }
    }
}
