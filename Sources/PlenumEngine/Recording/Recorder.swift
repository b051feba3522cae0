import Logging
import PlenumCore
import Synchronization

/// The only writer of storage: begins, checkpoints and ends what the engine does.
///
/// All live replies and runs share one checkpoint a second, so that the cost of a second does not grow with their number.
final class Recorder: Sendable {
    private struct State {
        var replies: [GenerationID: LiveReply] = [:]
        var runs: [RunID: RunLog] = [:]
        /// Ends that nobody is left to wait for, or that could not be kept when they came, oldest first.
        var overdue: [[StorageChange]] = []
    }

    private let storage: any Storage
    private let logger: Logger
    private let state = Mutex(State())

    init(storage: any Storage, logger: Logger) {
        self.storage = storage
        self.logger = logger
    }

    /// Keeps changes before anything that follows from them is shown.
    func commit(_ changes: [StorageChange]) async throws(PlenumError) {
        try await storage.commit(changes)
    }

    /// Keeps the end of an attempt, with those of the message that it made and of the key that asked for it, if there are
    /// such.
    ///
    /// A conversation may be deleted while its answer comes: the ledger keeps the attempt all the same, and the key stays
    /// used, without the words.
    func commitEnd(_ changes: [StorageChange]) async throws(PlenumError) {
        do {
            try await storage.commit(changes)
        } catch  where error.code == .notFound && changes.count > 1 {
            try await storage.commit(changes.compactMap(Self.wordless))
        }
    }

    /// What of an end is kept when its conversation is gone.
    private static func wordless(_ change: StorageChange) -> StorageChange? {
        switch change {
        case .finishMessage: nil
        case .settleClaim(let key, let generation, let status, _): .settleClaim(key, generation, status, nil)
        default: change
        }
    }

    /// Keeps an end though nobody can be told if that fails, such as the end of an attempt that failed: what storage cannot
    /// take now is tried again with every checkpoint, so that nothing stays in progress that is not.
    func commitEventually(_ changes: [StorageChange]) async {
        do {
            try await storage.commit(changes)
        } catch  where error.code == .storage {
            logger.error("an end could not be kept yet", metadata: ["error": "\(error)"])
            adopt(changes)
        } catch  where error.code == .notFound && changes.count > 1 {
            // A conversation was deleted under its answer: what does not belong to it is kept.
            for change in changes.map({ Self.wordless($0) ?? $0 }) { await commitEventually([change]) }
        } catch {
            logger.debug("an end was not kept", metadata: ["error": "\(error)"])
        }
    }

    /// Includes a reply in the checkpoints.
    func follow(_ reply: LiveReply) {
        state.withLock { $0.replies[reply.generation] = reply }
    }

    /// Leaves a reply out of the checkpoints; called before its end is committed.
    func release(_ generation: GenerationID) {
        _ = state.withLock { $0.replies.removeValue(forKey: generation) }
    }

    /// Includes a run's events in the checkpoints.
    func follow(_ log: RunLog) {
        state.withLock { $0.runs[log.run] = log }
    }

    /// Leaves a run's events out of the checkpoints.
    func release(_ run: RunID) {
        _ = state.withLock { $0.runs.removeValue(forKey: run) }
    }

    /// Takes over an end that is to be kept with the next checkpoint.
    func adopt(_ changes: [StorageChange]) {
        state.withLock { state in
            state.overdue.append(changes)
            // Beyond this bound the oldest is given up: a restart marks it interrupted.
            if state.overdue.count > Self.overdueLimit { state.overdue.removeFirst() }
        }
    }

    /// The most ends that wait for storage to work again.
    private static let overdueLimit = 100_000

    private func keepOverdue() async {
        let overdue = state.withLock { state in
            defer { state.overdue = [] }
            return state.overdue
        }
        for (index, changes) in overdue.enumerated() {
            do {
                try await storage.commit(changes)
            } catch  where error.code == .storage {
                // It still does not work: the rest would only fail one by one.
                state.withLock { $0.overdue = overdue[index...] + $0.overdue }
                return
            } catch {
                logger.error("an end could not be kept", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Keeps what all live replies and runs have shown since the last call.
    func checkpoint() async {
        await keepOverdue()
        let (replies, runs) = state.withLock { (Array($0.replies.values), Array($0.runs.values)) }
        let progress = replies.compactMap { reply in reply.takeProgress().map { (reply, $0) } }
        let events = runs.map { ($0, $0.takeUnkept()) }.filter { !$0.1.isEmpty }
        guard !progress.isEmpty || !events.isEmpty else { return }
        let changes: [StorageChange] =
            progress.map { .checkpoint($0.generation, $1) } + events.map { .appendRunEvents($0.run, $1) }
        do {
            try await storage.commit(changes)
        } catch  where error.code == .notFound || error.code == .conflict {
            // A reply has ended since, or a conversation was deleted: that must not cost the others their checkpoint.
            let live = state.withLock { Set($0.replies.keys) }
            let rest = changes.filter { if case .checkpoint(let id, _) = $0 { live.contains(id) } else { true } }
            await commitEventually(rest)
        } catch {
            logger.error("a checkpoint could not be kept", metadata: ["error": "\(error)"])
            for (reply, lost) in progress { reply.restore(lost) }
            for (log, lost) in events { adopt([.appendRunEvents(log.run, lost)]) }
        }
    }
}
