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
    /// Those that failed before it, with their ends. A list, which is empty nearly always: a place for an attempt would be
    /// carried along by thousands of waiting answers.
    private var earlier: [Attempt] = []
    private var others: [Deployment]
    private var timesHere = 0
    private var isRetrying = false
    /// What was paid for the attempt that is under way.
    private var paid = 0
    private let deadline: Deadline
    /// Follows the attempts.
    let trace: RoutingTrace
    private let engine: Engine

    /// The rows of those that failed before ``attempt``.
    var failed: [Generation] { earlier.map(\.generation) }

    /// Plans an answer.
    /// - Parameters:
    ///   - attempt: the first attempt.
    ///   - others: who else may be asked.
    ///   - deadline: until when the answer must be there; the one of a run's step if `nil`.
    ///   - trace: follows the attempts; a new one if `nil`.
    init(
        _ attempt: Attempt,
        orElse others: [Deployment],
        engine: Engine,
        until deadline: Deadline? = nil,
        trace: RoutingTrace? = nil
    ) {
        let requested = attempt.generation.requestedModel
        self.trace =
            trace
            ?? RoutingTrace(requested, RoutePlanner.Plan(candidates: [attempt.deployment] + others, strategy: "direct"))
        self.attempt = attempt
        self.others = others
        self.engine = engine
        self.deadline = deadline ?? Deadline(step: engine.clock)
        self.attempt.limit(to: self.deadline)
        engine.router.begin()
        self.trace.begin(attempt.deployment)
    }

    /// Asks the provider.
    mutating func begin() async throws(PlenumError) -> ReplyStream { try await attempt.begin() }

    /// Notes what came.
    mutating func observe(_ piece: ReplyPiece) { attempt.observe(piece) }

    /// Takes over what somebody else did with the attempt.
    mutating func resume(_ attempt: Attempt) { self.attempt = attempt }

    /// Goes on to the next attempt after one that failed, when it is time for it.
    /// - Throws: the error, if nothing follows from it.
    mutating func advance(after failure: PlenumError) async throws(PlenumError) {
        let error = deadline.explaining(failure)
        let rule = RetryRule(error)
        guard !attempt.hasContent, earlier.count + 1 < RetryRule.attempts, !engine.isStopping else { throw error }
        let last = attempt.deployment
        sort(rule.elsewhere, after: last)
        var next = last
        if rule.elsewhere != .nobody, !others.isEmpty, deadline.allowsAttempt() {
            engine.router.record(last, error)
            next = engine.router.take(from: &others) ?? last
            (timesHere, paid) = (0, 0)
        } else {
            try await wait(rule, after: error)
        }
        var failed = attempt
        failed.generation.ending = attempt.ending(Reply(), error: error)
        failed.generation.status = .failed
        earlier.append(failed)
        trace.end(error, status: failed.httpStatus)
        trace.begin(next)
        attempt = attempt.next(at: next, id: engine.ids.next(), clock: engine.clock)
        attempt.limit(to: deadline)
    }

    /// Waits until the same deployment may be asked again.
    /// - Throws: the error, if it may not; `cancelled` if the client leaves in the meantime.
    private mutating func wait(_ rule: RetryRule, after error: PlenumError) async throws(PlenumError) {
        let pause = RetryRule.pause(after: error, attempts: earlier.count + 1)
        guard timesHere < rule.again, deadline.allowsAttempt(after: pause) else { throw error }
        if !isRetrying {
            guard engine.router.mayRetry() else { throw error }
            isRetrying = true
        }
        let price = RetryPurse.price(after: error)
        guard engine.router.pay(price, to: attempt.deployment) else { throw error }
        engine.router.record(attempt.deployment, error)
        timesHere += 1
        do {
            try await Task.sleep(for: pause)
        } catch {
            engine.router.giveBack(price, to: attempt.deployment)
            // The failure is counted already, and must not be again when the client's leaving is noted.
            throw PlenumError(.cancelled, "The client left before the answer began.")
        }
        paid = price
    }

    /// Sorts out who may be asked after a failure.
    private mutating func sort(_ elsewhere: RetryRule.Elsewhere, after last: Deployment) {
        switch elsewhere {
        case .nobody, .anybody: break
        case .othersFirst:
            let isSame = { (other: Deployment) in other.model.id.provider == last.model.id.provider }
            others = others.filter { !isSame($0) } + others.filter(isSame)
        case .largerContext:
            // Who is not known to read more would say the same.
            let context = last.model.context ?? .max
            others.removeAll { $0.model.context ?? 0 <= context }
        }
    }

    /// Takes the last step back, which could not be kept: the attempt that failed is the last one again.
    mutating func takeBack() {
        guard let last = earlier.popLast() else { return }
        attempt = last
        attempt.generation.ending = nil
        attempt.generation.status = .inProgress
        trace.takeBack()
    }

    /// The changes that keep the end of the attempt that failed last and the beginning of the one that follows it.
    /// - Parameter content: what is kept of the words beside the numbers.
    func step(_ content: GenerationContent?) -> [StorageChange] {
        guard let last = earlier.last?.generation, let ending = last.ending else { return [] }
        return [.finishGeneration(last.id, ending, reply: nil), .createGeneration(attempt.generation, content)]
    }

    /// Notes how the last attempt ended.
    func end(_ error: PlenumError?) {
        trace.end(error, status: attempt.httpStatus)
        let pace = error == nil ? attempt.pace : nil
        engine.router.record(attempt.deployment, error, paid: paid, pace: pace)
        engine.router.end(isRetrying: isRetrying)
        guard error == nil, let session = trace.session else { return }
        engine.router.sessions.remember(session, attempt.deployment.id, at: engine.clock.ticks())
    }

    /// Notes how the last attempt ended.
    /// - Returns: the error with what was tried.
    func end(with error: PlenumError) -> PlenumError {
        end(error)
        return explaining(error)
    }

    /// An error with what was tried. Who has left is told nothing.
    func explaining(_ error: PlenumError) -> PlenumError {
        guard error.code != .cancelled else { return error }
        var told = error
        told.routing = trace.record.json
        return told
    }

    /// Notes that the answer has come, and is about to be kept: whoever is given the end of it hears of that too.
    /// - Returns: what was tried.
    @discardableResult
    func answer() -> RoutingTrace {
        trace.end(nil, status: attempt.httpStatus)
        return trace
    }
}
