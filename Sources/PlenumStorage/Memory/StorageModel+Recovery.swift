import PlenumCore

extension StorageModel {
    /// Marks everything in progress as interrupted; messages keep the text of their last checkpoint.
    mutating func recover(at time: Timestamp) -> Recovery {
        var recovery = Recovery()
        let unfinished = messages.filter { !$0.value.record.status.isTerminal }
        for (id, stored) in unfinished.sorted(by: { $0.value.number < $1.value.number }) {
            var message = shown(stored.record)
            message.status = .interrupted
            message.error = .interruption
            message.endedAt = time
            messages[id]?.record = message
            if message.isSearchable { searchable[.message(id)] = searchable(message.text) }
            recovery.messages += 1
        }
        for (id, stored) in generations where !stored.record.status.isTerminal {
            generations[id]?.record.status = .interrupted
            generations[id]?.record.ending = .interruption(of: stored.record.createdAt, at: time)
            recovery.generations += 1
        }
        checkpoints = [:]
        for (id, run) in runs where !run.status.isTerminal {
            runs[id]?.status = .interrupted
            runs[id]?.stopReason = Status.interrupted.rawValue
            runs[id]?.endedAt = time
            recovery.runs += 1
        }
        interruptClaims()
        return recovery
    }
}
