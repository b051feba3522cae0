import PlenumCore
import Synchronization

/// A unit of work that waits for the writer, and who waits for it.
struct SQLiteWrite: Sendable {
    let work: @Sendable (any SQLSession) throws(PlenumError) -> Void
    let waiter: CheckedContinuation<PlenumError?, Never>
}

/// What the writer has done, for tests and for the curious.
final class SQLiteTally: Sendable {
    /// Transactions that were committed.
    let transactions = Atomic(0)
    /// Units of work that were done in them.
    let writes = Atomic(0)
    /// Times that the write-ahead log was brought into the database.
    let checkpoints = Atomic(0)
}

/// Group commit: everything that waits at a moment becomes one transaction, and is synchronised to the disk once.
///
/// It lives on the writer's thread, where no other connection of this process writes or checkpoints.
struct SQLiteWriter {
    let connection: SQLiteConnection
    let mailbox: Mailbox<SQLiteWrite>
    let tally: SQLiteTally
    /// How many pages of 4 KiB the write-ahead log may have before commits wait for a checkpoint.
    let checkpointPages: Int

    /// How many pages are worth a checkpoint when nothing else is to be done.
    private static let idlePages = 1000
    /// For how many milliseconds nothing else must have come.
    private static let idleMilliseconds = 100

    /// Works until the mailbox is closed and empty.
    func run() {
        var batch: [SQLiteWrite] = []
        while true {
            let isWorthWhile = connection.pagesToCheckpoint >= min(Self.idlePages, checkpointPages)
            let goesOn = mailbox.takeAll(into: &batch, patience: isWorthWhile ? Self.idleMilliseconds : nil)
            guard goesOn else { return }
            if batch.isEmpty || connection.pagesToCheckpoint >= checkpointPages { checkpoint() }
            guard !batch.isEmpty else { continue }
            let faults = commit(batch)
            for (write, fault) in zip(batch, faults) { write.waiter.resume(returning: fault) }
            batch.removeAll(keepingCapacity: true)
        }
    }

    private func checkpoint() {
        guard connection.pagesToCheckpoint > 0 else { return }
        connection.checkpoint(patiently: connection.pagesToCheckpoint >= 4 * checkpointPages)
        tally.checkpoints.add(1, ordering: .relaxed)
    }

    /// Commits a batch and gives each write's fault.
    ///
    /// Most batches have no fault, so the first try does without savepoints. A fault of one write alone has the batch
    /// done again, each in a savepoint; a fault of the disk has each done in a transaction of its own, so that a large
    /// one that does not fit takes no other with it. When no transaction begins, nobody waits for a second try.
    private func commit(_ batch: [SQLiteWrite]) -> [PlenumError?] {
        if batch.count == 1 { return eachAlone(batch) }
        for isIsolated in [false, true] {
            if let refusal = refusalToBegin() { return batch.map { _ in refusal } }
            do throws(PlenumError) {
                return try together(batch, isolated: isIsolated)
            } catch {
                rollBack()
                if error.code == .storage { break }
            }
        }
        return eachAlone(batch)
    }

    private func refusalToBegin() -> PlenumError? {
        do throws(PlenumError) { try connection.execute(.begin) } catch { return error }
        return nil
    }

    /// Does all writes in the transaction that is open, and commits it.
    /// - Throws: when it must be rolled back, and the batch be done in another way.
    private func together(_ batch: [SQLiteWrite], isolated: Bool) throws(PlenumError) -> [PlenumError?] {
        var faults: [PlenumError?] = []
        faults.reserveCapacity(batch.count)
        for write in batch {
            faults.append(try isolated ? faultInSavepoint(of: write) : harmlessFault(of: write))
        }
        try commitTransaction(of: batch.count)
        return faults
    }

    private func commitTransaction(of writes: Int) throws(PlenumError) {
        try connection.execute(.commit)
        tally.transactions.add(1, ordering: .relaxed)
        tally.writes.add(writes, ordering: .relaxed)
    }

    private func rollBack() {
        // SQLite may have rolled back by itself; then there is nothing left to do.
        if connection.isInTransaction { try? connection.execute("ROLLBACK") }
    }

    /// Does a write; gives its fault if it had changed nothing by then, and throws it otherwise.
    private func harmlessFault(of write: SQLiteWrite) throws(PlenumError) -> PlenumError? {
        let before = connection.totalChanges
        do {
            try write.work(connection)
            return nil
        } catch {
            guard error.code != .storage, connection.totalChanges == before, connection.isInTransaction else {
                throw error
            }
            return error
        }
    }

    /// Does a write in a savepoint and gives its fault; throws if that is the disk's.
    private func faultInSavepoint(of write: SQLiteWrite) throws(PlenumError) -> PlenumError? {
        try connection.execute("SAVEPOINT one")
        do {
            try write.work(connection)
            try connection.execute("RELEASE one")
            return nil
        } catch {
            guard error.code != .storage else { throw error }
            try connection.execute("ROLLBACK TO one; RELEASE one")
            return error
        }
    }

    /// Does each write in a transaction of its own.
    private func eachAlone(_ batch: [SQLiteWrite]) -> [PlenumError?] {
        var refusal: PlenumError?
        return batch.map { write in
            refusal = refusal ?? refusalToBegin()
            if let refusal { return refusal }
            do throws(PlenumError) {
                try write.work(connection)
                try commitTransaction(of: 1)
                return nil
            } catch {
                rollBack()
                return error
            }
        }
    }
}
