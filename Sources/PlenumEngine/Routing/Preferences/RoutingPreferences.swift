public import PlenumCore

/// Which deployments of a model a client wants to be asked, and in which order: OpenRouter's `provider`.
///
/// A provider is named by its id or by its name for people, in any case of letters.
public struct RoutingPreferences: Sendable, Hashable {
    /// What is best of several deployments of a model.
    public enum Sort: String, Sendable, Hashable, CaseIterable {
        /// The cheapest first.
        case price
        /// Who writes fastest, as far as this process has seen, first.
        case throughput
        /// Who begins soonest, as far as this process has seen, first.
        case latency
    }

    /// What may be paid at most, in dollars a million tokens.
    public struct MaxPrice: Sendable, Hashable {
        /// For the prompt's tokens; anything if `nil`.
        public var prompt: Price.Rate?
        /// For the answer's tokens; anything if `nil`.
        public var completion: Price.Rate?

        /// Makes a limit.
        public init(prompt: Price.Rate? = nil, completion: Price.Rate? = nil) {
            self.prompt = prompt
            self.completion = completion
        }
    }

    /// Providers that come first, in this order.
    public var order: [String] = []
    /// The only providers that may be asked; all if it is empty.
    public var only: [String] = []
    /// Providers that must not be asked.
    public var ignore: [String] = []
    /// Whether others may be asked than those of ``order``, or, without an order, than each model's first.
    public var allowsFallbacks = true
    /// Whether deployments are left out that are known not to take something that the request says.
    public var requiresParameters = false
    /// What is best of those that ``order`` does not name; the order of `providers.json` if `nil`.
    public var sort: Sort?
    /// What may be paid at most.
    public var maxPrice: MaxPrice?
    /// Members that mean nothing here, as paths: a client is told so.
    public var ignored: [String] = []

    /// Makes preferences that prefer nothing.
    public init() {}

    /// Whether they prefer nothing.
    var isIndifferent: Bool { self == RoutingPreferences() }
}
