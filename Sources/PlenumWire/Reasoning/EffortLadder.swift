import PlenumCore

/// Between efforts in words and budgets in tokens (wire notes 2.7).
enum EffortLadder {
    /// The words, from the least to the most.
    static let words = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

    /// The effort nearest to a budget; `nil` if the model is to decide.
    static func effort(budget: Int) -> String? {
        switch budget {
        case ..<0: nil
        case 0: "none"
        case ..<1024: "minimal"
        case ...2048: "low"
        case ...8192: "medium"
        case ...24576: "high"
        default: "xhigh"
        }
    }

    /// The budget of an effort; `nil` for a word that is not known.
    static func budget(effort: String) -> Int? {
        switch effort {
        case "none": 0
        case "minimal", "low": 1024
        case "medium": 8192
        case "high": 16384
        case "xhigh", "max": 24576
        default: nil
        }
    }

    /// The word that a model takes nearest to one: of two as near the one nearer to the middle; `nil` if it takes none,
    /// or if the word itself is not known. A wish to think never becomes `none`.
    static func nearest(to effort: String, where takes: (String) -> Bool) -> String? {
        guard let place = words.firstIndex(of: effort) else { return nil }
        if takes(effort) { return effort }
        let step = place < words.count / 2 ? 1 : -1
        for distance in 1..<words.count {
            for other in [place + step * distance, place - step * distance] where words.indices.contains(other) {
                if words[other] != "none", takes(words[other]) { return words[other] }
            }
        }
        return nil
    }

    /// The same where the model takes what it is not known to refuse. A word that is not known may be one of its own.
    static func nearest(to effort: String, _ capabilities: ModelCapabilities) -> String? {
        words.contains(effort) ? nearest(to: effort) { capabilities.takesEffort($0) != false } : effort
    }
}

extension ReasoningRequest {
    /// The effort that is wished for, in a word: of a budget the nearest; `nil` if the model is to decide.
    var word: String? { effort ?? budgetTokens.flatMap(EffortLadder.effort) }
}
