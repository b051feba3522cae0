import Logging
public import PlenumCore

/// Several engines on one storage, each in a process of its own.
extension Engine {
    /// Takes a lease, and marks what dead processes left in progress; called before anything is begun.
    public func recover() async throws(PlenumError) -> Recovery {
        try await recorder.renewLease()
        return try await storage.recover(at: clock.now())
    }

    /// Renews the lease and sweeps up after others until the task is cancelled; apart from the checkpoints, which must
    /// not wait for a slow renewal.
    func keepLease() async {
        guard storage.isShared else { return }
        var seconds = 0
        var isFailing = false
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            seconds += 1
            do throws(PlenumError) {
                try await recorder.renewLease(ifOlderThan: Tenure.renewal)
                if seconds % Tenure.renewal == 0 { try await recorder.sweep() }
                isFailing = false
            } catch {
                // Once for each time that it breaks.
                if !isFailing { logger.error("the lease could not be renewed", metadata: ["error": "\(error)"]) }
                isFailing = true
            }
        }
    }

    /// Ends the runs of this process that others were asked to end, and tells them what others were told.
    func obeyOthers() async {
        guard storage.isShared, !runs.all.isEmpty else { return }
        if let ids = try? await storage.runsToStop() { for id in ids { runs[id]?.cancel() } }
        guard let commands = try? await storage.commandsToObey() else { return }
        for posted in commands {
            guard let command = RunCommand(posted.command) else {
                let unknown = PlenumError(.conflict, "The server that carries this run out does not know the command.")
                await recorder.commitEventually([.answerCommand(posted.id, .refused(RecordedError(unknown)))])
                continue
            }
            runs[posted.run]?.commands.take(command, from: posted.id)
        }
    }

    /// What those are told for whom something broke: the reason of an end that came from outside comes first.
    func told(_ error: PlenumError, _ cut: Cut) -> PlenumError {
        cut.error ?? (error.code == .fenced ? .leaseLost : stopping(error))
    }
}
