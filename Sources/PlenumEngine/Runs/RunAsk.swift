public import PlenumCore

/// A run as a client asks for it.
public struct RunAsk: Sendable {
    /// A seat as a client asks for it.
    public struct Seat: Sendable {
        /// The model, by any name it has.
        public var model: String
        /// Models that stand in when this one fails before it has shown anything, in order.
        public var fallbacks: [String]
        /// System text of its own.
        public var system: String?
        /// Who it speaks as in a debate.
        public var persona: String?
        /// The position that it argues for in a debate.
        public var side: String?
        /// Parameters of its own.
        public var parameters: SeatParameters

        /// Makes a seat.
        public init(
            model: String,
            fallbacks: [String] = [],
            system: String? = nil,
            parameters: SeatParameters = SeatParameters()
        ) {
            self.model = model
            self.fallbacks = fallbacks
            self.system = system
            self.parameters = parameters
        }
    }

    /// The most seats of a run.
    public static let seatLimit = 16

    /// What the run is for.
    public var kind: Run.Kind
    /// What is asked of every seat; empty to have the message at the place answered again, which then is a user's.
    public var input: [ContentPart]
    /// Who answers.
    public var seats: [Seat]
    /// What is asked for beside the seats.
    public var settings = RunSettings()
    /// Where it belongs; a new conversation if `nil`.
    public var place: ConversationPlace?
    /// The key that it came with; `nil` if asking again may have it done again.
    public var claim: ClaimAsk?
    /// Among how many debates it has to find room, if it is one; among any number if `nil`.
    public var quota: DebateQuota?

    /// Makes an ask.
    public init(kind: Run.Kind, input: [ContentPart], seats: [Seat], place: ConversationPlace? = nil) {
        self.kind = kind
        self.input = input
        self.seats = seats
        self.place = place
    }
}
