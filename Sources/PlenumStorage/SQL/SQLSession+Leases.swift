import PlenumCore

extension SQLSession {
    /// Makes sure that nobody has swept up after this process, nor will before the transaction has ended.
    func demand(_ lease: SQLLease) throws(PlenumError) {
        guard try exists(.stillOwner, { $0.bytes(lease.id) }) else { throw .fenced }
    }

    /// Writes down a new process, and gives its number.
    /// - Parameter isAlone: whether all other processes are known to be dead.
    func take(_ id: [UInt8], for milliseconds: Int, isAlone: Bool) throws(PlenumError) -> SQLLease {
        try run(.insertProcess) {
            $0.bytes(id)
            $0.int(milliseconds)
        }
        // Only now, so that the new number is none of theirs.
        if isAlone { try run(.deleteOtherProcesses) { $0.bytes(id) } }
        guard let number = try first(.processNumber, { $0.bytes(id) }, { $0.int() }) else {
            throw .unreadable("process")
        }
        return SQLLease(id: id, number: number)
    }

    /// Lets a lease run on from now.
    func renew(_ lease: SQLLease, for milliseconds: Int) throws(PlenumError) {
        try demand(.renewProcess, orThrow: { .fenced }) {
            $0.int(milliseconds)
            $0.bytes(lease.id)
        }
    }

    /// Marks everything in progress that no living process owns as interrupted; messages keep the text of their last
    /// checkpoint. The owners go first: from then on none of them can write.
    func recover(at time: Timestamp) throws(PlenumError) -> Recovery {
        var recovery = Recovery()
        try run(.deleteExpiredProcesses) { _ in }
        for message in try messages(.abandonedMessages, { _ in }) {
            recovery.messages += try run(.interruptMessage) {
                $0.parts(message.parts, in: message.role)
                $0.error(.interruption)
                $0.time(time)
                $0.id(message.id)
            }
            try makeSearchable(message.id, SearchText(SearchWords.distinct(in: message.text)))
        }
        recovery.generations = try run(.interruptGenerations) {
            $0.time(time)
            $0.error(.interruption)
        }
        try run(.deleteEndedProgress) { _ in }
        recovery.runs = try run(.interruptRuns) { $0.time(time) }
        try run(.interruptClaims) { _ in }
        return recovery
    }

    /// The runs in progress of a process that somebody has asked to end.
    func runsToStop(of owner: Int?) throws(PlenumError) -> [RunID] {
        try rows(.runsToStop, { $0.int(owner ?? 0) }) { reader throws(PlenumError) in try reader.id() }
            .sorted()
    }
}
