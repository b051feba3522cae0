/// One change to what is kept, in the domain's words. A commit is a list of them.
///
/// What holds the tree together must be there: a message's conversation and parent, a leaf, a run's conversation. All
/// other ids (a message's run and generation, a generation's conversation, message and run, a run's messages) are kept
/// as given, so that a commit may name what a later change adds. `updatedAt` never moves back.
///
/// A change is one word, whatever it holds: it is handed on from the engine to a thread of the database and back.
public indirect enum StorageChange: Sendable, Hashable {
    /// Adds a conversation. It has no leaf yet: that comes with its messages.
    case createConversation(Conversation)
    /// Changes a conversation.
    case updateConversation(ConversationID, ConversationPatch)
    /// Removes a conversation with its messages, its runs and their events. The generations that name any of these, or
    /// that its messages name, stay in the ledger without their words, and so do the claims on them.
    case deleteConversation(ConversationID)
    /// Adds a message, and moves the conversation's `updatedAt` to the message's time. With `movesLeaf` the conversation
    /// goes on from it. A title is made of a first user message's words by the caller, not here.
    case appendMessage(Message, movesLeaf: Bool)
    /// Brings a message in progress to its end, drops its checkpoints, and moves the conversation's `updatedAt`. Model,
    /// provider and generation stay as they are where the ending names none.
    case finishMessage(MessageID, MessageEnding)
    /// Removes a message and leaves its answers without a parent; a leaf that was it moves to its parent. The generations
    /// that made it stay in the ledger without their words, and so do the claims on them.
    case deleteMessage(MessageID)
    /// Adds a generation, in progress or (with an ending, whose status then counts) at its end; its words beside it if
    /// they are to be kept.
    case createGeneration(Generation, GenerationContent?)
    /// Adds text that a generation in progress has shown since its last checkpoint; a number that is there already is a
    /// conflict.
    case checkpoint(GenerationID, Progress)
    /// Brings a generation in progress to its end; drops its checkpoints. A reply is kept only if a request was.
    case finishGeneration(GenerationID, GenerationEnding, reply: [UInt8]?)
    /// Gives another cost to a generation that has ended, and to the message at its end that it made: the one that it
    /// names, if that names it too. One in progress is a conflict.
    case reprice(GenerationID, Money?, GenerationEnding.CostSource?, priceVersion: String?)
    /// Adds a run.
    case createRun(Run)
    /// Changes a run, whether it has ended or not.
    case updateRun(RunID, RunPatch)
    /// Brings a run in progress to its end.
    case finishRun(RunID, RunEnding)
    /// Brings a run that has ended back into progress, as work of this process: without an end, a stop reason, a result and
    /// a request to stop; commands that wait are dropped. One in progress is a conflict.
    case reopenRun(RunID)
    /// Asks the process that carries out a run in progress to end it; again is nothing.
    case requestStop(RunID)
    /// Says something to a run in progress, which the process that carries it out may take and answer.
    case postCommand(PostedCommand)
    /// Answers a command that waits; one that was answered already is a conflict.
    case answerCommand(CommandID, PostedCommand.Answer)
    /// Takes back a command that waits; one that was answered already is a conflict.
    case withdrawCommand(CommandID)
    /// Adds events to a run, which may have ended; a number that is there already is a conflict.
    case appendRunEvents(RunID, [RunEvent])
    /// Drops the events of runs that ended before a moment, and the commands to them.
    case pruneRunEvents(endedBefore: Timestamp)
    /// Takes a key. One that is taken already is a conflict.
    case claim(Claim)
    /// Brings the claim in progress that a generation has on a key to its end, with what the client was answered.
    case settleClaim(Claim.Key, GenerationID, Status, ClaimedAnswer?)
    /// Gives back a key that a generation has a claim in progress on: the next request with it begins anew.
    case releaseClaim(Claim.Key, GenerationID)
    /// Forgets the claims that were made before a moment and are not in progress.
    case pruneClaims(createdBefore: Timestamp)
    /// Keeps what a model had in mind when it asked for a call, in the place of what was kept for a call of the same id.
    case keepCallState(CallState)
    /// Forgets what was kept so before a moment.
    case pruneCallStates(createdBefore: Timestamp)
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
