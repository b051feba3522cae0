/// A step of a reply, as it arrives.
///
/// A reply is `start`, then deltas in the order of the blocks, then `finish`, `usage` wherever the provider puts it, and
/// `end`, which says that the provider's own terminator was seen. A sequence without `end` was cut off.
public enum ReplyEvent: Sendable, Hashable {
    /// The provider began: its id of the reply and the model that it says it used.
    case start(id: String?, model: String?)
    /// More text of the answer.
    case text(String)
    /// More text of a refusal.
    case refusal(String)
    /// More text of the thoughts.
    case reasoning(String)
    /// State that belongs to the thoughts before it.
    case reasoningState(OpaqueState)
    /// A call begins. `index` counts the calls of this reply from 0.
    case toolCall(index: Int, id: String, name: String, opaque: OpaqueState?)
    /// More of a call's arguments.
    case toolArguments(index: Int, fragment: String)
    /// A block that means something in one dialect only.
    case opaque(Dialect, JSONValue)
    /// The tokens so far: each value replaces the one before.
    case usage(Usage)
    /// Why the model stopped.
    case finish(FinishReason)
    /// The provider's terminator.
    case end

    /// Whether a reader sees something: what has been shown must never be shown again by a second attempt.
    public var isContent: Bool {
        switch self {
        case .text(let text), .refusal(let text), .reasoning(let text): !text.isEmpty
        case .toolCall, .toolArguments, .opaque: true
        case .start, .reasoningState, .usage, .finish, .end: false
        }
    }
}
