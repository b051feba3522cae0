/// Which part of a list is asked for.
public struct PageRequest<Cursor: Sendable & Hashable>: Sendable, Hashable {
    /// The order of a list by age.
    public enum Order: String, Sendable, Hashable {
        /// Oldest first.
        case ascending = "asc"
        /// Newest first.
        case descending = "desc"
    }

    /// At most so many.
    public var limit: Int
    /// Those after this one in the list's order; from the start if `nil`.
    public var after: Cursor?
    /// The order.
    public var order: Order

    /// Makes a request; the limit is brought into 1 to 1000.
    public init(limit: Int = 20, after: Cursor? = nil, order: Order = .descending) {
        self.limit = min(max(limit, 1), 1000)
        self.after = after
        self.order = order
    }
}

/// A part of a list.
public struct Page<Element: Sendable & Hashable>: Sendable, Hashable {
    /// The elements.
    public var elements: [Element]
    /// Whether there are more after them.
    public var hasMore: Bool

    /// Makes a page.
    public init(_ elements: [Element], hasMore: Bool) {
        self.elements = elements
        self.hasMore = hasMore
    }
}

/// Which conversations are asked for.
public struct ConversationFilter: Sendable, Hashable {
    /// Those that are put away, those that are not, or (`nil`) all.
    public var isArchived: Bool?
    /// Those that are pinned, those that are not, or (`nil`) all.
    public var isPinned: Bool?

    /// Makes a filter; without arguments it lets everything through.
    public init(isArchived: Bool? = nil, isPinned: Bool? = nil) {
        self.isArchived = isArchived
        self.isPinned = isPinned
    }
}

/// A row of the usage report.
public struct UsageRow: Sendable, Hashable {
    /// What the rows are grouped by.
    public enum Grouping: String, Sendable, Hashable, CaseIterable {
        /// The model used.
        case model
        /// The provider.
        case provider
        /// The day in UTC, as `2026-11-22`.
        case day
        /// The name of the client's key; empty for those who came without one.
        case key
    }

    /// The model, provider, day or key's name.
    public var key: String
    /// Generations that ended, in whatever way.
    public var requests: Int
    /// Those that failed.
    public var failures: Int
    /// All their tokens.
    public var usage: Usage
    /// The sum of the known costs; `nil` if none is known.
    public var cost: Money?
    /// Generations with usage whose cost is not known.
    public var unpriced: Int
    /// The times to the first token, of those that have one, in milliseconds.
    public var firstToken: Timing
    /// How long they took, in milliseconds.
    public var duration: Timing

    /// Times added up.
    public struct Timing: Sendable, Hashable {
        /// Their sum in milliseconds.
        public var sum: Int
        /// How many there are.
        public var count: Int

        /// Makes a sum.
        public init(sum: Int = 0, count: Int = 0) {
            self.sum = sum
            self.count = count
        }

        /// The mean in milliseconds; `nil` of none.
        public var mean: Int? { count > 0 ? sum / count : nil }
    }

    /// Makes a row.
    public init(
        key: String,
        requests: Int,
        failures: Int,
        usage: Usage,
        cost: Money?,
        unpriced: Int,
        firstToken: Timing = Timing(),
        duration: Timing = Timing()
    ) {
        self.key = key
        self.requests = requests
        self.failures = failures
        self.usage = usage
        self.cost = cost
        self.unpriced = unpriced
        self.firstToken = firstToken
        self.duration = duration
    }
}
