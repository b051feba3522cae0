import Logging
import PlenumCore
import Synchronization

/// How long this process has been the owner of what it begins.
struct Tenure: Sendable {
    /// Counts the leases that were lost.
    var number = 0
    /// Whether the lease was lost and there is no new one yet.
    var isLost = false
    /// When the lease was last renewed, by a clock that goes on while the process does not; `nil` before the first one.
    var renewedAt: UInt64?

    /// For how many seconds a lease runs.
    static let length = 30
    /// After how many seconds it is renewed.
    static let renewal = 10
    /// After how many seconds nothing is begun under it any more: others may think this process dead soon.
    static let trust = 20

    /// Whether a lease is to be taken or renewed.
    func isOlder(than seconds: Int, at now: UInt64) -> Bool {
        guard !isLost, let renewedAt else { return true }
        return now >= renewedAt + UInt64(seconds) * 1_000_000_000
    }
}

extension PlenumError {
    /// What those are told whose answers another process has marked as interrupted.
    static var leaseLost: PlenumError {
        PlenumError(
            .interrupted,
            "This server lost touch with the database for so long that another one marked the answer as interrupted. "
                + "The part that was kept by then stays; ask again for the whole.",
            retryable: false
        )
    }
}

/// The lease by which other processes know that this one lives.
extension Recorder {
    /// Keeps changes that go on from nothing that was begun before, under a lease that will not run out at once.
    /// - Returns: the number of the tenure that they belong to.
    @discardableResult
    func commitNew(_ changes: [StorageChange]) async throws(PlenumError) -> Int {
        try await renewLease(ifOlderThan: Tenure.trust)
        let number = state.withLock { $0.tenure.number }
        do {
            try await storage.commit(changes)
            return number
        } catch  where error.code == .fenced {
            lose(number)
        }
        // Nothing of it was written: under a new lease it can be.
        try await renewLease(ifOlderThan: Tenure.trust)
        let next = state.withLock { $0.tenure.number }
        try await commit(changes)
        return next
    }

    /// Includes a reply in the checkpoints and among what ends with the tenure that it was begun in.
    func follow(_ reply: LiveReply, since tenure: Int) {
        let isPast = state.withLock { state in
            guard state.tenure.number == tenure else { return true }
            state.replies[reply.generation] = reply
            return false
        }
        if isPast { reply.cut.happen(.leaseLost) }
    }

    /// The number of the tenure.
    var tenure: Int { state.withLock { $0.tenure.number } }

    /// Takes or renews the lease, where other processes may sweep up after this one.
    func renewLease(ifOlderThan seconds: Int) async throws(PlenumError) {
        guard storage.isShared, isLeaseOlder(than: seconds) else { return }
        try await renewLease { isLeaseOlder(than: seconds) }
    }

    /// Takes or renews the lease if that is still wanted when nobody else is at it.
    func renewLease(_ isWanted: () -> Bool = { true }) async throws(PlenumError) {
        await leaseTurn.enter()
        defer { leaseTurn.leave() }
        guard isWanted() else { return }
        // From before the call: the database's clock may start the lease at any moment of it.
        var start = clock.ticks()
        let number = tenure
        do {
            try await storage.renewLease(for: .seconds(Tenure.length))
        } catch  where error.code == .fenced {
            lose(number)
            start = clock.ticks()
            try await storage.renewLease(for: .seconds(Tenure.length))
        }
        state.withLock { state in
            state.tenure.renewedAt = start
            state.tenure.isLost = false
        }
    }

    private func isLeaseOlder(than seconds: Int) -> Bool {
        let now = clock.ticks()
        return state.withLock { $0.tenure.isOlder(than: seconds, at: now) }
    }

    /// Ends everything that was begun in a tenure: others have marked it as interrupted.
    func lose(_ number: Int) {
        let replies = state.withLock { state -> [LiveReply]? in
            guard state.tenure.number == number, !state.tenure.isLost else { return nil }
            state.tenure.number += 1
            state.tenure.isLost = true
            defer {
                state.replies = [:]
                state.runs = [:]
            }
            return Array(state.replies.values)
        }
        guard let replies else { return }
        let runs = registry.all
        logger.error(
            "the lease ran out and others took over: what was under way is stopped",
            metadata: ["replies": "\(replies.count)", "runs": "\(runs.count)"]
        )
        for reply in replies { reply.cut.happen(.leaseLost) }
        for run in runs { run.cut.happen(.leaseLost) }
    }

    /// Marks what dead processes have left in progress.
    func sweep() async throws(PlenumError) {
        let recovery = try await storage.recover(at: clock.now())
        guard recovery != Recovery() else { return }
        logger.notice(
            "another process died in the middle: what it left is marked interrupted",
            metadata: [
                "messages": "\(recovery.messages)", "generations": "\(recovery.generations)",
                "runs": "\(recovery.runs)",
            ]
        )
    }
}
