/// What a batch of writes sends: statements of one kind from several writes are put together into one.
///
/// The outcome is that of the writes one after another. A write that names a row which an earlier one names waits for
/// that one to be through, and so does everything around a write whose statements reach further than the rows that they
/// name. All others may be interleaved, each in its own order.
struct PostgresPlan {
    /// One run of a statement.
    struct Step {
        let statement: SQLStatement
        /// The arguments, one range a row.
        var rows: [Range<Int>]
        /// How many rows must be changed or given at least.
        var demanded: Int
    }

    private(set) var steps: [Step] = []

    private let writes: [[PostgresRecording.Step]]
    private let arguments: SQLArguments
    /// For each write, the earlier ones that it waits for.
    private var waitsFor: [[Int]]
    /// For each write, how many of its statements are in the plan.
    private var done: [Int]

    /// Puts together what writes have recorded.
    init(_ writes: [[PostgresRecording.Step]], _ arguments: SQLArguments) {
        self.writes = writes
        self.arguments = arguments
        waitsFor = Array(repeating: [], count: writes.count)
        done = Array(repeating: 0, count: writes.count)
        if writes.count > 1 { findOrder() }
        merge()
    }

    private mutating func findOrder() {
        var lastOfRow: [RowID: Int] = [:]
        var lastBarrier: Int?
        for (index, write) in writes.enumerated() {
            guard write.allSatisfy(\.isNarrow) else {
                waitsFor[index] = Array((lastBarrier ?? 0)..<index)
                lastBarrier = index
                continue
            }
            if let lastBarrier { waitsFor[index] = [lastBarrier] }
            // All writes of a process hold its own row, and none of them changes it.
            for step in write where step.statement != .stillOwner {
                for value in arguments.values[step.arguments] {
                    guard case .bytes(let offset, 16) = value else { continue }
                    let row = RowID(arguments.memory + offset)
                    if let last = lastOfRow[row], last != index, last >= lastBarrier ?? 0 {
                        waitsFor[index].append(last)
                    }
                    lastOfRow[row] = index
                }
            }
        }
    }

    private func isDone(_ write: Int) -> Bool { done[write] == writes[write].count }

    /// Takes again and again the kind of statement that stands at the head of most writes.
    private mutating func merge() {
        var open = writes.indices.filter { !isDone($0) }
        while !open.isEmpty {
            let ready = open.filter { waitsFor[$0].allSatisfy(isDone) }
            var counts: [SQLStatement: Int] = [:]
            for write in ready { counts[head(write).statement, default: 0] += 1 }
            var best = head(ready[0]).statement
            for write in ready where counts[head(write).statement]! > counts[best]! { best = head(write).statement }
            take(best, from: ready)
            open.removeAll(where: isDone)
        }
    }

    private func head(_ write: Int) -> PostgresRecording.Step { writes[write][done[write]] }

    private mutating func take(_ statement: SQLStatement, from ready: [Int]) {
        var step = Step(statement: statement, rows: [], demanded: 0)
        var targets: Set<RowID> = []
        let merging = PostgresText.of(statement).merging
        for write in ready {
            while !isDone(write), head(write).statement == statement {
                let next = head(write)
                if case .none = merging, !step.rows.isEmpty {
                    steps.append(step)
                    step = Step(statement: statement, rows: [], demanded: 0)
                }
                if case .byTarget = merging {
                    guard case .bytes(let offset, 16)? = arguments.values[next.arguments].last,
                        targets.insert(RowID(arguments.memory + offset)).inserted
                    else {
                        if step.rows.isEmpty { step.add(next, &done[write]) }
                        break
                    }
                }
                step.add(next, &done[write])
            }
        }
        steps.append(step)
    }

    /// The sixteen bytes of an id.
    private struct RowID: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ start: UnsafeMutableRawPointer) {
            high = start.loadUnaligned(as: UInt64.self)
            low = start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        }
    }
}

extension PostgresPlan.Step {
    fileprivate mutating func add(_ step: PostgresRecording.Step, _ done: inout Int) {
        rows.append(step.arguments)
        demanded += step.isDemanded ? 1 : 0
        done += 1
    }
}

extension PostgresRecording.Step {
    /// Whether the statement reaches no rows but those that its arguments name and what hangs on these.
    fileprivate var isNarrow: Bool {
        if case .none = PostgresText.of(statement).merging { return statement == .touchConversationOfMessage }
        return true
    }
}
