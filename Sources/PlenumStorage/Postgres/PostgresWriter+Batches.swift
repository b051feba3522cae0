import Glibc
import PlenumCore
import Synchronization

extension PostgresWriter {
    /// A write with what it would do.
    struct Item {
        let write: PostgresWrite
        let steps: [PostgresRecording.Step]
    }

    /// What became of an attempt to commit.
    enum Attempt {
        case committed
        /// One of several is at fault, or assumed what does not hold.
        case faulty
        /// Another transaction was in the way.
        case transient(PlenumError)
        /// The connection was lost, and nothing was committed.
        case lost(PlenumError)
    }

    /// How often a transaction is done again that met others.
    private static let attempts = 4

    /// Records what each write of a batch would do, does most of them in one transaction, and the rest by themselves.
    func carryOutTogether(_ batch: [PostgresWrite]) {
        var together: [Item] = []
        var alone: [PostgresWrite] = []
        for write in batch {
            guard case .usual = write.kind else {
                alone.append(write)
                continue
            }
            switch recording.record(write.work) {
            case .steps(let steps): together.append(Item(write: write, steps: steps))
            case .needsAnswers: alone.append(write)
            case .fault(let fault): write.answer(fault)
            }
        }
        commit(together[...])
        for write in alone where connection != nil { carryOutAlone(write) }
    }

    /// Commits a batch, or its halves where one write at fault takes the others with it.
    private func commit(_ items: ArraySlice<Item>) {
        guard !items.isEmpty, connection != nil else { return }
        switch persistently({ attempt(items) }) {
        case .committed:
            tally.transactions.add(1, ordering: .relaxed)
            tally.writes.add(items.count, ordering: .relaxed)
            for item in items { item.write.answer(nil) }
        case .lost(let fault): for item in items { item.write.answer(fault) }
        case .faulty, .transient:
            guard items.count > 1 else { return carryOutAlone(items[items.startIndex].write) }
            let middle = items.startIndex + items.count / 2
            commit(items[..<middle])
            commit(items[middle...])
        }
    }

    /// Tries again what met other transactions, and, once, what lost its connection.
    private func persistently(_ attempt: () -> Attempt) -> Attempt {
        var hasLost = false
        var count = 0
        while true {
            let outcome = attempt()
            count += 1
            switch outcome {
            case .transient where count < Self.attempts: continue
            case .lost where !hasLost:
                hasLost = true
                guard reconnect(within: remaining(of: settings.stallPatience)) else { return outcome }
            default: return outcome
            }
        }
    }

    /// Sends a batch in one exchange, checks the answers, and commits in a second one.
    private func attempt(_ items: ArraySlice<Item>) -> Attempt {
        guard let connection else { return .lost(PostgresHealth.silence) }
        let plan = PostgresPlan(items.map(\.steps), recording.arguments)
        guard !plan.steps.isEmpty else { return .committed }
        tally.statements.add(plan.steps.count, ordering: .relaxed)
        allow(plan.steps.count)
        var holds = true
        var number: Int64?
        do {
            try PostgresTransaction.write.begin(on: connection)
            for step in plan.steps { try connection.send(step.statement, recording.arguments, rows: step.rows) }
            try connection.sync()
            try connection.answers(tick: tick) { place, result in
                if place == 1 { number = result.int(0) }
                guard place >= PostgresTransaction.openingAnswers else { return }
                let step = plan.steps[place - PostgresTransaction.openingAnswers]
                if max(result.changes, result.rows) < step.demanded { holds = false }
            }
        } catch {
            return failed(error)
        }
        guard holds else {
            rollBack()
            return .faulty
        }
        return commit(numbered: number)
    }

    /// Judges a fault before the commit, when nothing is kept of the transaction.
    private func failed(_ fault: PostgresFault) -> Attempt {
        if fault.endsConnection {
            lose(fault)
            return .lost(fault.error)
        }
        rollBack()
        return fault.isTransient ? .transient(fault.error) : .faulty
    }

