public import PlenumCore

/// How many debates may go on at once for whom: each is a chain of calls, and a few of them spend what many answers do.
public struct DebateQuota: Sendable, Hashable {
    /// Whose debates are counted together: a name for a key, which tells nothing of it.
    public var holder: String
    /// How many may go on at once.
    public var limit: Int

    /// Makes a quota.
    public init(holder: String, limit: Int) {
        self.holder = holder
        self.limit = limit
    }

    /// What is said when all are taken.
    var exhausted: PlenumError {
        PlenumError(
            .rateLimited,
            "\(limit) debates of this key go on already, as many as may at once. Wait until one has ended, or end one with "
                + "POST /v1/runs/{id}/cancel (GET /v1/runs lists them); PLENUM_DEBATES_AT_ONCE allows more.",
            retryAfter: .seconds(10)
        )
    }
}

extension Engine {
    /// Makes sure that one more debate may begin, before anything is kept of what leads to it.
    /// - Throws: `rateLimited` if as many go on as may.
    public func checkRoom(within quota: DebateQuota?) throws(PlenumError) { try runs.checkRoom(within: quota) }
}
