/// What a transport is doing; each figure is exact, but they are not read at one instant.
public struct TransportStatistics: Sendable, Hashable {
    /// Exchanges that a reactor has taken on since the start.
    public internal(set) var startedTransfers = 0

    /// Exchanges under way.
    public internal(set) var activeTransfers = 0

    /// Exchanges under way whose server is held back because the reader is slow.
    public internal(set) var pausedTransfers = 0

    /// Connections that were opened, or tried, since the start.
    public internal(set) var openedConnections = 0

    /// Connections that are open now, in use or idle.
    public internal(set) var openConnections = 0

    /// Times that a reactor has woken up: an idle transport sleeps.
    public internal(set) var turns = 0
}
