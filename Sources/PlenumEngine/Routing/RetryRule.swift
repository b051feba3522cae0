import PlenumCore

/// What follows from an attempt that failed before anything of its answer was shown. After the first content nothing
/// follows: the client is told.
struct RetryRule: Sendable, Hashable {
    /// Who may be asked elsewhere.
    enum Elsewhere: Sendable, Hashable {
        case nobody
        case anybody
        /// Anybody, but first those at another provider: it is this one that has too much to do.
        case othersFirst
        /// A model that reads more than this one.
        case largerContext
    }

    /// What is left alone for a while.
    enum Rest: Sendable, Hashable {
        /// The model with the key that it is asked with.
        case deployment
        /// All that is asked with the key.
        case key
    }

    /// How often the same deployment is asked again.
    var again = 0
    /// Who may be asked elsewhere.
    var elsewhere = Elsewhere.nobody
    /// Whether the failure counts against the deployment.
    var counts = false
    /// How long it is left alone where there is another.
    var cooldown: Duration?
    /// What is left alone then.
    var rest = Rest.deployment
    /// Whether somebody has to look at the configuration or the account.
    var isAlarming = false

    /// The longest wait that a provider may ask for and still be asked again.
    private static let patience = Duration.seconds(10)
    /// The longest that a rate limit is taken to last.
    private static let longestLimit = Duration.seconds(600)
    /// How long a key rests whose account has nothing left, or whose provider does not say when to come again.
    private static let exhaustion = Duration.seconds(600)
    /// How long one rests that is not taken, and a deployment whose model is not there.
    private static let refusal = Duration.seconds(300)

    /// Reads the rule for an error.
    init(_ error: PlenumError) {
        switch error.code {
        case .unavailable, .badUpstream: (again, elsewhere, counts) = (1, .anybody, true)
        case .overloaded: (again, elsewhere, counts) = (1, .othersFirst, true)
        // Nobody at a provider is to blame for a time limit of ours or the client's.
        case .timeout where error.upstream == nil: break
        // The provider said so itself, and is asked again; where nobody answered, somebody else is.
        case .timeout: (again, elsewhere, counts) = (error.upstream?.status == nil ? 0 : 1, .anybody, true)
        // It may have been answered and billed: the same provider is not asked twice.
        case .upstreamInterrupted: (elsewhere, counts) = (.anybody, true)
        case .rateLimited:
            elsewhere = .anybody
            again = 1
            if let asked = error.retryAfter {
                cooldown = min(max(asked, .zero), Self.longestLimit)
            } else {
                // A limit of spending looks like this.
                (again, cooldown, rest) = (0, Self.exhaustion, .key)
            }
        case .quotaExhausted:
            elsewhere = .anybody
            (cooldown, rest, isAlarming) = (max(error.retryAfter ?? .zero, Self.exhaustion), .key, true)
        case .upstreamAuthentication:
            elsewhere = .anybody
            (cooldown, rest, isAlarming) = (Self.refusal, .key, true)
        case .notFound where error.upstream != nil:
            elsewhere = .anybody
            (cooldown, isAlarming) = (Self.refusal, true)
        case .contextLength: elsewhere = .largerContext
        default: break
        }
        // Nobody waits longer than that, and the provider's own word (`x-should-retry: false`) counts.
        if !error.isRetryable || error.retryAfter ?? .zero > Self.patience { again = 0 }
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
