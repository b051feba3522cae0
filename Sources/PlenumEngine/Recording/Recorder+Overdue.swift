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

    /// Tries all of them once, many at a time: after an outage there may be thousands.
    func keepOverdue() async {
        var waiting = state.withLock { state in
            defer { state.overdue = [] }
            return state.overdue[...]
        }
        var left: [OverdueEnd] = []
        var works = true
        while works, !waiting.isEmpty {
            let some = waiting.prefix(Self.overdueAtOnce)
            waiting = waiting.dropFirst(some.count)
            await withTaskGroup(of: (left: [OverdueEnd], works: Bool).self) { group in
                for end in some { group.addTask { await self.keep(end) } }
                for await kept in group {
                    left += kept.left
                    works = works && kept.works
                }
            }
        }
        // Where storage still does not work, the rest would only fail one by one.
        adopt(left + Array(waiting))
    }

    /// How many are tried at a time.
    private static let overdueAtOnce = 64

    /// Tries one.
    /// - Returns: what of it is to be tried again, and whether storage works.
    private func keep(_ end: OverdueEnd) async -> (left: [OverdueEnd], works: Bool) {
        do {
            try await commit(end.changes)
        } catch  where error.code == .storage || error.code == .fenced {
            // Under a new lease the ends of what the last one lost are conflicts, and not tried again.
            return ([end], false)
        } catch  where error.code == .notFound && (end.patience > 0 || end.changes.count > 1) {
            // Nothing was begun, or not yet, or a conversation was deleted under it: then the rest can be kept.
            let parts = end.patience > 0 ? [end.changes] : end.changes.map { [$0] }
            return (parts.map { OverdueEnd(changes: $0, patience: max(0, end.patience - 1)) }, true)
        } catch {
            logger.debug("an end was not kept", metadata: ["error": "\(error)"])
        }
        return ([], true)
    }
}
