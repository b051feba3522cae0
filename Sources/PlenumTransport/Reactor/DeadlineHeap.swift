/// The next deadline of every slot, the earliest first: a binary heap that knows where each slot stands.
///
/// A slot's deadline may lie too early, never too late: who is called in vain works out the next one. So an arrival, which
/// moves a deadline back, costs nothing here.
struct DeadlineHeap {
    private struct Entry {
        var deadline: Instant
        var slot: Int
    }

    private static let absent = -1

    private var entries: [Entry] = []
    private var positions: [Int] = []

    var isEmpty: Bool { entries.isEmpty }

    /// The earliest deadline.
    var earliest: Instant? { entries.first?.deadline }

    /// Sets the deadline of a slot, earlier or later than the one it had.
    mutating func set(_ deadline: Instant, for slot: Int) {
        if slot >= positions.count {
            positions += repeatElement(Self.absent, count: slot + 1 - positions.count)
        }
        if positions[slot] == Self.absent {
            positions[slot] = entries.count
            entries.append(Entry(deadline: deadline, slot: slot))
        } else {
            entries[positions[slot]].deadline = deadline
        }
        repair(at: positions[slot])
    }

    /// Brings the deadline of a slot forward; a later one changes nothing.
    mutating func advance(_ deadline: Instant, for slot: Int) {
        guard slot < positions.count, positions[slot] != Self.absent else { return }
        if deadline < entries[positions[slot]].deadline { set(deadline, for: slot) }
    }

    mutating func remove(_ slot: Int) {
        guard slot < positions.count, positions[slot] != Self.absent else { return }
        let position = positions[slot]
        positions[slot] = Self.absent
        let last = entries.removeLast()
        guard position < entries.count else { return }
        place(last, at: position)
        repair(at: position)
    }

    /// Takes a slot whose deadline has come.
    mutating func popExpired(at now: Instant) -> Int? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        remove(first.slot)
        return first.slot
    }

    private mutating func place(_ entry: Entry, at position: Int) {
        entries[position] = entry
        positions[entry.slot] = position
    }

    private mutating func repair(at start: Int) {
        let entry = entries[start]
        var position = start
        while position > 0, entry.deadline < entries[(position - 1) / 2].deadline {
            place(entries[(position - 1) / 2], at: position)
            position = (position - 1) / 2
        }
        while let child = earlierChild(of: position), entries[child].deadline < entry.deadline {
            place(entries[child], at: position)
            position = child
        }
        place(entry, at: position)
    }

    private func earlierChild(of position: Int) -> Int? {
        let left = 2 * position + 1
        guard left < entries.count else { return nil }
        return left + 1 < entries.count && entries[left + 1].deadline < entries[left].deadline ? left + 1 : left
    }
}
