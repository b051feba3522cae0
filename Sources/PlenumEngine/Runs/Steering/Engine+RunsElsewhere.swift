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

    /// Tells something to a run that another process carries out, and waits for its answer.
    /// - Returns: the run as it is then; `nil` if it has ended before it could hear.
    /// - Throws: what that process says, or `conflict` if it says nothing: then nothing is done later either.
    func tellElsewhere(_ id: RunID, _ command: RunCommand) async throws(PlenumError) -> Run? {
        guard storage.isShared else { throw Self.unheard }
        let posted = PostedCommand(id: ids.next(), run: id, command: command.json)
        do {
            try await recorder.commitNew([.postCommand(posted)])
        } catch  where error.code == .conflict {
            return nil
        }
        let end = ContinuousClock.now + commandPatience
        var hasEnded = false
        while !hasEnded, ContinuousClock.now < end {
            guard (try? await Task.sleep(for: Self.lookInterval)) != nil else {
                throw PlenumError(.cancelled, "The client left.")
            }
            if let told = try await answer(to: posted.id) { return told }
            hasEnded = try await storage.run(id).status.isTerminal
        }
        do {
            try await recorder.commit([.withdrawCommand(posted.id)])
        } catch  where error.code == .conflict {
            // It was answered at the last moment.
            return try await answer(to: posted.id)
        } catch  where error.code == .notFound {
            // The run has ended and was taken up anew.
            return nil
        }
        guard hasEnded else { throw Self.unheard }
        return nil
    }

    /// The run that a command was for, once that was answered.
    /// - Throws: the answer, if it was refused.
    private func answer(to id: CommandID) async throws(PlenumError) -> Run? {
        guard let command = try await storage.command(id) else { return nil }
        switch command.answer {
        case nil: return nil
        case .obeyed?: return try await storage.run(command.run)
        case .refused(let error)?:
            throw PlenumError(
                PlenumError.Code(rawValue: error.code),
                error.message,
                retryable: error.isRetryable
            )
        }
    }

    private static let unheard = PlenumError(
        .conflict,
        "Another server carries this run out and did not hear; nothing was done. Try again in a few seconds; if that server "
            + "has died, the run is interrupted within 40 seconds and can be resumed at any server.",
        retryable: true,
        retryAfter: .seconds(5)
    )

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
