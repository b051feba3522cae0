import PlenumCore

/// Until when an answer must be there, all of its attempts together.
struct Deadline: Sendable {
    /// The most time that a completion may take.
    static let completion = Duration.seconds(600)
    /// The most time that a step of a run may take.
    static let step = Duration.seconds(1800)
    /// No attempt is begun with less time left than that.
    static let least = Duration.seconds(2)
    /// What an attempt leaves, to tell the client how it ended.
    private static let margin = Duration.milliseconds(250)

    private let clock: EngineClock
    private let end: UInt64
    /// The client's own limit, if it set one.
    private let limit: Duration?

    /// A deadline for a completion.
    /// - Parameter limit: the client's own limit; a longer one than any completion has is cut to that.
    init(_ clock: EngineClock, within limit: Duration?) {
        let limit = limit.map { min($0, Self.completion) }
        self.init(clock, total: limit ?? Self.completion, limit: limit)
    }

    /// A deadline for a step of a run.
    init(step clock: EngineClock) { self.init(clock, total: Self.step, limit: nil) }

    private init(_ clock: EngineClock, total: Duration, limit: Duration?) {
        self.clock = clock
        self.limit = limit
        let (seconds, attoseconds) = total.components
        end = clock.ticks() + UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds / 1_000_000_000))
    }

    /// How much time is left, less than nothing when it is over.
    private var left: Duration {
        let now = clock.ticks()
        return now < end ? .nanoseconds(end - now) : .zero - .nanoseconds(now - end)
    }

    /// Whether an attempt may begin after a pause.
    func allowsAttempt(after pause: Duration = .zero) -> Bool { left - pause >= Self.least }

    /// How long an attempt that begins now waits: for nothing longer than the time that is left.
    func limiting(_ patience: Patience) -> Patience {
        var limited = patience
        let most = max(left - Self.margin, .zero)
        limited.connect = min(patience.connect, most)
        limited.head = min(patience.head, most)
        limited.firstContent = min(patience.firstContent, most)
        limited.idle = min(patience.idle, most)
        limited.total = min(patience.total, most)
        return limited
    }

    /// What an attempt's error means: where the client's own limit ended it, the provider did nothing wrong.
    func explaining(_ error: PlenumError) -> PlenumError {
        guard let limit, error.code == .timeout, error.upstream?.status == nil, left <= Self.margin * 2 else {
            return error
        }
        let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
        return PlenumError(
            .timeout,
            "The answer was not there within the \(JSONNumber(seconds)?.text ?? "few") seconds that x-request-timeout gives it.",
            cause: error.message
        )
    }
}
