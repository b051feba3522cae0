import Synchronization

/// The id of a run, as soon as it is known.
final class RunName: Sendable {
    private let state = Mutex<String?>(nil)

    /// The id; `nil` while it is not known.
    var value: String? { state.withLock { $0 } }

    /// Notes the id; the first one counts.
    func set(_ id: String) { state.withLock { $0 = $0 ?? id } }
}
