public import PlenumCore

/// A completion as a client asks for it.
public struct CompletionAsk: Sendable {
    /// The model, by any name it has.
    public var model: String
    /// The models to ask when the first cannot answer, in order, by any names that they have.
    public var fallbacks: [String]
    /// What is asked.
    public var prompt: CompletionRequest.Prompt
    /// What a client's own bytes ask, read: what goes into a conversation must be understood.
    @Boxed public var chat: ChatRequest?
    /// Header fields of the client's dialect that belong to the prompt.
    public var fields = ClientFields()
    /// Whether what a provider cannot be told is refused, and not left out with a warning.
    public var isStrict = false
    /// Which deployments are asked, and in which order.
    public var routing = Routing()
    /// Whether the reply should come in pieces.
    public var isStreamed: Bool
    /// The dialect of the door it came in by; `nil` for the terminal.
    public var door: Dialect?
    /// The name of the key that the client came with; `nil` if it came without one.
    public var key: String?
    /// The client's body, to be kept with the reply; `nil` if words are not to be kept.
    public var body: [UInt8]?
    /// Where it belongs; `nil` for a completion by itself.
    @Boxed public var place: ConversationPlace?
    /// How long the client waits for all of it; as long as any completion may take if `nil`.
    public var limit: Duration?
    /// The key that it came with; `nil` if asking again may have it done again.
    @Boxed public var claim: CompletionClaim?
    /// Who is asked, where that was planned before.
    var route: Route?

    /// Makes an ask.
    public init(
        model: String,
        fallbacks: [String] = [],
        prompt: CompletionRequest.Prompt,
        isStreamed: Bool,
        door: Dialect?,
        body: [UInt8]?,
        place: ConversationPlace? = nil,
        limit: Duration? = nil
    ) {
        self.model = model
        self.fallbacks = fallbacks
        self.limit = limit
        self.prompt = prompt
        self.isStreamed = isStreamed
        self.door = door
        self.body = body
        self.place = place
    }
}

/// The place in a conversation where a question goes.
public struct ConversationPlace: Sendable, Hashable {
    /// The conversation.
    public var conversation: ConversationID
    /// The message to go on from; the conversation's leaf if `nil`.
    public var parent: MessageID?
    /// The id that the answer's message is to have; any if `nil`.
    public var answer: MessageID?
    /// A conversation that is not there yet, and begins with this question.
    public var begins: Conversation?
    /// Whether nothing comes before it: then it stands beside the conversation's first message.
    public var isFirst: Bool

    /// Makes a place.
    public init(conversation: ConversationID, parent: MessageID? = nil, isFirst: Bool = false) {
        self.conversation = conversation
        self.parent = parent
        self.isFirst = isFirst
    }
}

/// A whole completion, kept.
public struct WholeCompletion: Sendable {
    /// Its row of the ledger.
    public var generation: Generation
    /// The reply.
    public var reply: Reply
    /// What its provider could not be told as the client said it.
    public var warnings: [RequestWarning] = []
    /// The provider's bytes with the model's name replaced, where the prompt was passed through.
    public var verbatim: [UInt8]?
    /// The answer's message, in a conversation.
    public var message: MessageID?
    /// What was tried for it.
    public var routing: RoutingRecord { trace.record }
    private let trace: RoutingTrace

    init(
        _ attempt: Attempt,
        _ ending: GenerationEnding,
        _ reply: Reply,
        _ verbatim: [UInt8]?,
        _ message: MessageID?,
        _ trace: RoutingTrace
    ) {
        generation = attempt.generation
        generation.ending = ending
        generation.status = ending.status
        warnings = attempt.warnings
        self.reply = reply
        self.verbatim = verbatim
        self.message = message
        self.trace = trace
    }
}
