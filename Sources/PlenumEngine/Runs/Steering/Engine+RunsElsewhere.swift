public import PlenumCore

/// Runs as anybody sees them, whichever process carries them out.
extension Engine {
    /// How often a run that another process carries out is looked at.
    static let lookInterval = Duration.milliseconds(100)
    /// How long a request to end a run may take to be heard.
    private static let stopPatience = Duration.seconds(15)

    /// Asks a run to end. One that has ended already stays as it is.
    ///
    /// One that another process carries out is asked through the database, so that the request outlives this process.
    /// - Throws: `notFound` if there is no such run.
    public func cancelRun(_ id: RunID) async throws(PlenumError) {
        if let active = runs[id] { return active.cancel() }
        guard try await !storage.run(id).status.isTerminal else { return }
        do {
            try await recorder.commitNew([.requestStop(id)])
        } catch  where error.code == .conflict {
            // It has ended in the meantime.
        }
    }

    /// Waits until a run has ended; at most fifteen seconds if another process carries it out.
    public func waitForRun(_ id: RunID) async {
        if let log = runs[id]?.log {
            var sequence = 0
            while !Task.isCancelled, let entries = log.entries(after: sequence) {
                sequence = entries.last?.sequence ?? sequence
                await log.wait(after: sequence)
            }
        } else {
            let end = ContinuousClock.now + Self.stopPatience
            while let run = try? await storage.run(id), !run.status.isTerminal, ContinuousClock.now < end {
                guard (try? await Task.sleep(for: Self.lookInterval)) != nil else { return }
            }
        }
    }

    /// Whether a run is answering a message, in whatever process.
    func isAnswering(_ message: Message) async throws(PlenumError) -> Bool {
        if runs.isAnswering(message.id) { return true }
        guard storage.isShared, message.role == .user else { return false }
        // The seats' answers were stored right behind the question.
        let page = PageRequest<MessageID>(limit: RunAsk.seatLimit, order: .descending)
        let latest = try await storage.messages(in: message.conversation, page: page)
        return latest.elements.contains { $0.parent == message.id && !$0.status.isTerminal }
    }
}
