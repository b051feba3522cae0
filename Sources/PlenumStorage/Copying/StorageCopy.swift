public import PlenumCore

/// Copies everything from one storage to another, of any kinds; done again after a break, it goes on where it stopped.
public struct StorageCopy: Sendable {
    /// How far a copy has come.
    public struct Progress: Sendable, Hashable {
        /// Records that there are to copy, counted at the beginning.
        public var total: Int
        /// Records that were committed.
        public var copied = 0
        /// Records that were there already.
        public var skipped = 0

        /// Records that are done with.
        public var done: Int { copied + skipped }

        /// Makes a value.
        public init(total: Int) { self.total = total }
    }

    /// What came of a copy.
    public struct Outcome: Sendable, Hashable {
        /// How far it came.
        public var progress: Progress
        /// What the one has.
        public var source: StorageCounts
        /// What the other has now.
        public var target: StorageCounts

        /// Whether both have as much.
        public var isComplete: Bool { source == target }
    }

    private let source: any Storage
    private let target: any Storage
    private let limit: Int

    /// Makes a copy that has not begun.
    /// - Parameters:
    ///   - source: what is read.
    ///   - target: what is written.
    ///   - limit: how many records a page has at most; a page is one commit.
    public init(from source: any Storage, to target: any Storage, limit: Int = 1000) {
        self.source = source
        self.target = target
        self.limit = limit
    }

    /// Copies page by page: the next is read while one is written.
    ///
    /// Each page is committed as a whole. What a broken copy left is found by its ids, a page at a time, so that going on is
    /// no slower than the first copy was.
    /// - Parameter report: told after each page how far the copy has come.
    public func run(_ report: (Progress) -> Void) async throws(PlenumError) -> Outcome {
        var progress = Progress(total: try await source.count().total)
        let isFresh = try await target.count().total == 0
        var page = try await source.export(after: nil, limit: limit)
        while true {
            let cursor = page.next
            async let following = Self.page(after: cursor, of: source, limit: limit)
            let left = isFresh ? page.changes : try await target.absent(from: page.changes)
            if !left.isEmpty { try await target.commit(left) }
            progress.copied += left.records
            progress.skipped += page.changes.records - left.records
            report(progress)
            guard let next = try await following.get() else { break }
            page = next
        }
        return Outcome(progress: progress, source: try await source.count(), target: try await target.count())
    }

    private static func page(
        after cursor: ExportCursor?,
        of source: any Storage,
        limit: Int
    ) async -> Result<ExportPage?, PlenumError> {
        guard let cursor else { return .success(nil) }
        do throws(PlenumError) {
            return .success(try await source.export(after: cursor, limit: limit))
        } catch {
            return .failure(error)
        }
    }
}

extension [StorageChange] {
    /// How many records the changes add, as ``StorageCounts`` counts them.
    fileprivate var records: Int {
        reduce(0) { sum, change in
            switch change {
            case .appendRunEvents(_, let events): sum + events.count
            case .checkpoint: sum
            default: sum + 1
            }
        }
    }
}
