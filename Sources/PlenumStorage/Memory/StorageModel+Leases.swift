import PlenumCore

extension StorageModel {
    /// A record that can be in progress.
    enum Owned: Hashable {
        case message(MessageID)
        case generation(GenerationID)
        case run(RunID)
    }

    /// Lets a process's lease run on from now.
    mutating func renew(_ process: Int, for duration: Duration) throws(PlenumError) {
        guard processes[process] != nil else { throw .fenced }
        processes[process] = ContinuousClock.now + duration
    }

    /// Writes down a new process, and gives its number.
    mutating func takeLease(for duration: Duration, isAlone: Bool) -> Int {
        if isAlone { processes = [:] }
        let process = number()
        processes[process] = ContinuousClock.now + duration
        return process
    }

    /// Whether no living process owns a record.
    func isAbandoned(_ record: Owned) -> Bool { owners[record].map { processes[$0] == nil } ?? true }

    mutating func requestStop(_ id: RunID) throws(PlenumError) {
        guard let run = runs[id]?.record else { throw .missing("run", id) }
        guard !run.status.isTerminal else { throw .ended("run", id) }
        put(\.stopRequests, id, true)
    }

    /// The runs in progress of a process that somebody has asked to end.
    func runsToStop(of owner: Int?) -> [RunID] {
        stopRequests.keys.filter { runs[$0]?.record.status.isTerminal == false && owners[.run($0)] == owner }.sorted()
    }
}
