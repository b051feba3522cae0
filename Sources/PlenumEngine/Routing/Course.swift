import PlenumCore

/// The attempts at one answer, one after another: each a row of the ledger, all of one group.
struct Course: Sendable {
    /// What was kept of an answer when it began.
    enum Kept {
        /// Nothing: all of its attempts are kept when it has ended.
        case nothing
        /// The first attempt, with what is kept of the words beside the numbers.
        case begun(GenerationContent?)
    }

    /// The attempt that is under way, or was the last.
    private(set) var attempt: Attempt
    /// The rows of those that failed before it.
    private(set) var failed: [Generation] = []
    /// The one before ``attempt``.
    private var previous: Attempt?
    private var others: [Deployment]
    private var timesHere = 0
    private var isRetrying = false
    private let engine: Engine

    /// Plans an answer.
    /// - Parameters:
    ///   - attempt: the first attempt.
    ///   - others: who else may be asked.
    init(_ attempt: Attempt, orElse others: [Deployment], engine: Engine) {
        self.attempt = attempt
        self.others = others
        self.engine = engine
        engine.router.begin()
    }

    /// Asks the provider.
    mutating func begin() async throws(PlenumError) -> ReplyStream { try await attempt.begin() }

    /// Notes what came.
    mutating func observe(_ piece: ReplyPiece) { attempt.observe(piece) }

    /// Takes over what somebody else did with the attempt.
    mutating func resume(_ attempt: Attempt) { self.attempt = attempt }

    /// Goes on to the next attempt after one that failed, when it is time for it.
    /// - Throws: the error, if nothing follows from it.
    mutating func advance(after error: PlenumError) async throws(PlenumError) {
        let rule = RetryRule(error)
        guard !attempt.hasContent, failed.count + 1 < RetryRule.attempts, !engine.isStopping else { throw error }
        let last = attempt.deployment
        let isAgain = others.isEmpty || !rule.elsewhere
        guard isAgain ? timesHere < rule.again : rule.elsewhere else { throw error }
        if isAgain, !isRetrying {
            guard engine.router.mayRetry() else { throw error }
            isRetrying = true
        }
        engine.router.record(last, error)
        var next = last
        if isAgain {
            timesHere += 1
            let pause = RetryRule.pause(after: error, attempts: failed.count + 1)
            guard (try? await Task.sleep(for: pause)) != nil else { throw error }
        } else {
            next = engine.router.take(from: &others) ?? last
            timesHere = 0
        }
        var row = attempt.generation
        row.ending = attempt.ending(Reply(), error: error)
        row.status = .failed
        failed.append(row)
        previous = attempt
        attempt = attempt.next(at: next, id: engine.ids.next(), clock: engine.clock)
    }

    /// Takes the last step back, which could not be kept: the attempt that failed is the last one again.
    mutating func takeBack() {
        guard let previous else { return }
        attempt = previous
        failed.removeLast()
    }

    /// The changes that keep the end of the attempt that failed last and the beginning of the one that follows it.
    /// - Parameter content: what is kept of the words beside the numbers.
    func step(_ content: GenerationContent?) -> [StorageChange] {
        guard let last = failed.last, let ending = last.ending else { return [] }
        return [.finishGeneration(last.id, ending, reply: nil), .createGeneration(attempt.generation, content)]
    }

    /// Notes how the last attempt ended.
    func end(_ error: PlenumError?) {
        engine.router.record(attempt.deployment, error)
        engine.router.end(isRetrying: isRetrying)
    }
}
