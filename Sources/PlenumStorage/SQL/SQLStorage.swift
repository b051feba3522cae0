public import PlenumCore
import Synchronization

/// A storage in a SQL database: schema, migrations and statements, written once for every database that there is.
public struct SQLStorage: Storage {
    let database: any SQLDatabase
    let holder = SQLLeaseHolder()

    /// Whether other processes may be using it at the same time.
    public var isShared: Bool { database.isShared }

    /// Brings the database's tables up to date.
    init(migrating database: any SQLDatabase) async throws(PlenumError) {
        self.database = database
        do {
            try await database.migrate()
        } catch {
            await database.close()
            throw error
        }
    }

    /// Applies changes in order, all of them or none, and returns when they will survive a crash.
    public func commit(_ changes: [StorageChange]) async throws(PlenumError) {
        // The words are made here, where callers run beside each other, and not on a connection's one thread.
        let words = changes.map(SearchText.init(of:))
        let weight = zip(changes, words).reduce(64) { $0 + $1.0.weight + ($1.1?.bytes.count ?? 0) }
        let lease = holder.lease
        // Where no other process can be, nobody sweeps up after this one.
        let fence = isShared ? lease : nil
        try await database.write(weighing: weight) { session throws(PlenumError) in
            if let fence { try session.demand(fence) }
            try session.apply(changes, words, as: lease?.number)
        }
    }

    /// Finds a conversation.
    public func conversation(_ id: ConversationID) async throws(PlenumError) -> Conversation {
        try await database.read { session throws(PlenumError) in try session.conversation(id) }
    }

    /// Lists conversations by their last change.
    public func conversations(
        matching filter: ConversationFilter,
        page: PageRequest<ConversationID>
    ) async throws(PlenumError) -> Page<Conversation> {
        try await database.read { session throws(PlenumError) in
            try session.conversations(matching: filter, page: page)
        }
    }

    /// Finds words in titles and messages.
    public func search(
        _ query: SearchQuery,
        limit: Int,
        after: SearchHit.Place?
    ) async throws(PlenumError) -> Page<SearchHit> {
        try await database.read { session throws(PlenumError) in
            try session.search(query, limit: limit, after: after)
        }
    }

    /// Finds a message.
    public func message(_ id: MessageID) async throws(PlenumError) -> Message {
        try await database.read { session throws(PlenumError) in try session.message(id) }
    }

    /// Lists a conversation's messages in the order in which they were stored.
    public func messages(
        in conversation: ConversationID,
        page: PageRequest<MessageID>
    ) async throws(PlenumError) -> Page<Message> {
        try await database.read { session throws(PlenumError) in try session.messages(in: conversation, page: page) }
    }

    /// Follows the parents of a message up to the root.
    public func thread(endingAt leaf: MessageID, limit: Int) async throws(PlenumError) -> [Message] {
        try await database.read { session throws(PlenumError) in try session.thread(endingAt: leaf, limit: limit) }
    }

    /// Finds a run.
    public func run(_ id: RunID) async throws(PlenumError) -> Run {
        try await database.read { session throws(PlenumError) in try session.run(id) }
    }

    /// Lists runs by the order in which they were stored.
    public func runs(matching filter: RunFilter, page: PageRequest<RunID>) async throws(PlenumError) -> Page<Run> {
        try await database.read { session throws(PlenumError) in try session.runs(matching: filter, page: page) }
    }

    /// Gives the messages that a run's steps wrote.
    public func messages(ofRun run: RunID) async throws(PlenumError) -> [Message] {
        try await database.read { session throws(PlenumError) in try session.messages(ofRun: run) }
    }

    /// Gives a run's events with numbers above `sequence`.
    public func events(ofRun run: RunID, after sequence: Int, limit: Int) async throws(PlenumError) -> [RunEvent] {
        try await database.read { session throws(PlenumError) in
            try session.events(ofRun: run, after: sequence, limit: limit)
        }
    }

    /// Finds a generation.
    public func generation(_ id: GenerationID) async throws(PlenumError) -> Generation {
        try await database.read { session throws(PlenumError) in try session.generation(id) }
    }

    /// Gives a run's generations.
    public func generations(ofRun run: RunID) async throws(PlenumError) -> [Generation] {
        try await database.read { session throws(PlenumError) in try session.generations(ofRun: run) }
    }

    /// Gives the words of a generation.
    public func content(of generation: GenerationID) async throws(PlenumError) -> GenerationContent? {
        try await database.read { session throws(PlenumError) in try session.content(of: generation) }
    }

    /// Finds the claim on a key.
    public func claim(_ key: Claim.Key) async throws(PlenumError) -> Claim? {
        try await database.read { session throws(PlenumError) in try session.claim(key) }
    }

    /// Sums up the generations that have ended, by going through all of them.
    public func usage(by grouping: UsageRow.Grouping, since: Timestamp?) async throws(PlenumError) -> [UsageRow] {
        try await database.read { session throws(PlenumError) in try session.usage(by: grouping, since: since) }
    }

    /// Tells what is there as changes that recreate it.
    public func export(after cursor: ExportCursor?, limit: Int) async throws(PlenumError) -> ExportPage {
        try await database.read { session throws(PlenumError) in try session.export(after: cursor, limit: limit) }
    }

    /// Leaves out what is there already.
    public func absent(from changes: [StorageChange]) async throws(PlenumError) -> [StorageChange] {
        try await database.read { session throws(PlenumError) in try session.absent(from: changes) }
    }

    /// Counts what is there.
    public func count() async throws(PlenumError) -> StorageCounts {
        try await database.read { session throws(PlenumError) in try session.counts() }
    }

    /// Writes a row durably.
    public func probe() async throws(PlenumError) {
        try await database.write(weighing: 64) { session throws(PlenumError) in
            try session.run(.probe) { _ in }
        }
    }

    /// Finishes what was accepted and lets go of files and connections.
    public func close() async { await database.close() }
}

/// What a unit of work in a write transaction has to say; of a unit that is done again, the last word.
final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    var value: Value? { state.withLock { $0 } }

    func set(_ value: Value) { state.withLock { $0 = value } }
}
