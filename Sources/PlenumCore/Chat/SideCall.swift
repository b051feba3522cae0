/// Something that is asked of a provider beside completions, in a client's own bytes.
public struct SideCall: Sendable {
    /// What is asked.
    public enum Kind: String, Sendable, Hashable {
        /// How many tokens a prompt has: in the dialect of the prompt.
        case countTokens = "count_tokens"
        /// Vectors that stand for texts: in OpenAI's dialect.
        case embeddings
    }

    /// What is asked.
    public var kind: Kind
    /// The model's name as the provider knows it.
    public var model: String
    /// The name under which clients know it.
    public var tag: ModelID
    /// The body, in the dialect that it names.
    public var body: VerbatimRequest
    /// Header fields of the client's dialect that belong to the body.
    public var fields: ClientFields
    /// How long to wait, and for what.
    public var patience = Patience()

    /// Makes a call.
    public init(_ kind: Kind, model: String, tag: ModelID, body: VerbatimRequest, fields: ClientFields = ClientFields())
    {
        self.kind = kind
        self.model = model
        self.tag = tag
        self.body = body
        self.fields = fields
    }
}

/// What a provider answered to a call beside completions.
public struct SideReply: Sendable, Hashable {
    /// The answer, in the dialect of the call.
    public var body: [UInt8]
    /// The tokens, where the answer tells them.
    public var usage: Usage?
    /// The HTTP status; `nil` for a provider without a wire.
    public var status: Int?
    /// The provider's id of the request.
    public var requestID: String?

    /// Makes a reply.
    public init(body: [UInt8], usage: Usage? = nil, status: Int? = nil, requestID: String? = nil) {
        self.body = body
        self.usage = usage
        self.status = status
        self.requestID = requestID
    }
}
