import PlenumCore

/// Writes what a file says and is not here yet, a batch at a time.
///
/// Small conversations share a commit, and a large one has several. Nothing is changed that is here already, so that the
/// same file can be imported again: after a break, or when it has grown.
struct Importer {
    /// How many changes a commit has at most.
    static let batchLimit = 500
    /// How often a conversation is looked at again that somebody else writes at the same time.
    private static let attempts = 3

    private let storage: any Storage
    private let recorder: Recorder
    private(set) var report: ImportReport
    private var waiting: [ImportPlan] = []
    private var weight = 0

    init(_ format: ImportFormat, storage: any Storage, recorder: Recorder) {
        self.storage = storage
        self.recorder = recorder
        report = ImportReport(format)
    }

    /// Notes a conversation that cannot be read.
    mutating func fail(_ name: String, _ error: PlenumError) { report.fail(name, error) }

    /// Takes a conversation in; it is written now or with later ones.
    /// - Throws: what keeps everything from being written.
    mutating func add(_ plan: ImportPlan) async throws(PlenumError) {
        let isKnown = waiting.contains { $0.conversation.id == plan.conversation.id }
        let changes = waiting.reduce(plan.messages.count + 1) { $0 + $1.messages.count + 1 }
        if isKnown || changes > Self.batchLimit || weight + plan.byteCount > ExportCursor.pageBytes {
            try await finish()
        }
        waiting.append(plan)
        weight += plan.byteCount
    }

    /// Writes what waits.
    mutating func finish() async throws(PlenumError) {
        let plans = waiting
        (waiting, weight) = ([], 0)
        do {
            if !plans.isEmpty { try await store(plans) }
        } catch  where Self.isOfOneConversation(error) {
            for plan in plans { try await storeAlone(plan) }
        }
    }

    /// Writes a conversation by itself, so that its faults are no other's.
    private mutating func storeAlone(_ plan: ImportPlan) async throws(PlenumError) {
        for attempt in 1...Self.attempts {
            do {
                return try await store([plan])
            } catch  where Self.isOfOneConversation(error) {
                // Somebody may have added the same at the same time: then it is there at the next look.
                guard error.code == .conflict, attempt < Self.attempts else { return report.fail(plan.name, error) }
            }
        }
    }

    private static func isOfOneConversation(_ error: PlenumError) -> Bool {
        [.notFound, .conflict, .invalidRequest, .tooLarge].contains(error.code)
    }

    // MARK: Writing

    /// Writes conversations. Several fit into one commit, so that all or none of them are written.
    private mutating func store(_ plans: [ImportPlan]) async throws(PlenumError) {
        let there = try await present(plans)
        var changes: [StorageChange] = []
        var outcome = report
        for plan in plans {
            let isThere = there.conversations.contains(plan.conversation.id)
            let added = plan.messages.filter { !there.messages.contains($0.id) }
            outcome.messages.skipped += plan.leftOut + plan.messages.count - added.count
            guard !added.isEmpty || !isThere && plan.isKeptEmpty else {
                outcome.conversations.unchanged += 1
                continue
            }
            guard isThere || added.count == plan.messages.count else { throw Self.taken }
            let movesLeaf = isThere ? try await goesOn(plan) : true
            if !isThere { changes.append(.createConversation(plan.conversation)) }
            changes += added.map { .appendMessage($0, movesLeaf: movesLeaf && $0.id == plan.leaf) }
            outcome.conversations.added += isThere ? 0 : 1
            outcome.conversations.updated += isThere ? 1 : 0
        }
        try await commit(changes)
        outcome.messages.added = report.messages.added
        report = outcome
    }

    /// Commits changes in batches of bounded size, and counts the messages in those that were written.
    private mutating func commit(_ changes: [StorageChange]) async throws(PlenumError) {
        var batch: [StorageChange] = []
        var bytes = 0
        for (index, change) in changes.enumerated() {
            batch.append(change)
            bytes += change.messageBytes
            let isLast = index == changes.count - 1
            guard isLast || batch.count >= Self.batchLimit || bytes > ExportCursor.pageBytes else { continue }
            try await recorder.commitNew(batch)
            report.messages.added += batch.count { $0.isMessage }
            (batch, bytes) = ([], 0)
        }
    }

    /// Whether a conversation that is here goes on where the file's does: not if somebody has gone on with it here.
    private func goesOn(_ plan: ImportPlan) async throws(PlenumError) -> Bool {
        guard let leaf = try await storage.conversation(plan.conversation.id).leaf else { return true }
        return plan.messages.contains { $0.id == leaf }
    }

    /// Finds out what is here already.
    private func present(
        _ plans: [ImportPlan]
    ) async throws(PlenumError) -> (conversations: Set<ConversationID>, messages: Set<MessageID>) {
        var conversations = Set(plans.map(\.conversation.id))
        var messages: Set<MessageID> = []
        var asked: [StorageChange] = []
        for plan in plans {
            asked.append(.createConversation(plan.conversation))
            for message in plan.messages {
                asked.append(.appendMessage(message, movesLeaf: false))
                messages.insert(message.id)
            }
        }
        for start in stride(from: 0, to: asked.count, by: Self.batchLimit) {
            let absent = try await storage.absent(from: Array(asked[start..<min(start + Self.batchLimit, asked.count)]))
            for change in absent {
                switch change {
                case .createConversation(let conversation): conversations.remove(conversation.id)
                case .appendMessage(let message, _): messages.remove(message.id)
                default: break
                }
            }
        }
        return (conversations, messages)
    }

    private static var taken: PlenumError {
        PlenumError(.conflict, "Messages with ids of this conversation belong to another conversation here.")
    }
}

extension StorageChange {
    fileprivate var isMessage: Bool { if case .appendMessage = self { true } else { false } }

    fileprivate var messageBytes: Int {
        if case .appendMessage(let message, _) = self { 512 + message.parts.byteCount } else { 1024 }
    }
}
