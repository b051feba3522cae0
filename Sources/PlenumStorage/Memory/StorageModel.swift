import PlenumCore

/// What a storage is: a value that changes are applied to and that answers the reads.
///
/// It is the in-memory backend's state, and the reference that the property tests hold the other backends against.
struct StorageModel {
    /// A record with the number that says when it was stored.
    struct Stored<Record> {
        var number: Int
        var record: Record
    }

    var conversations: [ConversationID: Conversation] = [:]
    var messages: [MessageID: Stored<Message>] = [:]
    var generations: [GenerationID: Stored<Generation>] = [:]
    var contents: [GenerationID: GenerationContent] = [:]
    var checkpoints: [GenerationID: [Progress]] = [:]
    var runs: [RunID: Stored<Run>] = [:]
    var events: [RunID: [RunEvent]] = [:]
    /// The words of what can be searched, each with the number that says when it became searchable.
    var searchable: [SearchHit.Place: Stored<[String]>] = [:]
    var claims: [Claim.Key: Claim] = [:]
    var callStates: [String: CallState] = [:]

    /// Who belongs to whom, in the order of storing.
    var messagesOfConversation: [ConversationID: [MessageID]] = [:]
    var messagesOfRun: [RunID: [MessageID]] = [:]
    var generationsOfMessage: [MessageID: [GenerationID]] = [:]
    var generationsOfRun: [RunID: [GenerationID]] = [:]

    /// Until when each process's lease runs, by its number.
    var processes: [Int: ContinuousClock.Instant] = [:]
    /// What processes have in progress.
    var owners: [Owned: Int] = [:]
    /// Runs that somebody has asked to end.
    var stopRequests: [RunID: Bool] = [:]
    /// What was said to runs of other processes.
    var commands: [CommandID: Stored<PostedCommand>] = [:]
    /// The process whose commit is under way.
    var owner: Int?

    /// The number of the next record.
    private var next = 0
    /// How to take back what the commit under way has done, last step last.
    private var undo: [(inout StorageModel) -> Void] = []

    /// Applies all the changes or none.
    /// - Parameter owner: the process that begins what is in progress.
    mutating func commit(_ changes: [StorageChange], as owner: Int?) throws(PlenumError) {
        self.owner = owner
        defer { undo.removeAll(keepingCapacity: true) }
        do {
            for change in changes { try apply(change.withoutNUL) }
        } catch {
            while let step = undo.popLast() { step(&self) }
            throw error
        }
    }

    /// Gives out the number of a new record.
    mutating func number() -> Int {
        next += 1
        return next
    }

    /// Writes, replaces or (with `nil`) removes an entry of a table, so that it can be taken back.
    mutating func put<Key: Hashable, Value>(
        _ table: WritableKeyPath<StorageModel, [Key: Value]>,
        _ key: Key,
        _ value: Value?
    ) {
        let old = self[keyPath: table][key]
        undo.append { $0[keyPath: table][key] = old }
        self[keyPath: table][key] = value
    }

    /// Adds to a list of a table.
    mutating func append<Key: Hashable, Element>(
        _ table: WritableKeyPath<StorageModel, [Key: [Element]]>,
        _ key: Key?,
        _ element: Element
    ) {
        guard let key else { return }
        put(table, key, (self[keyPath: table][key] ?? []) + [element])
    }

    /// Takes an element out of a list of a table.
    mutating func remove<Key: Hashable, Element: Equatable>(
        _ table: WritableKeyPath<StorageModel, [Key: [Element]]>,
        _ key: Key?,
        _ element: Element
    ) {
        guard let key, let list = self[keyPath: table][key] else { return }
        put(table, key, list.filter { $0 != element })
    }

    /// The generations that a message was or is made by: those that name it, and the one that it names.
    func generations(of message: Message) -> Set<GenerationID> {
        var ids = Set(generationsOfMessage[message.id] ?? [])
        if let named = message.generation, generations[named] != nil { ids.insert(named) }
        return ids
    }

    /// The parts of a message as a reader sees them: while it is in progress, with the checkpoints of the latest stored
    /// of its generations that are in progress.
    func shown(_ message: Message) -> Message {
        guard !message.status.isTerminal else { return message }
        let latest = generations(of: message).compactMap { generations[$0] }
            .filter { !$0.record.status.isTerminal }
            .max { $0.number < $1.number }
        guard let latest, let progress = checkpoints[latest.record.id] else { return message }
        var shown = message
        shown.parts += Progress.parts(progress)
        return shown
    }
}
