public import PlenumCore
import Synchronization

/// A storage that forgets: for tests and for runs that nobody wants to keep.
///
/// Everything stays in memory until the process ends; nothing bounds how much that is.
public final class InMemoryStorage: Storage {
    private struct State: ~Copyable {
        var model = StorageModel()
        var isClosed = false
    }

    /// What several storages can stand on.
    private final class Memory: Sendable {
        let state = Mutex(State())
    }

    private let memory: Memory
    private let lease = Mutex<Int?>(nil)

    /// Whether there is another one on the same memory.
    public let isShared: Bool

    /// Makes an empty storage.
    public convenience init() { self.init(Memory(), isShared: false) }

    private init(_ memory: Memory, isShared: Bool) {
        self.memory = memory
        self.isShared = isShared
    }

    /// Makes two storages on one memory: what two processes on one database are, within one.
    static func pair() -> (InMemoryStorage, InMemoryStorage) {
        let memory = Memory()
        return (InMemoryStorage(memory, isShared: true), InMemoryStorage(memory, isShared: true))
    }

    /// Borrows the model, unless the storage is closed.
    private func withModel<Result: Sendable>(
        _ body: (inout StorageModel) throws(PlenumError) -> Result
    ) throws(PlenumError) -> Result {
        try memory.state.withLock { state throws(PlenumError) in
            guard !state.isClosed else { throw .storageClosed }
            return try body(&state.model)
        }
    }

    /// Applies changes, all of them or none.
    public func commit(_ changes: [StorageChange]) async throws(PlenumError) {
        let owner = lease.withLock { $0 }
        try withModel { model throws(PlenumError) in
            if isShared, let owner, model.processes[owner] == nil { throw .fenced }
            try model.commit(changes, as: owner)
        }
    }

    /// Takes a lease for this process, or renews it.
    public func renewLease(for duration: Duration) async throws(PlenumError) {
        let process = lease.withLock { $0 }
        do {
            let renewed = try withModel { model throws(PlenumError) in
                guard let process else { return model.takeLease(for: duration, isAlone: !isShared) }
                try model.renew(process, for: duration)
                return process
            }
            lease.withLock { $0 = renewed }
        } catch {
            if error.code == .fenced { lease.withLock { $0 = nil } }
            throw error
        }
    }

    /// Gives the runs in progress of this process that somebody has asked to end.
    public func runsToStop() async throws(PlenumError) -> [RunID] {
        let owner = lease.withLock { $0 }
        return try withModel { model in model.runsToStop(of: owner) }
    }

    /// Gives the commands that wait for runs in progress of this process.
    public func commandsToObey() async throws(PlenumError) -> [PostedCommand] {
        let owner = lease.withLock { $0 }
        return try withModel { model in model.commandsToObey(of: owner) }
    }

    /// Finds a command.
    public func command(_ id: CommandID) async throws(PlenumError) -> PostedCommand? {
        try withModel { model in model.commands[id]?.record }
    }

    /// Finds what was kept of calls.
    public func callStates(of calls: [String]) async throws(PlenumError) -> [CallState] {
        try withModel { model in calls.compactMap { model.callStates[$0] } }
    }

    /// Finds a conversation.
    public func conversation(_ id: ConversationID) async throws(PlenumError) -> Conversation {
        try withModel { model throws(PlenumError) in try model.conversation(id) }
    }

    /// Lists conversations by their last change.
    public func conversations(
        matching filter: ConversationFilter,
        page: PageRequest<ConversationID>
    ) async throws(PlenumError) -> Page<Conversation> {
        try withModel { model throws(PlenumError) in try model.conversations(matching: filter, page: page) }
    }

    /// Finds words, by looking at everything.
    public func search(
        _ query: SearchQuery,
        limit: Int,
        after: SearchHit.Place?
    ) async throws(PlenumError) -> Page<SearchHit> {
        try withModel { model throws(PlenumError) in try model.search(query, limit: limit, after: after) }
    }

