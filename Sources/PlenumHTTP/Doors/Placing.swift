import PlenumCore
import PlenumEngine
import PlenumWire

/// Where the requests of a door belong, and by which ids their answers are known.
protocol Placing: Sendable {
    /// The place of a request; `nil` for one that belongs to no conversation.
    /// - Throws: `notFound` for a conversation or message that is none.
    func place(_ head: DoorHead, in engine: Engine) async throws(PlenumError) -> ConversationPlace?

    /// The id of the answer whose message this is; `nil` if it goes by its generation's.
    func replyID(_ message: MessageID) -> String?
}

/// Requests that name the conversation to which they belong, with `conversation` and `parent`.
struct NamedConversations: Placing {
    func place(_ head: DoorHead, in engine: Engine) throws(PlenumError) -> ConversationPlace? {
        guard let text = head.conversation else { return nil }
        guard let conversation = ConversationID(text) else {
            throw PlenumError(.notFound, "There is no conversation \"\(text.prefix(100))\".", parameter: "conversation")
        }
        guard let parent = head.parent else { return ConversationPlace(conversation: conversation) }
        guard let parent = MessageID(parent) else {
            throw PlenumError(.notFound, "\"parent\" is no id of a message.", parameter: "parent")
        }
        return ConversationPlace(conversation: conversation, parent: parent)
    }

    func replyID(_ message: MessageID) -> String? { nil }
}
