import PlenumCore

/// Between efforts in words and budgets in tokens (wire notes 2.7).
enum EffortLadder {
    private static let words = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

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

    /// The effort that a model takes nearest to one that it may refuse: of two as near the one nearer to the middle;
    /// `nil` if it takes none.
    static func nearest(_ effort: String, _ capabilities: ModelCapabilities) -> String? {
        guard let place = words.firstIndex(of: effort), capabilities.takesEffort(effort) == false else { return effort }
        let step = place < words.count / 2 ? 1 : -1
        for distance in 1..<words.count {
            for other in [place + step * distance, place - step * distance] where words.indices.contains(other) {
                if capabilities.takesEffort(words[other]) != false { return words[other] }
            }
        }
        return nil
    }
}
