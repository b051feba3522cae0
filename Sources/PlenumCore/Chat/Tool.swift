/// A tool that the client offers.
public struct Tool: Sendable, Hashable {
    /// The name by which it is called.
    public var name: String
    /// What it does, for the model to read.
    public var description: String?
    /// The JSON schema of its arguments; a tool without arguments if `nil`.
    public var schema: JSONValue?
    /// Whether the arguments must satisfy the schema to the letter.
    public var strict: Bool?
    /// Whether it takes free text in place of arguments, and in which form: OpenAI's custom tools.
    public var freeform: Freeform?
    /// Fields that only the dialect it came from knows.
    public var extra: DialectFields?

    /// Makes a tool.
    public init(
        _ name: String,
        description: String? = nil,
        schema: JSONValue? = nil,
        strict: Bool? = nil,
        extra: DialectFields? = nil
    ) {
        self.name = name
        self.description = description
        self.schema = schema
        self.strict = strict
        self.extra = extra
    }
}

/// The form of a free text that a tool takes.
public enum Freeform: Sendable, Hashable {
    /// Any text.
    case text
    /// Text of a language.
    case grammar(syntax: String, definition: String)
}

/// Which tools a model may or must call.
public enum ToolChoice: Sendable, Hashable {
    /// It decides.
    case auto
    /// None, though they stay described.
    case none
    /// At least one.
    case required
    /// This one.
    case tool(String)
    /// Those of these names alone: at least one of them, or as the model decides.
    case allowed(required: Bool, [String])
}

/// A call that a model asks for.
public struct ToolCall: Sendable, Hashable {
    /// The id that the result must name; made up by the reader where a provider gives none.
    public var id: String
    /// The tool.
    public var name: String
    /// The arguments as JSON text, verbatim; possibly cut off or not JSON at all. Of a tool that takes free text it is
    /// `{"input": TEXT}`.
    public var arguments: String
    /// Whether its tool takes free text.
    public var isFreeform = false
    /// State that came with the call and goes back with it: Gemini's thought signature.
    public var opaque: OpaqueState?

    /// Makes a call.
    public init(id: String, name: String, arguments: String, opaque: OpaqueState? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.opaque = opaque
    }
}

/// What a call gave.
public struct ToolResult: Sendable, Hashable {
    /// The id of the call that it answers.
    public var callID: String
    /// The tool's name, where the client said it; Gemini wants it back.
    public var name: String?
    /// Text and pictures.
    public var parts: [ContentPart]
    /// Whether the tool failed; `nil` where the dialect cannot say.
    public var isError: Bool?

    /// Makes a result.
    public init(callID: String, name: String? = nil, parts: [ContentPart], isError: Bool? = nil) {
        self.callID = callID
        self.name = name
        self.parts = parts
        self.isError = isError
    }

    /// The text parts, joined.
    public var text: String { parts.compactMap(\.text).joined() }
}
