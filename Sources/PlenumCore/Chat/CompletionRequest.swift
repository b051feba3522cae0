/// One completion, addressed to one model of one provider.
public struct CompletionRequest: Sendable {
    /// The prompt: canonical, or a client's own bytes that need no translation.
    public indirect enum Prompt: Sendable {
        /// A request in no provider's dialect.
        case chat(ChatRequest)
        /// A client's body, to be passed through to a provider that speaks its dialect.
        case verbatim(VerbatimRequest)
    }

    /// The model's name as the provider knows it.
    public var model: String
    /// The name under which clients know it, `provider/id`: replies carry it in place of the provider's own.
    public var tag: ModelID
    /// Whether the reply should come in pieces.
    public var stream: Bool
    /// What is asked.
    public var prompt: Prompt
    /// The most tokens this model can write in one answer, for dialects that must name a limit; `nil` if not known.
    public var outputLimit: Int?
    /// What the model can do, as far as it is known.
    public var capabilities = ModelCapabilities()
    /// Header fields of the client's dialect that belong to the body, such as `anthropic-beta`: for a provider of the same
    /// dialect alone.
    public var fields = ClientFields()
    /// Whether what the provider cannot be told is refused, and not left out with a warning.
    public var isStrict = false
    /// The dialect of the client's own bytes, if there are such and they have no tools: models that may be spoken to in two
    /// dialects may differ in what they let tools do.
    public var ownDialect: Dialect? {
        if case .verbatim(let verbatim) = prompt, !verbatim.hasTools { verbatim.dialect } else { nil }
    }
    /// How long to wait, and for what.
    public var patience = Patience()
    /// Whether a panel of models asks: a provider that is itself such a panel must refuse it.
    public var isOfPanel = false

    /// Makes a request.
    public init(model: String, tag: ModelID, stream: Bool, prompt: Prompt, outputLimit: Int? = nil) {
        self.model = model
        self.tag = tag
        self.stream = stream
        self.prompt = prompt
        self.outputLimit = outputLimit
    }
}

/// Header fields of a client's request that mean something in its dialect.
public struct ClientFields: Sendable, Hashable {
    /// The dialect; `nil` if there are none.
    public var dialect: Dialect?
    /// The fields, their names in lower case.
    public var fields: [Field]

    /// A header field.
    public struct Field: Sendable, Hashable {
        /// Its name, in lower case.
        public var name: String
        /// Its value.
        public var value: String

        /// Makes a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Makes a value.
    public init(_ dialect: Dialect? = nil, _ fields: [Field] = []) {
        self.dialect = dialect
        self.fields = fields
    }

    /// The value of a field, if these are of a dialect.
    public func value(_ name: String, in dialect: Dialect) -> String? {
        guard self.dialect == dialect else { return nil }
        return fields.first { $0.name == name }?.value
    }
}

/// A client's body, with the spans that a gateway must know or change.
public struct VerbatimRequest: Sendable {
    /// The dialect it is written in.
    public var dialect: Dialect
    /// The body, valid JSON.
    public var body: [UInt8]
    /// The span of the value of `model`, quotes included; `nil` where the dialect keeps it elsewhere.
    public var modelSpan: Range<Int>?
    /// The span of the value of `stream_options`; `nil` if it is not there or the dialect has none.
    public var streamOptionsSpan: Range<Int>?
    /// Whether the client asked for usage in the stream; a reply that it did not ask for is kept from it.
    public var wantsUsage: Bool
    /// Spans of members meant for the gateway itself, each from its key's quote to the end of its value.
    public var ownMembers: [Range<Int>]
    /// Whether there are tools.
    public var hasTools = false
    /// Whether the client is one of OpenRouter's, which knows thoughts as `reasoning` alone.
    public var isOpenRouters = false
    /// Whether it says in OpenRouter's words how much to think: `reasoning`, which other servers do not know.
    public var hasReasoning = false
    /// The span of the value of `store`, where the dialect has one that is the gateway's to set; `nil` if it is not there.
    public var storeSpan: Range<Int>?
    /// The id under which the client will know the reply, in place of the provider's own; that one if `nil`.
    public var replyID: String?

    /// Makes a value.
    public init(
        dialect: Dialect,
        body: [UInt8],
        modelSpan: Range<Int>?,
        streamOptionsSpan: Range<Int>? = nil,
        wantsUsage: Bool = true,
        ownMembers: [Range<Int>] = []
    ) {
        self.dialect = dialect
        self.body = body
        self.modelSpan = modelSpan
        self.streamOptionsSpan = streamOptionsSpan
        self.wantsUsage = wantsUsage
        self.ownMembers = ownMembers
    }
}

/// How long to wait for each thing that a provider owes.
public struct Patience: Sendable, Hashable {
    /// For a connection, TLS included.
    public var connect: Duration = .seconds(5)
    /// From there to the response head.
    public var head: Duration = .seconds(60)
    /// From the head to the first content; models that think without a word take minutes.
    public var firstContent: Duration = .seconds(300)
    /// Between two reads.
    public var idle: Duration = .seconds(60)
    /// In all.
    public var total: Duration = .seconds(600)
    /// How long a stream may be silent before it gives ``ReplyPiece/heartbeat``.
    public var heartbeat: Duration = .seconds(15)

    /// Makes a value of the defaults.
    public init() {}
}
