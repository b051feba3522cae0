/// A place in the list of changes that a storage tells itself as.
public struct ExportCursor: Sendable, Hashable {
    /// What is told, in this order: nothing names what comes later and must be there.
    public enum Stage: Int, Sendable, Hashable, CaseIterable {
        /// Conversations, without their leaves.
        case conversations
        /// Messages in the order in which they were stored; a leaf is one that moves its conversation's.
        case messages
        /// Runs.
        case runs
        /// The runs' events.
        case events
        /// Generations with their words, in the order in which they were stored.
        case generations
        /// What generations in progress have shown.
        case checkpoints

        /// The stage that follows; `nil` after the last.
        public var next: Stage? { Stage(rawValue: rawValue + 1) }
    }

    /// What is being told.
    public var stage: Stage
    /// The last that was told, in the numbers of the storage that made the cursor; empty for none.
    public var position: [Int64]

    /// Makes a cursor.
    public init(stage: Stage, position: [Int64] = []) {
        self.stage = stage
        self.position = position
    }

    /// How many bytes a page may have before it ends; a single larger record makes a page of its own.
    public static let pageBytes = 1 << 20
}

/// A part of the list of changes that a storage tells itself as.
public struct ExportPage: Sendable, Hashable {
    /// Changes that recreate what is there when they are committed in order; it may have none, also before the end.
    public var changes: [StorageChange]
    /// Where the next page begins; `nil` at the end.
    public var next: ExportCursor?

    /// Makes a page.
    public init(changes: [StorageChange], next: ExportCursor?) {
        self.changes = changes
        self.next = next
    }
}

/// How much a storage holds.
public struct StorageCounts: Sendable, Hashable {
    /// Conversations.
    public var conversations: Int
    /// Messages.
    public var messages: Int
    /// Runs.
    public var runs: Int
    /// Events of runs.
    public var runEvents: Int
    /// Generations.
    public var generations: Int

    /// Makes a count.
    public init(conversations: Int = 0, messages: Int = 0, runs: Int = 0, runEvents: Int = 0, generations: Int = 0) {
        self.conversations = conversations
        self.messages = messages
        self.runs = runs
        self.runEvents = runEvents
        self.generations = generations
    }

    /// All of them together.
    public var total: Int { conversations + messages + runs + runEvents + generations }
}
