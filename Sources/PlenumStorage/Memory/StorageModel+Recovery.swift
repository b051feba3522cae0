import PlenumCore

extension StorageModel {
    /// Marks everything in progress that no living process owns as interrupted; messages keep the text of their last checkpoint.
    mutating func recover(at time: Timestamp) -> Recovery {
        var recovery = Recovery()
        let now = ContinuousClock.now
        processes = processes.filter { $0.value > now }
        let abandoned = messages.filter { !$0.value.record.status.isTerminal && isAbandoned(.message($0.key)) }
        for (id, stored) in abandoned.sorted(by: { $0.value.number < $1.value.number }) {
            var message = shown(stored.record)
            message.status = .interrupted
            message.error = .interruption
            message.endedAt = time
            messages[id]?.record = message
            if message.isSearchable { searchable[.message(id)] = searchable(message.text) }
            recovery.messages += 1
        }
        for (id, stored) in generations where !stored.record.status.isTerminal && isAbandoned(.generation(id)) {
            generations[id]?.record.status = .interrupted
            generations[id]?.record.ending = .interruption(of: stored.record.createdAt, at: time)
            checkpoints[id] = nil
            recovery.generations += 1
        }
        for (id, run) in runs where !run.record.status.isTerminal && isAbandoned(.run(id)) {
            runs[id]?.record.status = .interrupted
            runs[id]?.record.stopReason = Status.interrupted.rawValue
            runs[id]?.record.endedAt = time
            recovery.runs += 1
        }
        interruptClaims()
        return recovery
    }
}
