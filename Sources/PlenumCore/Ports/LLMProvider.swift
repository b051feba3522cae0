/// Somebody who completes prompts: a vendor over HTTP, a simulation, a model in this process.
///
/// An implementation does one thing: it turns a request into a stream of pieces. It keeps no conversation, retries
/// nothing and writes nothing down; the engine above it does. Cancelling the task that awaits, or dropping the stream,
/// must end the work upstream at once.
public protocol LLMProvider: Sendable {
    /// The id under which its models are offered.
    var id: String { get }

    /// The dialect in which a client's bytes can be passed through to it; `nil` for one without a wire.
    var dialect: Dialect? { get }

    /// The dialect in which it is spoken to of a model; ``dialect`` unless the model has one of its own.
    /// - Parameters:
    ///   - model: the model's name as the provider knows it.
    ///   - own: the dialect of a client's bytes without tools, which may go through as they are; `nil` if there are none.
    func dialect(of model: String, accepting own: Dialect?) -> Dialect?

    /// Asks for a completion and waits until the provider has accepted it.
    /// - Parameter request: what is asked, of which model.
    /// - Returns: the reply in pieces; for a request that is not streamed, in exactly one.
    /// - Throws: a ``PlenumError`` that names the provider's own words for a refusal.
    func complete(_ request: CompletionRequest) async throws(PlenumError) -> ReplyStream

    /// Asks for something beside completions.
    /// - Returns: the answer; `nil` if the provider has no such thing in the dialect of the call.
    /// - Throws: as ``complete(_:)``.
    func call(_ call: SideCall) async throws(PlenumError) -> SideReply?
}

extension LLMProvider {
    /// That of the provider.
    public func dialect(of model: String, accepting own: Dialect?) -> Dialect? { dialect }

    /// Nothing: most providers complete, and no more.
    public func call(_ call: SideCall) async throws(PlenumError) -> SideReply? { nil }
}

/// A reply that arrives in pieces, for one reader.
///
/// It ends after the piece whose events have ``ReplyEvent/end``, or throws: a provider's answer that breaks off without
/// its terminator is ``PlenumError/Code/upstreamInterrupted``, never a quiet end.
public struct ReplyStream: AsyncSequence, Sendable {
    /// One step of reading.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var pull: () async throws(PlenumError) -> ReplyPiece?

        /// Makes an iterator of a function that gives the next piece, and `nil` after the last.
        public init(_ pull: @escaping () async throws(PlenumError) -> ReplyPiece?) { self.pull = pull }

        /// Waits for the next piece.
        public mutating func next() async throws(PlenumError) -> ReplyPiece? { try await pull() }

        /// Waits for the next piece.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PlenumError) -> ReplyPiece? {
            try await pull()
        }
    }

    /// What the response head told.
    public let head: ReplyHead
    /// Ends the work upstream from any task: whoever waits for a piece is thrown an error. Nothing where a provider has
    /// no such way; the next piece is then the last that is read.
    public let cancel: @Sendable () -> Void
    private let make: @Sendable () -> AsyncIterator

    /// Makes a stream.
    /// - Parameters:
    ///   - head: what the response head told.
    ///   - cancel: ends the work upstream.
    ///   - iterator: makes the iterator; called once.
    public init(
        head: ReplyHead,
        cancel: @escaping @Sendable () -> Void = {},
        iterator: @escaping @Sendable () -> AsyncIterator
    ) {
        self.head = head
        self.cancel = cancel
        self.make = iterator
    }

    /// Makes a stream of one piece that is there already.
    public init(head: ReplyHead, whole piece: ReplyPiece) {
        self.init(head: head) {
            var rest: ReplyPiece? = piece
            return AsyncIterator { () async throws(PlenumError) -> ReplyPiece? in
                defer { rest = nil }
                return rest
            }
        }
    }

    /// Begins reading; once only.
    public func makeAsyncIterator() -> AsyncIterator { make() }
}

/// What is known of a reply before its first piece.
public struct ReplyHead: Sendable, Hashable {
    /// The dialect of the pieces' verbatim bytes; `nil` if they have none.
    public var dialect: Dialect?
    /// The HTTP status; `nil` for a provider without a wire.
    public var status: Int?
    /// The provider's id of the request.
    public var requestID: String?
    /// What the provider could not be told as the client said it.
    public var warnings: [RequestWarning] = []

    /// Makes a head.
    public init(dialect: Dialect? = nil, status: Int? = nil, requestID: String? = nil) {
        self.dialect = dialect
        self.status = status
        self.requestID = requestID
    }
}

/// What one read from the provider brought.
public struct ReplyPiece: Sendable, Hashable {
    /// The events in it, in order.
    public var events: [ReplyEvent]
    /// The bytes as the provider wrote them, but for the model's name, where the request was passed through verbatim;
    /// `nil` otherwise. For a stream these are whole server-sent events.
    public var verbatim: [UInt8]?

    /// Whether nothing came for a while: a sign of life to pass on, and no part of the reply.
    public private(set) var isHeartbeat = false

    /// A piece that says that nothing came for a while.
    public static let heartbeat: ReplyPiece = {
        var piece = ReplyPiece(events: [])
        piece.isHeartbeat = true
        return piece
    }()

    /// Makes a piece.
    public init(events: [ReplyEvent], verbatim: [UInt8]? = nil) {
        self.events = events
        self.verbatim = verbatim
    }
}
