/// A place where conversations, runs and the ledger are kept.
///
/// Ids and times come from the caller and are stored as given, so that every backend returns identical values; one
/// conformance suite compares them. To write a backend, apply ``StorageChange`` values and answer the reads: the verbs
/// that callers use are derived from these in `Storage+Verbs.swift`.
///
/// Reads see every change whose commit has returned. A missing id is ``PlenumError/Code/notFound``; a backend that
/// cannot write (disk full, read-only, connection gone) throws ``PlenumError/Code/storage`` and goes on reading.
public protocol Storage: Sendable {
    /// Applies changes in order, all of them or none, and returns when they will survive a crash.
    ///
    /// Commits of concurrent callers may share one transaction; a fault in one never undoes another's.
    /// - Throws: `notFound` for an id that is not there, `conflict` for one that is there already and for a change to a
    ///   record in a terminal state, `storage` if it cannot be written.
    func commit(_ changes: [StorageChange]) async throws(PlenumError)

    /// Finds a conversation.
    func conversation(_ id: ConversationID) async throws(PlenumError) -> Conversation

    /// Lists conversations by their last change, equal times by id; bodies of messages are never touched.
    func conversations(
        matching filter: ConversationFilter,
        page: PageRequest<ConversationID>
    ) async throws(PlenumError) -> Page<Conversation>

    /// Finds a message; one that is in progress has the text of its last checkpoint.
    func message(_ id: MessageID) async throws(PlenumError) -> Message

    /// Lists a conversation's messages in the order in which they were stored.
    /// - Throws: `notFound` if there is no such conversation.
    func messages(
        in conversation: ConversationID,
        page: PageRequest<MessageID>
    ) async throws(PlenumError) -> Page<Message>

    /// Follows the parents of a message up to the root, and gives the path root first.
    /// - Parameter limit: at most so many messages, the latest ones.
    func thread(endingAt leaf: MessageID, limit: Int) async throws(PlenumError) -> [Message]

    /// Finds a run.
    func run(_ id: RunID) async throws(PlenumError) -> Run

    /// Gives the messages that a run's seats wrote, in the order in which they were stored.
    func messages(ofRun run: RunID) async throws(PlenumError) -> [Message]

    /// Gives a run's events with numbers above `sequence`, in order.
    func events(ofRun run: RunID, after sequence: Int, limit: Int) async throws(PlenumError) -> [RunEvent]

    /// Finds a generation.
    func generation(_ id: GenerationID) async throws(PlenumError) -> Generation

    /// Gives a run's generations in the order in which they were stored.
    func generations(ofRun run: RunID) async throws(PlenumError) -> [Generation]

    /// Gives the words of a generation; `nil` if they were not kept.
    func content(of generation: GenerationID) async throws(PlenumError) -> GenerationContent?

    /// Sums up the generations that have ended.
    /// - Parameters:
    ///   - grouping: what a row stands for.
    ///   - since: only those that began at this moment or later; all if `nil`.
    /// - Returns: rows in the order of their keys.
    func usage(by grouping: UsageRow.Grouping, since: Timestamp?) async throws(PlenumError) -> [UsageRow]

    /// Marks what a process that died left in progress: messages, generations and runs become `interrupted`, a message
    /// keeping the text of its last checkpoint. Called once, before anything else.
    func recover(at time: Timestamp) async throws(PlenumError) -> Recovery

    /// Writes a little something durably, to know that writing works.
    func probe() async throws(PlenumError)

    /// Finishes what was accepted and lets go of files and connections; every later call throws `storage`.
    func close() async
}

/// How much a recovery found in progress.
public struct Recovery: Sendable, Hashable {
    /// Messages that were being written.
    public var messages: Int
    /// Attempts that were under way.
    public var generations: Int
    /// Runs that were under way.
    public var runs: Int

    /// Makes a count.
    public init(messages: Int = 0, generations: Int = 0, runs: Int = 0) {
        self.messages = messages
        self.generations = generations
        self.runs = runs
    }
}
