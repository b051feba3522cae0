/// The words for how much to think, in order.
enum ReasoningEfforts {
    static let all = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

    /// The nearest word that is known, the lower of two; `nil` if none is, or the word itself is not one. A wish to think
    /// never becomes `none`.
    static func nearest(to effort: String, where isKnown: (String) -> Bool) -> String? {
        guard let place = all.firstIndex(of: effort) else { return nil }
        return all.indices.filter { $0 > 0 && isKnown(all[$0]) }.min { abs($0 - place) < abs($1 - place) }.map {
            all[$0]
        }
    }
}
