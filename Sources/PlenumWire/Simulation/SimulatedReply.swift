public import PlenumCore

/// An answer that is made up: its events, and how they come.
public struct SimulatedReply: Sendable, Hashable {
    /// What is said.
    public var events: [ReplyEvent]
    /// Milliseconds before it begins.
    public var wait: Int
    /// Milliseconds between two words.
    public var gap: Int
    /// What goes wrong with it.
    public var fault: SimulatedFault?

    /// Makes an answer.
    public init(events: [ReplyEvent], wait: Int = 0, gap: Int = 0, fault: SimulatedFault? = nil) {
        self.events = events
        self.wait = wait
        self.gap = gap
        self.fault = fault
    }
}

/// A call of a simulated model of which nothing but the model's name has been read.
public struct SimulatedCall: Sendable {
    /// What goes wrong with it, as the model's name says.
    public var fault: SimulatedFault?
    /// What it refuses of itself; nothing if `nil`.
    public var scruples: SimulatedScruples?
    /// Gives the answer to what is asked; called once.
    public var reply: @Sendable (ChatRequest) -> SimulatedReply

    /// Makes a call.
    public init(
        fault: SimulatedFault?,
        scruples: SimulatedScruples? = nil,
        reply: @escaping @Sendable (ChatRequest) -> SimulatedReply
    ) {
        self.fault = fault
        self.scruples = scruples
        self.reply = reply
    }
}
