/// A piece of a turn or of a reply.
public enum ContentPart: Sendable, Hashable {
    /// Text.
    case text(String)
    /// The model's refusal to answer, where a dialect sets it apart from text.
    case refusal(String)
    /// A picture.
    case image(Media)
    /// Sound.
    case audio(Media)
    /// A PDF or another document.
    case document(Media)
    /// What the model thought.
    case reasoning(Reasoning)
    /// A call that the model asks the client to make.
    case toolCall(ToolCall)
    /// What such a call gave.
    case toolResult(ToolResult)
    /// A block that means something in one dialect only, verbatim.
    case opaque(Dialect, JSONValue)

    /// The text, if this is a text part.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The call, if this is one.
    public var toolCall: ToolCall? { if case .toolCall(let call) = self { call } else { nil } }
    /// The thoughts, if this is a reasoning part.
    public var reasoning: Reasoning? { if case .reasoning(let reasoning) = self { reasoning } else { nil } }
}

/// A picture, a sound or a document.
public struct Media: Sendable, Hashable {
    /// Where its bytes are.
    public enum Source: Sendable, Hashable {
        /// Here, in base64 as the client wrote it.
        case base64(String)
        /// At an address.
        case url(String)
        /// At the provider that issued this file id.
        case file(String)
    }

    /// Where its bytes are.
    public var source: Source
    /// The media type such as `image/png`; `nil` when an address does not tell.
    public var mimeType: String?
    /// A name to show.
    public var filename: String?
    /// How closely to look at a picture: `auto`, `low`, `high` or `original`.
    public var detail: String?

    /// Makes a value.
    public init(_ source: Source, mimeType: String? = nil, filename: String? = nil, detail: String? = nil) {
        self.source = source
        self.mimeType = mimeType
        self.filename = filename
        self.detail = detail
    }
}

/// What a model thought before it answered: text for people, and state that only its maker can read.
public struct Reasoning: Sendable, Hashable {
    /// The thoughts or a summary of them; empty when the provider keeps them to itself.
    public var text: String
    /// State to hand back unchanged to the same provider and model, and to nobody else.
    public var opaque: OpaqueState?

    /// Makes a value.
    public init(_ text: String, opaque: OpaqueState? = nil) {
        self.text = text
        self.opaque = opaque
    }
}

/// Bytes that a provider wants back unchanged: a signature, or encrypted thoughts.
public struct OpaqueState: Sendable, Hashable {
    /// What kind of state it is, which decides the field it goes back in.
    public enum Kind: String, Sendable, Hashable {
        /// Anthropic's `thinking.signature`.
        case anthropicSignature = "anthropic-signature"
        /// Anthropic's `redacted_thinking.data`.
        case anthropicRedacted = "anthropic-redacted"
        /// Gemini's `thoughtSignature`.
        case geminiSignature = "gemini-signature"
        /// OpenAI's `encrypted_content`.
        case openAIEncrypted = "openai-encrypted"
        /// OpenRouter's `reasoning_details`, a JSON array.
        case openRouterDetails = "openrouter-details"
    }

    /// What kind of state it is.
    public var kind: Kind
    /// The bytes, as the provider wrote them.
    public var payload: String
    /// The model that gave it, which alone may have it back; `nil` if a client brought it as the provider wrote it, and so
    /// knows itself where it belongs.
    public var origin: ModelID?

    /// Makes a value.
    public init(_ kind: Kind, _ payload: String, origin: ModelID? = nil) {
        self.kind = kind
        self.payload = payload
        self.origin = origin
    }
}
