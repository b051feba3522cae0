import PlenumCore
import PlenumEngine
import PlenumWire

/// Requests of OpenAI's Responses: what they continue, and what is kept of them to be continued.
///
/// A response is a message of a conversation under another name: the id is the message's, with the prefix that clients of
/// this dialect know. One that names neither a conversation nor a response before it begins a conversation of its own,
/// which is put away.
struct StoredResponses: Placing {
    /// Whether words may be kept at all.
    let keepsWords: Bool

    /// What a conversation says that holds nothing but responses.
    static let metadata = JSONObject([("source", "responses")])

    func place(_ head: DoorHead, in engine: Engine) async throws(PlenumError) -> ConversationPlace? {
        guard !head.isBackground else {
            throw PlenumError(
                .unsupportedParameter,
                "\"background\" is not done here: POST /v1/runs with \"background\": true answers at once and goes on.",
                parameter: "background"
            )
        }
        var place: ConversationPlace
        if let text = head.previousResponse {
            guard head.conversation == nil else {
                throw PlenumError(
                    .invalidRequest,
                    "\"previous_response_id\" and \"conversation\" exclude each other.",
                    parameter: "previous_response_id"
                )
            }
            let before = try await Self.message(text, in: engine, parameter: "previous_response_id")
            place = ConversationPlace(conversation: before.conversation, parent: before.id)
        } else if let named = try NamedConversations().place(head, in: engine) {
            place = named
        } else {
            guard keepsWords, head.store != false else { return nil }
            let now = engine.clock.now()
            var begins = Conversation(id: engine.ids.next(), isArchived: true, metadata: Self.metadata, createdAt: now)
            begins.model = head.model
            place = ConversationPlace(conversation: begins.id)
            place.begins = begins
        }
        place.answer = engine.ids.next()
        return place
    }

    func replyID(_ message: MessageID) -> String? { Self.id(of: message) }

    /// The id by which clients know a message as a response.
    static func id(of message: MessageID) -> String { prefix + message.description.dropFirst(messagePrefix.count) }

    /// Finds the message of a response.
    /// - Throws: `notFound` if there is none.
    static func message(
        _ id: String,
        in engine: Engine,
        parameter: String? = nil
    ) async throws(PlenumError) -> Message {
        let missing = PlenumError(
            .notFound,
            "There is no response \"\(id.prefix(100))\": it was not stored, or was deleted.",
            parameter: parameter
        )
        guard id.hasPrefix(prefix), let id = MessageID(messagePrefix + id.dropFirst(prefix.count)) else {
            throw missing
        }
        let message: Message
        do { message = try await engine.storage.message(id) } catch {
            throw error.code == .notFound ? missing : error
        }
        guard message.role == .assistant else { throw missing }
        return message
    }

    private static let prefix = "resp_"
    private static let messagePrefix = "\(Message.identifierPrefix)_"
}
