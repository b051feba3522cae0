import PlenumCore
import Synchronization

/// A process's lease: the key and the number of its row among the processes.
struct SQLLease: Sendable, Hashable {
    /// Sixteen random bytes, never used again.
    let id: [UInt8]
    /// What the process's rows in progress name as their owner; it may be used again after the process is gone.
    let number: Int
}

/// The lease that this process has now, if it has one.
final class SQLLeaseHolder: Sendable {
    private let state = Mutex<SQLLease?>(nil)

    var lease: SQLLease? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    /// Sixteen random bytes.
    static func newID() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
