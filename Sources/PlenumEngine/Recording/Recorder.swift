import Logging
import PlenumCore
import Synchronization

/// The only writer of storage: begins, checkpoints and ends what the engine does.
///
/// All live replies and runs share their checkpoints, so that the cost of a second does not grow with their number.
final class Recorder: Sendable {
    struct State {
        var replies: [GenerationID: LiveReply] = [:]
        var runs: [RunID: RunLog] = [:]
        /// Ends that nobody is left to wait for, or that could not be kept when they came, oldest first.
        var overdue: [OverdueEnd] = []
        var tenure = Tenure()
    }

    let storage: any Storage
    let registry: RunRegistry
    let clock: EngineClock
    let logger: Logger
    let state = Mutex(State())
    /// Whoever keeps events of runs: they are stored in the order of their numbers.
    let eventTurn = Turnstile()
    /// Whoever renews the lease.
    let leaseTurn = Turnstile()

    init(storage: any Storage, registry: RunRegistry, clock: EngineClock, logger: Logger) {
        self.storage = storage
        self.registry = registry
        self.clock = clock
        self.logger = logger
    }

    /// Keeps changes before anything that follows from them is shown.
    func commit(_ changes: [StorageChange]) async throws(PlenumError) {
        let number = state.withLock { $0.tenure.number }
        do {
            try await storage.commit(changes)
        } catch {
            if error.code == .fenced { lose(number) }
            throw error
        }
    }

    /// Keeps the end of an attempt, with those of the message that it made and of the key that asked for it, if there are
    /// such.
    ///
    /// A conversation may be deleted while its answer comes: the ledger keeps the attempt all the same, and the key stays
    /// used, without the words.
    func commitEnd(_ changes: [StorageChange]) async throws(PlenumError) {
        do {
            try await commit(changes)
        } catch  where error.code == .notFound && changes.count > 1 {
            try await commit(changes.compactMap(Self.wordless))
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
            try await commit(changes)
        } catch  where error.code == .storage || error.code == .fenced {
            // Of a lost lease the log tells once.
            let level: Logger.Level = error.code == .fenced ? .debug : .error
            logger.log(level: level, "an end could not be kept yet", metadata: ["error": "\(error)"])
            adopt(changes)
        } catch  where error.code == .notFound && changes.count > 1 {
            // A conversation was deleted under its answer: what does not belong to it is kept.
            for change in changes.map({ Self.wordless($0) ?? $0 }) { await commitEventually([change]) }
        } catch {
            logger.debug("an end was not kept", metadata: ["error": "\(error)"])
        }
    }

    /// Leaves a reply that has ended out of the checkpoints.
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

    /// Keeps what all runs, and with them all replies if that is due, have shown since the last call.
    func checkpoint(withReplies: Bool = true) async {
        if withReplies { await keepOverdue() }
        await eventTurn.enter()
        defer { eventTurn.leave() }
        let (replies, runs) = state.withLock { (withReplies ? Array($0.replies.values) : [], Array($0.runs.values)) }
        let progress = replies.compactMap { reply in reply.takeProgress().map { (reply, $0) } }
        let events = runs.map { ($0, $0.takeUnkept()) }.filter { !$0.1.isEmpty }
        guard !progress.isEmpty || !events.isEmpty else { return }
        let changes: [StorageChange] =
            progress.map { .checkpoint($0.generation, $1) } + events.map { .appendRunEvents($0.run, $1) }
        do {
            try await commit(changes)
        } catch  where error.code == .notFound || error.code == .conflict {
            // A reply has ended since, or a conversation was deleted: that must not cost the others their checkpoint.
            for change in changes { await commitEventually([change]) }
        } catch {
            let level: Logger.Level = error.code == .fenced ? .debug : .error
            logger.log(level: level, "a checkpoint could not be kept", metadata: ["error": "\(error)"])
            for (reply, lost) in progress { reply.restore(lost) }
            return
        }
        for (log, _) in events { log.noteKept() }
    }
}
