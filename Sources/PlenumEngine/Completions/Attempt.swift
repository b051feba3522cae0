import PlenumCore

/// One call of one provider, measured.
struct Attempt: Sendable {
    /// Its row of the ledger, in progress.
    var generation: Generation
    /// Whom it asks for what, in a place of its own: thousands of attempts wait at a time, and each is carried through several
    /// calls, whose frames hold all that they are given.
    private final class Order: Sendable {
        let deployment: Deployment
        let request: CompletionRequest

        init(_ deployment: Deployment, _ request: CompletionRequest) {
            self.deployment = deployment
            self.request = request
        }
    }

    private var order: Order
    private let clock: EngineClock
    private let start: UInt64
    private var firstContent: Int?
    /// The output tokens that were counted last, and when.
    private var counted: (tokens: Int, at: Int)?
    @Boxed private var head: ReplyHead?

    init(_ generation: Generation, _ deployment: Deployment, _ request: CompletionRequest, clock: EngineClock) {
        self.generation = generation
        var request = request
        request.patience = deployment.patience
        self.order = Order(deployment, request)
        self.clock = clock
        self.start = clock.ticks()
    }

    /// The model.
    var deployment: Deployment { order.deployment }

    /// Holds it to the time that its answer has left.
    mutating func limit(to deadline: Deadline) {
        let patience = deadline.limiting(order.request.patience)
        guard patience != order.request.patience else { return }
        var request = order.request
        request.patience = patience
        order = Order(order.deployment, request)
    }

    /// The attempt that follows this one in its group.
    func next(at deployment: Deployment, id: GenerationID, clock: EngineClock) -> Attempt {
        var row = generation
        row.id = id
        row.attempt += 1
        row.model = deployment.model.id.description
        row.provider = deployment.model.id.provider
        row.dialect = deployment.dialect(accepting: order.request.ownDialect)
        row.createdAt = clock.now()
        var request = order.request
        request.address(to: deployment.model)
        return Attempt(row, deployment, request, clock: clock)
    }

    /// Asks the provider.
    mutating func begin() async throws(PlenumError) -> ReplyStream {
        let stream = try await order.deployment.provider.complete(order.request)
        head = stream.head
        return stream
    }

    /// Asks the provider, in a task of its own; gives the attempt as it then is.
    func begun() async throws(PlenumError) -> (attempt: Attempt, stream: ReplyStream) {
        var attempt = self
        let stream = try await attempt.begin()
        return (attempt, stream)
    }

    /// What the provider could not be told as the client said it.
    var warnings: [RequestWarning] { head?.warnings ?? [] }

    /// The HTTP status of the provider's answer; `nil` if there was none, or not yet.
    var httpStatus: Int? { head?.status }

    /// Whether anything came that a reader sees.
    var hasContent: Bool { firstContent != nil }

    /// How fast the answer came; `nil` if the provider did not count its tokens.
    var pace: Pace.Sample? {
        guard let counted else { return nil }
        let isStreamed = order.request.stream
        let begun = isStreamed ? firstContent ?? 0 : 0
        return Pace.Sample(
            firstContent: isStreamed ? firstContent : nil,
            tokens: counted.tokens,
            milliseconds: counted.at - begun
        )
    }

    /// Notes when the first content came, and the tokens.
    mutating func observe(_ piece: ReplyPiece) {
        for case .usage(let usage) in piece.events { counted = (usage.output, clock.milliseconds(since: start)) }
        guard firstContent == nil, piece.events.contains(where: \.isContent) else { return }
        firstContent = clock.milliseconds(since: start)
    }

    /// Sums up an attempt that gave a reply, whole or as far as it came.
    func ending(_ reply: Reply, status: Status? = nil, error: PlenumError? = nil) -> GenerationEnding {
        let natural: Status = error.map(Self.status) ?? (reply.finish?.isComplete ?? true ? .completed : .incomplete)
        var ending = GenerationEnding(status: status ?? natural, duration: clock.milliseconds(since: start))
        ending.httpStatus = head?.status ?? error?.upstream?.status
        ending.finish = reply.finish
        ending.upstreamID = head?.requestID ?? error?.upstream?.requestID
        ending.timeToFirstToken = firstContent
        ending.error = error.map(RecordedError.init)
        ending.charge(reply.usage, deployment.model.price)
        return ending
    }

    private static func status(_ error: PlenumError) -> Status {
        switch error.code {
        case .cancelled: .cancelled
        case .interrupted: .interrupted
        default: .failed
        }
    }
}

extension CompletionRequest {
    /// Makes a request to a model.
    init(to model: Model, stream: Bool, prompt: Prompt) {
        self.init(model: model.upstream, tag: model.id, stream: stream, prompt: prompt)
        address(to: model)
    }

    /// Addresses it to a model.
    fileprivate mutating func address(to model: Model) {
        self.model = model.upstream
        tag = model.id
        outputLimit = model.maxOutput
        capabilities = model.capabilities
    }
}

extension GenerationEnding {
    /// Notes what was used, and what that costs: as the provider says, or else by the model's price.
    mutating func charge(_ usage: Usage?, _ price: Price?) {
        self.usage = usage
        guard let usage else { return }
        if let reported = usage.reportedCost {
            (cost, costSource) = (reported, .provider)
        } else if let price {
            (cost, costSource, priceVersion) = (price.cost(of: usage), .table, price.version)
        }
    }
}

extension MessageEnding {
    /// How a message ends that an attempt made.
    init(_ generation: Generation, _ ending: GenerationEnding, parts: [ContentPart], endedAt: Timestamp) {
        self.init(status: ending.status, parts: parts, endedAt: endedAt)
        model = generation.model
        provider = generation.provider
        self.generation = generation.id
        finish = ending.finish
        usage = ending.usage
        cost = ending.cost
        error = ending.error
    }
}