    private func rollBack() {
        guard let connection else { return }
        do {
            try connection.send("ROLLBACK")
            try connection.sync()
            try connection.answers(tick: tick)
        } catch {
            lose(error)
        }
    }

    private func commit(numbered number: Int64?) -> Attempt {
        guard let connection else { return .lost(PostgresHealth.silence) }
        var isCommitted = false
        do {
            try connection.send("COMMIT")
            try connection.sync()
            try connection.answers(tick: tick) { _, result in isCommitted = result.command == "COMMIT" }
            return isCommitted ? .committed : .faulty
        } catch {
            guard error.endsConnection else { return failed(error) }
            lose(error)
            return outcome(ofTransaction: number, error)
        }
    }

    // MARK: - Alone

    /// Does a write statement by statement, in a transaction of its own.
    private func carryOutAlone(_ write: PostgresWrite) {
        var fault: PlenumError?
        let attempt = persistently {
            let (attempt, found) = attemptAlone(write)
            fault = found
            return attempt
        }
        switch attempt {
        case .committed:
            tally.transactions.add(1, ordering: .relaxed)
            tally.writes.add(1, ordering: .relaxed)
            write.answer(nil)
        case .lost(let error), .transient(let error): write.answer(error)
        case .faulty: write.answer(fault)
        }
    }

    private func attemptAlone(_ write: PostgresWrite) -> (Attempt, PlenumError?) {
        guard let connection else { return (.lost(PostgresHealth.silence), nil) }
        if case .ping = write.kind { return (ping(connection), nil) }
        let isMigration = write.kind == .migration
        let session = PostgresSession(connection, isMigration ? .migration : .write, tick: tick)
        do throws(PlenumError) {
            try write.work(session)
        } catch {
            if let fault = session.fault, fault.endsConnection { return (failed(fault), fault.error) }
            if session.isBegun { rollBack() }
            if let fault = session.fault, fault.isTransient { return (.transient(fault.error), nil) }
            return (.faulty, error)
        }
        guard session.isBegun else { return (.committed, nil) }
        // A work that went on after a fault has nothing to commit.
        if let fault = session.fault { return (failed(fault), fault.error) }
        let attempt = commit(numbered: session.transactionID)
        return (attempt, PostgresHealth.silence)
    }

    private func ping(_ connection: PostgresConnection) -> Attempt {
        do {
            try connection.send("SELECT 1")
            try connection.sync()
            try connection.answers(tick: tick)
            return .committed
        } catch {
            return failed(error)
        }
    }

    // MARK: - Doubt

    /// Finds out what became of a transaction whose connection was lost during the commit.
    private func outcome(ofTransaction number: Int64?, _ fault: PostgresFault) -> Attempt {
        guard let number else { return .lost(fault.error.ofUnknownOutcome) }
        let limit = Clock.milliseconds() + settings.doubtPatience
        repeat {
            let left = limit - Clock.milliseconds()
            guard connection != nil || reconnect(within: left) else {
                usleep(20_000)
                continue
            }
            switch status(ofTransaction: number) {
            case "committed": return .committed
            // Nothing was kept, so that it can be done again.
            case "aborted": return .transient(fault.error)
            default: usleep(20_000)
            }
        } while Clock.milliseconds() < limit
        return .lost(doubt(fault))
    }

    private func doubt(_ fault: PostgresFault) -> PlenumError {
        PlenumError(
            .storage,
            "The connection to PostgreSQL was lost while this was being committed, and nobody knows yet whether it was:"
                + " look before you send it again.",
            retryable: true,
            retryAfter: .seconds(1),
            cause: fault.error.cause
        ).ofUnknownOutcome
    }

    private func status(ofTransaction number: Int64) -> String? {
        guard let connection else { return nil }
        var status: String?
        do {
            try connection.send("SELECT pg_xact_status($1::text::xid8)", number: number)
            try connection.sync()
            try connection.answers(tick: tick) { _, result in if result.rows == 1 { status = result.text(0) } }
        } catch {
            lose(error)
        }
        return status
    }
}
