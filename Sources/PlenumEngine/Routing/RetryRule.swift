import PlenumCore

/// What follows from an attempt that failed before anything of its answer was shown. After the first content nothing
/// follows: the client is told.
struct RetryRule: Sendable, Hashable {
    /// How often the same deployment is asked again.
    var again = 0
    /// Whether another deployment may be asked.
    var elsewhere = false
    /// Whether the failure counts against the deployment.
    var counts = false
    /// How long the deployment is left alone where there is another.
    var cooldown: Duration?

    /// The longest wait that a provider may ask for and still be asked again.
    private static let patience = Duration.seconds(10)
    /// How long a deployment rests whose account has nothing left, or whose provider does not say when to come again.
    private static let exhaustion = Duration.seconds(600)
    /// How long one rests that does not take the key.
    private static let refusal = Duration.seconds(300)

    /// Reads the rule for an error.
    init(_ error: PlenumError) {
        switch error.code {
        case .unavailable, .overloaded, .badUpstream: (again, elsewhere, counts) = (1, true, true)
        // The provider said so itself, and is asked again; where nobody answered, somebody else is.
        case .timeout: (again, elsewhere, counts) = (error.upstream?.status == nil ? 0 : 1, true, true)
        // It may have been answered and billed: the same provider is not asked twice.
        case .upstreamInterrupted: (elsewhere, counts) = (true, true)
        case .rateLimited:
            elsewhere = true
            cooldown = error.retryAfter ?? Self.exhaustion
            again = (error.retryAfter.map { $0 <= Self.patience } ?? false) ? 1 : 0
        case .quotaExhausted: (elsewhere, cooldown) = (true, max(error.retryAfter ?? .zero, Self.exhaustion))
        case .upstreamAuthentication: (elsewhere, cooldown) = (true, Self.refusal)
        case .notFound: elsewhere = error.upstream != nil
        default: break
        }
        // The provider's own word (`x-should-retry: false`).
        if !error.isRetryable { again = 0 }
    }

    /// The most attempts at one answer.
    static let attempts = 3

    /// How long to wait before the same deployment is asked again.
    /// - Parameter count: how many attempts there were.
    static func pause(after error: PlenumError, attempts count: Int) -> Duration {
        if let asked = error.retryAfter { return max(asked, .zero) }
        let longest = min(8000, 500 << min(count - 1, 4))
        return .milliseconds(Int.random(in: 0...longest))
    }
}
