import CSQLite
import PlenumCore
import Synchronization

/// Synchronises the write-ahead log on a thread of its own while the writer goes on with the next batch, and answers
/// callers only then.
///
/// Between a commit and its synchronisation other connections see what a power cut would take back. So a read that may
/// have seen such a commit is answered after it is synchronised, too: see ``whenDurable(_:)``.
final class SQLiteSyncer: Sendable {
    /// Whoever waits for a commit, and what is to be said if it is durable.
    typealias Answer = (waiter: CheckedContinuation<PlenumError?, Never>, fault: PlenumError?)

    /// A batch whose transactions are committed.
    private struct Committed: Sendable {
        let number: Int
        let answers: [Answer]
    }

    /// Who has read what may not be durable yet.
    private struct Reader: Sendable {
        /// The last batch that it can have seen.
        let number: Int
        let answer: @Sendable (PlenumError?) -> Void
    }

    private struct State {
        /// The number of the last batch that was begun.
        var begun = 0
        /// The number of the last batch that is synchronised.
        var durable = 0
        /// Batches that the thread has not answered yet.
        var pending = 0
        /// Why the disk is not to be trusted, since a synchronisation failed.
        var fault: PlenumError?
        var readers: [Reader] = []
    }

    private let state = Mutex(State())
    private let batches = Mailbox<Committed>(capacity: .max)
    /// Given one when the thread has ended.
    private let ends = Mailbox<Bool>(capacity: .max)
    let log: WriteAheadLog
    private let name: String

    /// Starts the thread.
    /// - Parameter name: the database's file, for messages.
    init(_ log: WriteAheadLog, name: String) throws(PlenumError) {
        self.log = log
        self.name = name
        let batches = batches
        let ends = ends
        _ = try Worker { [weak self] in
            var taken: [Committed] = []
            while batches.takeAll(into: &taken, patience: nil) {
                self?.answer(taken)
                taken.removeAll(keepingCapacity: true)
            }
            _ = ends.put(true, weighing: 0)
        }
    }

    // MARK: - The writer's side

    /// Numbers a batch. Called before any of it is committed.
    func begin() -> Int {
        state.withLock { state in
            state.begun += 1
            return state.begun
        }
    }

    /// Sees to it that a batch that was committed is synchronised and answered.
    /// - Parameter isLast: whether nothing else waits for the writer, which then does it by itself: that is sooner.
    func finish(_ number: Int, _ answers: [Answer], isLast: Bool) {
        let isIdle = state.withLock { state in
            guard state.pending > 0 || !isLast else { return true }
            state.pending += 1
            return false
        }
        guard isIdle else {
            _ = batches.put(Committed(number: number, answers: answers), weighing: 0)
            return
        }
        let fault = synchronise(upTo: number)
        for answer in answers { answer.waiter.resume(returning: fault ?? answer.fault) }
    }

    /// Why nothing may be written until the log is known to be safe again.
    var fault: PlenumError? { state.withLock { $0.fault } }

    /// Says that everything that was begun is safe after all.
    func recovered() {
        let readers = state.withLock { state in
            state.fault = nil
            state.durable = state.begun
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.answer(nil) }
    }

    /// Answers all that was handed over, and ends the thread.
    func close() {
        batches.close()
        _ = ends.take()
    }

    // MARK: - The thread's side

    private func answer(_ taken: [Committed]) {
        guard let last = taken.last else { return }
        let fault = synchronise(upTo: last.number)
        for batch in taken {
            for answer in batch.answers { answer.waiter.resume(returning: fault ?? answer.fault) }
        }
        state.withLock { $0.pending -= taken.count }
    }

    /// Synchronises the log.
    ///
    /// Linux reports a fault once and may drop what it could not write, so that the next try succeeds for nothing: after a
    /// fault, nothing is believed any more until ``recovered()``.
    private func synchronise(upTo number: Int) -> PlenumError? {
        let before = state.withLock { state in (isDurable: number <= state.durable, fault: state.fault) }
        guard !before.isDurable else { return nil }
        if let fault = before.fault { return fault }
        let code = log.synchronise()
        let (fault, readers) = state.withLock { state -> (PlenumError?, [Reader]) in
            if code != SQLITE_OK {
                state.fault = SQLiteFault(code: code, connection: nil, name: name).error.ofUnknownOutcome
            }
            guard state.fault == nil else {
                defer { state.readers = [] }
                return (state.fault, state.readers)
            }
            state.durable = max(state.durable, number)
            let ready = state.readers.filter { $0.number <= state.durable }
            state.readers.removeAll { $0.number <= state.durable }
            return (nil, ready)
        }
        for reader in readers { reader.answer(fault) }
        return fault
    }

    // MARK: - The readers' side

    /// Answers once all that can have been seen until now is synchronised.
    /// - Parameter answer: takes the fault of the disk, if it failed.
    func whenDurable(_ answer: @escaping @Sendable (PlenumError?) -> Void) {
        let (isReady, fault) = state.withLock { state -> (Bool, PlenumError?) in
            if state.fault == nil, state.durable < state.begun {
                state.readers.append(Reader(number: state.begun, answer: answer))
                return (false, nil)
            }
            return (true, state.durable < state.begun ? state.fault : nil)
        }
        if isReady { answer(fault) }
    }
}
