/// A place where conversations, runs and the ledger are kept.
///
/// Ids and times come from the caller and are stored as given, so that every backend returns identical values; one
/// conformance suite compares them. To write a backend, apply ``StorageChange`` values and answer the reads: the verbs
/// that callers use are derived from these in `Storage+Verbs.swift`.
///
/// Reads see every change whose commit has returned. A missing id is ``PlenumError/Code/notFound``; a backend that
/// cannot write (disk full, read-only, connection gone) throws ``PlenumError/Code/storage`` and goes on reading.
public protocol Storage: Sendable {
    /// Whether other processes may be using it at the same time.
    var isShared: Bool { get }

    /// Applies changes in order, all of them or none, and returns when they will survive a crash.
    ///
    /// Commits of concurrent callers may share one transaction; a fault in one never undoes another's.
    /// A commit that was accepted is carried out even if the caller's task is cancelled in the meantime.
    /// - Throws: `notFound` for an id that is not there, `conflict` for one that is there already and for a change to a
    ///   record in a terminal state, `invalidRequest` for an end whose status is not terminal, `storage` if it cannot be
    ///   written or too much waits to be written already, `fenced` if this process had a lease that ran out and others
    ///   have swept up after it.
    func commit(_ changes: [StorageChange]) async throws(PlenumError)

    /// Finds a conversation.
    func conversation(_ id: ConversationID) async throws(PlenumError) -> Conversation

    /// Lists conversations by their last change, equal times by id; bodies of messages are never touched.
    func conversations(
        matching filter: ConversationFilter,
        page: PageRequest<ConversationID>
    ) async throws(PlenumError) -> Page<Conversation>

    /// Finds words in titles and in the texts of users' and models' messages that are at their end. What became
    /// searchable last comes first: a message when it was added or came to its end, a title when it was given.
    /// - Parameters:
    ///   - query: the words; without any, nothing is found.
    ///   - limit: at most so many, brought into 1 to 100.
    ///   - after: those after this one; from the start if `nil`.
    /// - Throws: `notFound` if there is nothing searchable at `after`.
    func search(
        _ query: SearchQuery,
        limit: Int,
        after: SearchHit.Place?
    ) async throws(PlenumError) -> Page<SearchHit>

    /// Finds a message. One that is in progress has, behind its own parts, the text of the checkpoints of one generation:
    /// of those that name it, or that it names, the latest stored that is in progress. So in every list of messages.
    func message(_ id: MessageID) async throws(PlenumError) -> Message

    /// Lists a conversation's messages in the order in which they were stored.
    /// - Throws: `notFound` if there is no such conversation.
    func messages(
        in conversation: ConversationID,
        page: PageRequest<MessageID>
    ) async throws(PlenumError) -> Page<Message>

    /// Follows the parents of a message up to the root, and gives the path root first.
    /// - Parameter limit: at most so many messages, the latest ones; none if it is below 1.
    func thread(endingAt leaf: MessageID, limit: Int) async throws(PlenumError) -> [Message]

    /// Finds a run.
    func run(_ id: RunID) async throws(PlenumError) -> Run

    /// Lists runs by the order in which they were stored.
    /// - Throws: `notFound` if there is no such conversation, or nothing at the page's cursor.
    func runs(matching filter: RunFilter, page: PageRequest<RunID>) async throws(PlenumError) -> Page<Run>

    /// Gives the messages that a run's steps wrote (those that name the run and a step), in the order in which they were
    /// stored.
    func messages(ofRun run: RunID) async throws(PlenumError) -> [Message]

    /// Gives at most `limit` of a run's events with numbers above `sequence`, in order; none if it is below 1.
    func events(ofRun run: RunID, after sequence: Int, limit: Int) async throws(PlenumError) -> [RunEvent]

    /// Finds a generation.
    func generation(_ id: GenerationID) async throws(PlenumError) -> Generation

    /// Gives a run's generations in the order in which they were stored.
    func generations(ofRun run: RunID) async throws(PlenumError) -> [Generation]

    /// Gives the words of a generation; `nil` if they were not kept.
    func content(of generation: GenerationID) async throws(PlenumError) -> GenerationContent?

    /// Finds the claim on a key; `nil` if there is none.
    func claim(_ key: Claim.Key) async throws(PlenumError) -> Claim?

    /// Finds what was kept of calls of these ids; of those of which nothing was, nothing is given.
    func callStates(of calls: [String]) async throws(PlenumError) -> [CallState]

    /// Sums up the generations that have ended. A counter above a million million tokens and a cost above a million
    /// dollars count as that much, so that one provider's nonsense cannot make a sum overflow.
    /// - Parameters:
    ///   - grouping: what a row stands for.
    ///   - since: only those that began at this moment or later; all if `nil`.
    /// - Returns: rows in the order of their keys' UTF-8.
    func usage(by grouping: UsageRow.Grouping, since: Timestamp?) async throws(PlenumError) -> [UsageRow]

    /// Takes a lease for this process, or renews it: what it begins from then on belongs to it, and is left alone by
    /// ``recover(at:)`` of whatever process until the lease has run out by the storage's own clock. One call at a time.
    ///
    /// Where no other process can be, a new lease ends all others: their processes are dead.
    /// - Throws: `fenced` if the lease ran out and others have swept up after this process; the next call takes a new one.
    func renewLease(for duration: Duration) async throws(PlenumError)

    /// Gives the runs in progress of this process that somebody has asked to end.
    func runsToStop() async throws(PlenumError) -> [RunID]

    /// Gives the commands that wait for runs in progress of this process, in the order in which they were posted.
    func commandsToObey() async throws(PlenumError) -> [PostedCommand]

    /// Finds a command; `nil` if there is none, or no more.
    func command(_ id: CommandID) async throws(PlenumError) -> PostedCommand?

    /// Marks what dead processes left queued or in progress, which is all that belongs to no lease that still runs:
    /// messages, generations and runs become `interrupted` at this time, messages and generations with that error, a
    /// message keeping the text of its last checkpoint, and so do claims in progress whose generation is not. Times of
    /// conversations stay. Called before anything else is begun, and from time to time where other processes may die.
    func recover(at time: Timestamp) async throws(PlenumError) -> Recovery

    /// Tells what is there as changes that recreate it, in order, in an empty storage of any kind: to the last field, and
    /// what is in progress in progress.
    ///
    /// What changes meanwhile may or may not be told; a page has at most `limit` records, and not many more bytes than
    /// ``ExportCursor/pageBytes``.
    /// - Parameter cursor: the last page's ``ExportPage/next``; `nil` for the first page.
    func export(after cursor: ExportCursor?, limit: Int) async throws(PlenumError) -> ExportPage

    /// Leaves out of a page of another storage's export what is there already, known by its id, and by its number for
    /// events and checkpoints. A checkpoint whose generation has come to its end is left out too.
    func absent(from changes: [StorageChange]) async throws(PlenumError) -> [StorageChange]

    /// Counts what is there.
    func count() async throws(PlenumError) -> StorageCounts

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
