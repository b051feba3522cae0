public import PlenumCore

/// Several processes on one database.
extension SQLStorage {
    /// Takes a lease for this process, or renews it.
    public func renewLease(for duration: Duration) async throws(PlenumError) {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        guard let lease = holder.lease else { return try await takeLease(for: milliseconds) }
        do {
            try await database.write(weighing: 64) { session throws(PlenumError) in
                try session.renew(lease, for: milliseconds)
            }
        } catch  where error.code == .fenced {
            holder.lease = nil
            throw error
        }
    }

    private func takeLease(for milliseconds: Int) async throws(PlenumError) {
        let taken = Outcome<SQLLease>()
        let isAlone = !isShared
        // Outside of the work: that may be done twice, and must then write the same.
        let id = SQLLeaseHolder.newID()
        try await database.write(weighing: 64) { session throws(PlenumError) in
            taken.set(try session.take(id, for: milliseconds, isAlone: isAlone))
        }
        holder.lease = taken.value
    }

    /// Gives the runs in progress of this process that somebody has asked to end.
    public func runsToStop() async throws(PlenumError) -> [RunID] {
        let owner = holder.lease?.number
        return try await database.read { session throws(PlenumError) in try session.runsToStop(of: owner) }
    }

    /// Gives the commands that wait for runs in progress of this process.
    public func commandsToObey() async throws(PlenumError) -> [PostedCommand] {
        let owner = holder.lease?.number
        return try await database.read { session throws(PlenumError) in try session.commandsToObey(of: owner) }
    }

    /// Finds a command.
    public func command(_ id: CommandID) async throws(PlenumError) -> PostedCommand? {
        try await database.read { session throws(PlenumError) in try session.command(id) }
    }

    /// Finds what was kept of calls.
    public func callStates(of calls: [String]) async throws(PlenumError) -> [CallState] {
        try await database.read { session throws(PlenumError) in try session.callStates(of: calls) }
    }

    /// Marks what dead processes left in progress.
    public func recover(at time: Timestamp) async throws(PlenumError) -> Recovery {
        // Most sweeps find nothing, and should not take a turn at writing to find that out.
        let isNeeded = try await database.read { session throws(PlenumError) in
            try session.exists(.abandonedWork) { _ in }
        }
        guard isNeeded else { return Recovery() }
        let outcome = Outcome<Recovery>()
        try await database.write(weighing: 64) { session throws(PlenumError) in
            outcome.set(try session.recover(at: time))
        }
        return outcome.value ?? Recovery()
    }
}
