import PlenumCore

/// A model's name with what it says of routing: `:floor` and `:nitro` are OpenRouter's short forms of a sort.
struct RouteName: Sendable, Hashable {
    /// The name without the suffix.
    let base: String
    /// What the suffix says is best.
    let sort: RoutingPreferences.Sort

    private static let variants: [(suffix: String, sort: RoutingPreferences.Sort)] = [
        (":floor", .price), (":nitro", .throughput),
    ]

    /// Takes a suffix off; `nil` if the name has none, or nothing but one.
    init?(_ name: String) {
        guard let variant = Self.variants.first(where: { name.hasSuffix($0.suffix) }) else { return nil }
        let base = name.dropLast(variant.suffix.count)
        guard !base.isEmpty else { return nil }
        (self.base, sort) = (String(base), variant.sort)
    }
}
