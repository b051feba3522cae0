/// What is asked of a model, in no provider's dialect.
///
/// Reading any dialect gives this value, and writing any dialect starts from it. What a dialect has beyond it is kept in
/// ``extra`` under the dialect's name, for a writer of the same dialect alone.
public struct ChatRequest: Sendable, Hashable {
    /// The system text that leads, one value a message or block.
    public var instructions: [SystemText] = []
    /// The conversation, oldest first.
    public var turns: [Turn] = []
    /// The tools the model may call.
    public var tools: [Tool] = []
    /// Which tools it may or must call; the provider's default if `nil`.
    public var toolChoice: ToolChoice?
    /// Whether several calls in one turn are welcome; the provider's default if `nil`.
    public var parallelTools: Bool?
    /// The form of the answer; plain text if `nil`.
    public var output: OutputFormat?
    /// Temperature and its kin.
    public var sampling = Sampling()
    /// The most tokens the answer may have, reasoning included; the model's own limit if `nil`.
    public var maxOutputTokens: Int?
    /// Texts that end the answer.
    public var stop: [String] = []
    /// How much the model should think; its default if `nil`.
    public var reasoning: ReasoningRequest?
    /// The end user on whose behalf this is asked, as the client names them.
    public var user: String?
    /// Fields of the dialect it was read from that stand for nothing here.
    public var extra: DialectFields?

    /// Makes an empty request.
    public init() {}

    /// Makes a request of one user turn.
    public init(prompt: String) {
        turns = [Turn(.user, [.text(prompt)])]
    }
}

/// System text: the operator's words, set apart from the conversation.
public struct SystemText: Sendable, Hashable {
    /// Who says it: OpenAI tells the developer from the platform.
    public enum Role: String, Sendable, Hashable {
        /// `system`
        case system
        /// `developer`
        case developer
    }
    /// The role it was given in.
    public var role: Role
    /// The text.
    public var text: String
    /// Fields that only the dialect it came from knows, such as cache marks.
    public var extra: DialectFields?

    /// Makes system text.
    public init(_ text: String, role: Role = .system, extra: DialectFields? = nil) {
        self.text = text
        self.role = role
        self.extra = extra
    }
}

/// Members of one object that were not understood, with the dialect they belong to.
public struct DialectFields: Sendable, Hashable {
    /// The dialect in which they mean something.
    public var dialect: Dialect
    /// The members, in order.
    public var fields: JSONObject

    /// Makes a bag; `nil` if there is nothing to put in it.
    public init?(_ dialect: Dialect, _ fields: JSONObject) {
        guard !fields.isEmpty else { return nil }
        self.dialect = dialect
        self.fields = fields
    }
}

/// The knobs of sampling, each as the number that the client wrote; `nil` leaves the provider's default.
public struct Sampling: Sendable, Hashable {
    /// 0 to 2, to 1 at Anthropic.
    public var temperature: JSONNumber?
    /// 0 to 1.
    public var topP: JSONNumber?
    /// A whole number from 1.
    public var topK: JSONNumber?
    /// -2 to 2.
    public var presencePenalty: JSONNumber?
    /// -2 to 2.
    public var frequencyPenalty: JSONNumber?
    /// Any whole number.
    public var seed: JSONNumber?

    /// Makes a value with every default.
    public init() {}
}

/// The form that the answer must take.
public enum OutputFormat: Sendable, Hashable {
    /// Any JSON object.
    case jsonObject
    /// JSON that satisfies a schema.
    case jsonSchema(name: String?, schema: JSONValue, strict: Bool?, description: String?)
}

/// How much a model should think, and what of it to show.
public struct ReasoningRequest: Sendable, Hashable {
    /// `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`; which of them a model knows is the model's affair.
    public var effort: String?
    /// Tokens set apart for thinking; 0 turns it off, -1 lets the model decide.
    public var budgetTokens: Int?
    /// Whether the thoughts, or a summary of them, should be part of the answer.
    public var includeText: Bool?

    /// Makes a wish.
    public init(effort: String? = nil, budgetTokens: Int? = nil, includeText: Bool? = nil) {
        self.effort = effort
        self.budgetTokens = budgetTokens
        self.includeText = includeText
    }
}
