internal import Synchronization

/// What a reactor counts for others to read.
final class ReactorCounters: Sendable {
    private let startedTransfers = Atomic(0)
    private let activeTransfers = Atomic(0)
    private let pausedTransfers = Atomic(0)
    private let openedConnections = Atomic(0)
    private let openConnections = Atomic(0)
    private let turns = Atomic(0)

    func turned() {
        turns.add(1, ordering: .relaxed)
    }

    func began() {
        startedTransfers.add(1, ordering: .relaxed)
        activeTransfers.add(1, ordering: .relaxed)
    }

    func ended() {
        activeTransfers.subtract(1, ordering: .relaxed)
    }

    func paused() {
        pausedTransfers.add(1, ordering: .relaxed)
    }

    func resumed() {
        pausedTransfers.subtract(1, ordering: .relaxed)
    }

    func opened() {
        openedConnections.add(1, ordering: .relaxed)
        openConnections.add(1, ordering: .relaxed)
    }

    func closed() {
        openConnections.subtract(1, ordering: .relaxed)
    }

    /// Adds the counts to a sum over all reactors.
    func add(to statistics: inout TransportStatistics) {
        statistics.startedTransfers += startedTransfers.load(ordering: .relaxed)
        statistics.activeTransfers += activeTransfers.load(ordering: .relaxed)
        statistics.pausedTransfers += pausedTransfers.load(ordering: .relaxed)
        statistics.openedConnections += openedConnections.load(ordering: .relaxed)
        statistics.turns += turns.load(ordering: .relaxed)
        statistics.openConnections += openConnections.load(ordering: .relaxed)
    }
}
