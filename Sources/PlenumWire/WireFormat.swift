public import PlenumCore

/// A dialect of the wire as pure code: bytes to values and back, without I/O and without waiting.
///
/// Each format has four parts: it reads a request, writes a request, reads a reply and writes a reply, whole or streamed.
/// So every format is a door for clients and a way to a provider.
public protocol WireFormat: Sendable {
    /// The dialect.
    var dialect: Dialect { get }

    /// The header fields that carry a provider's key.
    func authorization(key: String) -> [(name: String, value: String)]

    /// Writes a request to a provider.
    ///
    /// A verbatim prompt of this dialect is passed through: nothing changes but the model's name, the members that are
    /// the gateway's own, and the wish for usage in a stream. One of another dialect is read first.
    func writeRequest(_ request: CompletionRequest, quirks: Quirks) throws(PlenumError) -> WireRequest

    /// Reads a whole reply of a provider. The events end with ``ReplyEvent/end``.
    func readReply(_ body: [UInt8], request: CompletionRequest) throws(PlenumError) -> ReplyPiece

    /// Makes a reader of a streamed reply.
    func makeReplyReader(for request: CompletionRequest) -> any ReplyReader

    /// Writes a call beside completions; `nil` if the format has no such thing.
    func writeCall(_ call: SideCall) throws(PlenumError) -> WireRequest?

    /// Reads the answer to a call beside completions.
    func readCall(_ call: SideCall, _ body: [UInt8]) throws(PlenumError) -> SideReply

    /// Reads a provider's refusal, whatever its body is. The message never holds a key or a page.
    func readError(status: Int, header: (String) -> String?, body: [UInt8], provider: String) -> PlenumError

    /// Reads a client's request.
    /// - Throws: ``PlenumError/Code/invalidRequest`` with the byte or the parameter's path at fault.
    func readRequest(_ body: [UInt8]) throws(PlenumError) -> DoorRequest

    /// What the replies to a client's request have of it.
    func echo(of request: DoorRequest) -> RequestEcho

    /// Looks over the top level of a client's request in one pass, without a tree.
    func scanRequest(_ body: [UInt8]) throws(PlenumError) -> DoorHead

    /// Writes a whole reply to a client.
    func writeReply(_ reply: Reply, as identity: ReplyIdentity) -> [UInt8]

    /// Makes a writer of a streamed reply to a client.
    func makeReplyWriter(as identity: ReplyIdentity) -> any ReplyWriter

    /// What a client of a stream is sent while nothing comes; empty if its clients bear nothing.
    var keepAlive: [UInt8] { get }

    /// Whether clients pass over comments in a stream.
    var takesComments: Bool { get }

    /// Writes an error to a client that has not been answered yet.
    func writeError(_ error: PlenumError) -> WireError
}

/// A request as it goes to a provider.
public struct WireRequest: Sendable {
    /// What is appended to the provider's base address, query included.
    public var path: String
    /// The fields of the format, without the key's.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]
    /// What could not be said as it was meant.
    public var warnings: [RequestWarning] = []
    /// The names of tools that had to be spelled in another way, each with its own name.
    public var toolNames: [String: String] = [:]

    /// Makes a request.
    public init(path: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.path = path
        self.headers = headers
        self.body = body
    }
}

/// An error as it goes to a client.
public struct WireError: Sendable {
    /// The HTTP status.
    public var status: Int
    /// Header fields: the content type, and when to come back.
    public var headers: [(name: String, value: String)]
    /// The body in the dialect of the door.
    public var body: [UInt8]

    /// Makes an error.
    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// How a client knows the reply that is written to it.
public struct ReplyIdentity: Sendable, Hashable {
    /// The reply's id, with the prefix that the dialect is used to or any other.
    public var id: String
    /// When it was begun, in seconds since 1970.
    public var created: Int64
    /// The model's name as clients know it.
    public var model: String
    /// Whether the client asked for usage in a stream; dialects that always tell it do so anyway.
    public var includeUsage: Bool
    /// What the reply has of the request: the tools that take free text, and members that the dialect repeats.
    public var request: RequestEcho

    /// Makes a value.
    public init(
        id: String,
        created: Int64,
        model: String,
        includeUsage: Bool = true,
        request: RequestEcho = RequestEcho()
    ) {
        self.id = id
        self.created = created
        self.model = model
        self.includeUsage = includeUsage
        self.request = request
    }
}

/// What a reply has of the request that it answers.
public struct RequestEcho: Sendable, Hashable {
    /// The names of the tools that take free text: their calls are written as such.
    public var freeformTools: Set<String> = []
    /// Members of the request that replies of its dialect repeat: those of OpenAI's Responses.
    public var members = JSONObject()

    /// Makes a value that has nothing.
    public init() {}
}

/// Reads a streamed reply, cut anywhere.
public protocol ReplyReader: Sendable {
    /// The provider's error, once it was read: the next call throws it. Who has it must not wait for more.
    var failure: PlenumError? { get }

    /// Takes what one read brought.
    /// - Returns: the events that it completed and, for a request that is passed through, the bytes of the complete
    ///   server-sent events in it.
    /// - Throws: the provider's own error if it sent one instead of going on. What came before it is given first; the
    ///   error is then thrown by the next call.
    mutating func feed(_ bytes: [UInt8]) throws(PlenumError) -> ReplyPiece

    /// Says that the provider closed the stream.
    /// - Returns: what was still held back; the events end with ``ReplyEvent/end`` unless that was given before, or there
    ///   is a ``failure`` behind them.
    /// - Throws: ``PlenumError/Code/upstreamInterrupted`` if the dialect's end was not seen.
    mutating func finish() throws(PlenumError) -> ReplyPiece
}

/// Writes a streamed reply to a client.
public protocol ReplyWriter: Sendable {
    /// Writes events, none or several.
    mutating func write(_ events: [ReplyEvent]) -> [UInt8]
    /// Writes an error in the middle of the stream, and its end.
    /// - Parameter isPartial: whether the client was given a part of the answer before.
    mutating func fail(_ error: PlenumError, isPartial: Bool) -> [UInt8]
}
