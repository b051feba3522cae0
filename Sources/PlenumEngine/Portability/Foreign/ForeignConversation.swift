import PlenumCore

/// A conversation as another program tells it, in words that all of them share.
struct ForeignConversation {
    /// What it is called at its home.
    var id: String
    /// Its title there.
    var title: String?
    /// When it was made, if the file says so.
    var createdAt: Timestamp?
    /// When it last changed, if the file says so.
    var updatedAt: Timestamp?
    /// Its messages, and what stands between them.
    var nodes: [ForeignNode] = []
    /// The node after which it goes on; the last message if `nil`.
    var leaf: Int?
}

/// A place in the tree of another program.
struct ForeignNode {
    /// What stands there.
    enum Content {
        /// Nothing at all.
        case nothing
        /// A message that is not taken over: a system's, a tool's, a hidden or an empty one.
        case leftOut
        /// What a model thought before the answer that follows.
        case thoughts(String)
        /// A message.
        case message(ForeignMessage)
    }

    /// What it is called within its conversation.
    var id: String
    /// The node that it follows.
    var parent: Int?
    /// When it was made, if the file says so.
    var createdAt: Timestamp?
    /// What stands there.
    var content: Content

    /// The message, if there is one.
    var message: ForeignMessage? { if case .message(let message) = content { message } else { nil } }
}

/// A message of another program.
struct ForeignMessage {
    /// Whose it is.
    var role: Turn.Role
    /// What it says.
    var parts: [ContentPart]
    /// The provider's name of the model, if the file says it.
    var model: String?
    /// How it ended.
    var status = Status.completed
    /// Why the model stopped, if the file says so.
    var finish: FinishReason?
}

/// Moments as other programs write them: seconds since 1970 with a fraction, or ISO 8601.
extension Timestamp {
    init?(foreign json: JSONValue?) {
        switch json {
        case .number(let number)?:
            let seconds = number.double
            guard seconds.isFinite, (0...253_402_300_799).contains(seconds) else { return nil }
            self.init(milliseconds: Int64((seconds * 1000).rounded()))
        case .string(let text)?: self.init(portable: CivilTime(iso8601: text)?.timestamp.milliseconds)
        default: return nil
        }
    }
}
