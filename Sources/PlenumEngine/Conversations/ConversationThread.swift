import PlenumCore

/// A question set into its conversation: what is sent, and the messages that it adds. It is one object, whoever has a hand in
/// the answer.
final class ConversationThread: Sendable {
    /// The history with the new turns behind it.
    let chat: ChatRequest
    /// The new turns as messages.
    let questions: [Message]
    /// The answer's message, in progress.
    let answer: Message
    /// Whether anything was said before.
    let hasHistory: Bool
    /// The title made of the first words, for a conversation that has none.
    let title: String?
    /// The conversation, if it begins with this.
    let begins: Conversation?

    init(
        chat: ChatRequest,
        questions: [Message],
        answer: Message,
        hasHistory: Bool,
        title: String?,
        begins: Conversation?
    ) {
        self.chat = chat
        self.questions = questions
        self.answer = answer
        self.hasHistory = hasHistory
        self.title = title
        self.begins = begins
    }

    /// The changes that begin the reply.
    var beginning: [StorageChange] {
        let created: [StorageChange] = begins.map { [.createConversation($0)] } ?? []
        let titled: [StorageChange] =
            title.map {
                var patch = ConversationPatch(updatedAt: answer.createdAt)
                patch.title = $0
                return [.updateConversation(answer.conversation, patch)]
            } ?? []
        return created + titled + questions.map { .appendMessage($0, movesLeaf: true) } + [
            .appendMessage(answer, movesLeaf: true)
        ]
    }
}
