import Logging
import PlenumCore
import Synchronization

/// An end that is still to be kept.
struct OverdueEnd: Sendable {
    var changes: [StorageChange]
    /// How many more times it may find nothing to end. A beginning whose outcome is not known may come to light late.
    var patience = 0
}

/// Ends that are tried again with every checkpoint until storage takes them.
extension Recorder {
    /// The most ends that wait for storage to work again.
    private static let overdueLimit = 100_000

    /// Takes over an end that is to be kept with the next checkpoint.
    /// - Parameter isUncertain: whether it is not known if what it ends was kept.
    func adopt(_ changes: [StorageChange], isUncertain: Bool = false) {
        adopt([OverdueEnd(changes: changes, patience: isUncertain ? 10 : 0)])
    }

    private func adopt(_ ends: [OverdueEnd]) {
        state.withLock { state in
            state.overdue += ends
            // Beyond this bound the oldest are given up: a restart marks them interrupted.
            state.overdue.removeFirst(max(0, state.overdue.count - Self.overdueLimit))
        }
    }

    /// Tries all of them once.
    func keepOverdue() async {
        let overdue = state.withLock { state in
            defer { state.overdue = [] }
            return state.overdue
        }
        var early: [OverdueEnd] = []
        for (index, end) in overdue.enumerated() {
            do {
                try await commit(end.changes)
            } catch  where error.code == .storage || error.code == .fenced {
                // It still does not work: the rest would only fail one by one. Under a new lease the ends of what the
                // last one lost are conflicts, and not tried again.
                adopt(early + overdue[index...])
                return
            } catch  where error.code == .notFound && (end.patience > 0 || end.changes.count > 1) {
                // Nothing was begun, or not yet, or a conversation was deleted under it: then the rest can be kept.
                let parts = end.patience > 0 ? [end.changes] : end.changes.map { [$0] }
                early += parts.map { OverdueEnd(changes: $0, patience: max(0, end.patience - 1)) }
            } catch {
                logger.debug("an end was not kept", metadata: ["error": "\(error)"])
            }
        }
        adopt(early)
    }
}
