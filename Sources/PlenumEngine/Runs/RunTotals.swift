public import PlenumCore

/// What a run has used so far.
public struct RunTotals: Sendable, Hashable {
    /// All tokens that were told.
    public private(set) var usage = Usage()
    private var known: Money?
    private var isComplete = true

    /// Makes a sum of nothing.
    public init() {}

    /// Adds what one attempt used.
    /// - Parameters:
    ///   - more: its tokens; `nil` if none were told.
    ///   - cost: what they cost; `nil` if not known.
    public mutating func add(_ more: Usage?, _ cost: Money?) {
        if let more { usage = usage + more }
        if let cost { known = (known ?? .zero) + cost } else if more != nil { isComplete = false }
    }

    /// The sum; `nil` while a part of it is not known, or nothing was used.
    public var cost: Money? { isComplete ? known : nil }

    /// The members of the `cost` event.
    public var json: JSONObject {
        JSONObject([("cost", cost.map { .string($0.description) } ?? .null), ("usage", usage.json)])
    }
}
