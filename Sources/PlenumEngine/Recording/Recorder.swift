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
        /// Ends that nobody is left to wait for: a client went away before its stream began to flow.
        var orphans: [StorageChange] = []
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

    /// Keeps what must be kept though nobody can be told if it fails, such as the end of an attempt that failed.
    func commitQuietly(_ changes: [StorageChange]) async {
        do {
            try await storage.commit(changes)
        } catch {
            logger.error("an end could not be kept", metadata: ["error": "\(error)"])
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

    /// Takes over an end from an owner that is being deallocated; it is kept with the next checkpoint.
    func adopt(_ changes: [StorageChange]) {
        state.withLock { $0.orphans += changes }
    }

    /// Keeps what all live replies and runs have shown since the last call.
    func checkpoint() async {
        let (replies, runs, orphans) = state.withLock { state in
            defer { state.orphans = [] }
            return (Array(state.replies.values), Array(state.runs.values), state.orphans)
        }
        for end in orphans { await commitQuietly([end]) }
        let progress = replies.compactMap { reply in reply.takeProgress().map { (reply, $0) } }
        let events = runs.map { ($0, $0.takeUnkept()) }.filter { !$0.1.isEmpty }
        guard !progress.isEmpty || !events.isEmpty else { return }
        let changes: [StorageChange] =
            progress.map { .checkpoint($0.generation, $1) } + events.map { .appendRunEvents($0.run, $1) }
        do {
            try await storage.commit(changes)
        } catch  where error.code == .notFound || error.code == .conflict {
            // Somebody deleted a conversation under a reply: that must not cost the others their checkpoint.
            for change in changes { await commitQuietly([change]) }
        } catch {
            logger.error("a checkpoint could not be kept", metadata: ["error": "\(error)"])
            for (reply, lost) in progress { reply.restore(lost) }
        }
    }
}
