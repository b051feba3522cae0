/// One change to what is kept, in the domain's words. A commit is a list of them.
public enum StorageChange: Sendable, Hashable {
    /// Adds a conversation.
    case createConversation(Conversation)
    /// Changes a conversation.
    case updateConversation(ConversationID, ConversationPatch)
    /// Removes a conversation with its messages, their runs and their events; generations stay in the ledger, without
    /// their words.
    case deleteConversation(ConversationID)
    /// Adds a message, and moves the conversation's `updatedAt` to the message's time. With `movesLeaf` the conversation
    /// goes on from it. A title is made of a first user message's words by the caller, not here.
    case appendMessage(Message, movesLeaf: Bool)
    /// Brings a message in progress to its end, drops its checkpoints, and moves the conversation's `updatedAt`.
    case finishMessage(MessageID, MessageEnding)
    /// Removes a message and leaves its answers without a parent; a leaf that was it moves to its parent.
    case deleteMessage(MessageID)
    /// Adds a generation, in progress or (with an ending) at its end; its words beside it if they are to be kept.
    case createGeneration(Generation, GenerationContent?)
    /// Adds text that a generation in progress has shown since its last checkpoint.
    case checkpoint(GenerationID, Progress)
    /// Brings a generation in progress to its end; drops its checkpoints. A reply is kept only if a request was.
    case finishGeneration(GenerationID, GenerationEnding, reply: [UInt8]?)
    /// Adds a run.
    case createRun(Run)
    /// Brings a run in progress to its end.
    case finishRun(RunID, Status, stopReason: String, at: Timestamp)
    /// Adds events to a run; a number that is there already is a conflict.
    case appendRunEvents(RunID, [RunEvent])
    /// Drops the events of runs that ended before a moment.
    case pruneRunEvents(endedBefore: Timestamp)
}

/// Text that was shown since the last checkpoint of the same generation.
public struct Progress: Sendable, Hashable {
    /// Counts the checkpoints of the generation from 0.
    public var sequence: Int
    /// More of the answer.
    public var text: String
    /// More of the thoughts.
    public var reasoning: String

    /// Makes a value.
    public init(sequence: Int, text: String, reasoning: String) {
        self.sequence = sequence
        self.text = text
        self.reasoning = reasoning
    }

    /// The parts that a message made of these checkpoints has: the thoughts, then the text, each if there is any.
    public static func parts(_ checkpoints: some Sequence<Progress>) -> [ContentPart] {
        var text = ""
        var reasoning = ""
        for checkpoint in checkpoints {
            text += checkpoint.text
            reasoning += checkpoint.reasoning
        }
        return (reasoning.isEmpty ? [] : [.reasoning(Reasoning(reasoning))]) + (text.isEmpty ? [] : [.text(text)])
    }
}
