/// What goes wrong with a simulated answer.
public enum SimulatedFault: Sendable, Hashable {
    /// It is refused with an HTTP status.
    case refusal(Refusal)
    /// A web page comes in its place.
    case webPage
    /// One line of 10 MB comes in its place.
    case longLine
    /// An error comes after a head that said that all is well: in place of the answer, or after so many words of it.
    case error(status: Int, after: Int?)
    /// It breaks off.
    case breaks(Break, Place)

    /// How an answer breaks off.
    public enum Break: Sendable, Hashable {
        /// The connection is closed hard.
        case reset
        /// The connection is closed.
        case close
        /// The HTTP message ends in order, the dialect's terminator is missing.
        case end
        /// Nothing more comes, and the connection stays.
        case stall
    }

    /// Where an answer breaks off.
    public enum Place: Sendable, Hashable {
        /// At a point on the way of every answer.
        case point(Point)
        /// After so many words.
        case words(Int)
    }

    /// The points on the way of an answer where it may break off, in order.
    public enum Point: Int, Sendable, Hashable, CaseIterable {
        /// Before the request was read: no more of it than the model's name.
        case beforeReading = 1
        /// After the request was read, before the head.
        case afterReading
        /// After the head.
        case afterHead
        /// After what comes before any content: the event of the start, the role.
        case afterPreamble
        /// After the first content.
        case afterContent
        /// In the middle of an event; of a whole answer, in the middle of its body.
        case inEvent
        /// Before the terminator.
        case beforeTerminator
    }

    /// An HTTP status in place of an answer.
    public struct Refusal: Sendable, Hashable {
        /// Why it is refused, where the status alone does not tell.
        public enum Reason: Sendable, Hashable {
            /// The status tells.
            case status
            /// Nothing is left on the account.
            case quota
            /// The prompt is longer than the model can read.
            case contextLength
        }

        /// The HTTP status.
        public var status: Int
        /// Why.
        public var reason: Reason
        /// Seconds for `retry-after`.
        public var retryAfter: Int?
        /// Milliseconds for `retry-after-ms`.
        public var retryAfterMilliseconds: Int?
        /// What `x-should-retry` says.
        public var shouldRetry: Bool?

        /// Makes a refusal.
        public init(status: Int, reason: Reason = .status) {
            self.status = status
            self.reason = reason
        }
    }
}
