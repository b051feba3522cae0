/// How far a message, a generation or a run has come. Terminal states never change.
public enum Status: String, Sendable, Hashable, CaseIterable {
    /// Accepted, not begun.
    case queued
    /// Under way.
    case inProgress = "in_progress"
    /// Came to its normal end.
    case completed
    /// Ended by a limit or a filter, with what came before it.
    case incomplete
    /// Ended by an error.
    case failed
    /// Ended by the client.
    case cancelled
    /// Ended by the death of the server.
    case interrupted

    /// Whether this is an end.
    public var isTerminal: Bool { self != .queued && self != .inProgress }
}