    /// Finds a message.
    public func message(_ id: MessageID) async throws(PlenumError) -> Message {
        try withModel { model throws(PlenumError) in try model.message(id) }
    }

    /// Lists a conversation's messages in the order in which they were stored.
    public func messages(
        in conversation: ConversationID,
        page: PageRequest<MessageID>
    ) async throws(PlenumError) -> Page<Message> {
        try withModel { model throws(PlenumError) in try model.messages(in: conversation, page: page) }
    }

    /// Follows the parents of a message up to the root.
    public func thread(endingAt leaf: MessageID, limit: Int) async throws(PlenumError) -> [Message] {
        try withModel { model throws(PlenumError) in try model.thread(endingAt: leaf, limit: limit) }
    }

    /// Finds a run.
    public func run(_ id: RunID) async throws(PlenumError) -> Run {
        try withModel { model throws(PlenumError) in try model.run(id) }
    }

    /// Lists runs by the order in which they were stored.
    public func runs(matching filter: RunFilter, page: PageRequest<RunID>) async throws(PlenumError) -> Page<Run> {
        try withModel { model throws(PlenumError) in try model.runs(matching: filter, page: page) }
    }

    /// Gives the messages that a run's steps wrote.
    public func messages(ofRun run: RunID) async throws(PlenumError) -> [Message] {
        try withModel { model throws(PlenumError) in try model.messages(ofRun: run) }
    }

    /// Gives a run's events with numbers above `sequence`.
    public func events(ofRun run: RunID, after sequence: Int, limit: Int) async throws(PlenumError) -> [RunEvent] {
        try withModel { model throws(PlenumError) in try model.events(ofRun: run, after: sequence, limit: limit) }
    }

    /// Finds a generation.
    public func generation(_ id: GenerationID) async throws(PlenumError) -> Generation {
        try withModel { model throws(PlenumError) in try model.generation(id) }
    }

    /// Gives a run's generations.
    public func generations(ofRun run: RunID) async throws(PlenumError) -> [Generation] {
        try withModel { model throws(PlenumError) in try model.generations(ofRun: run) }
    }

    /// Gives the words of a generation.
    public func content(of generation: GenerationID) async throws(PlenumError) -> GenerationContent? {
        try withModel { model throws(PlenumError) in try model.content(of: generation) }
    }

    /// Finds the claim on a key.
    public func claim(_ key: Claim.Key) async throws(PlenumError) -> Claim? {
        try withModel { model in model.claims[key] }
    }

    /// Sums up the generations that have ended.
    public func usage(by grouping: UsageRow.Grouping, since: Timestamp?) async throws(PlenumError) -> [UsageRow] {
        try withModel { model in model.usage(by: grouping, since: since) }
    }

    /// Marks what was left in progress.
    public func recover(at time: Timestamp) async throws(PlenumError) -> Recovery {
        try withModel { model in model.recover(at: time) }
    }

    /// Tells what is there as changes that recreate it.
    public func export(after cursor: ExportCursor?, limit: Int) async throws(PlenumError) -> ExportPage {
        try withModel { model in model.export(after: cursor, limit: limit) }
    }

    /// Leaves out what is there already.
    public func absent(from changes: [StorageChange]) async throws(PlenumError) -> [StorageChange] {
        try withModel { model in model.absent(from: changes) }
    }

    /// Counts what is there.
    public func count() async throws(PlenumError) -> StorageCounts {
        try withModel { model in model.count() }
    }

    /// Does nothing, which always works.
    public func probe() async throws(PlenumError) {
        try withModel { _ in }
    }

    /// Forgets everything.
    public func close() async {
        memory.state.withLock { state in
            state.model = StorageModel()
            state.isClosed = true
        }
    }
}

extension Storage where Self == InMemoryStorage {
    /// A storage that forgets when the process ends.
    public static var inMemory: InMemoryStorage { InMemoryStorage() }
}
