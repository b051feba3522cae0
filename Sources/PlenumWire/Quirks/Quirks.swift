public import PlenumCore

/// Where a provider deviates from the pure dialect; every default is the dialect itself.
///
/// The evidence stands in section 1.6 of the wire notes: a vendor gets a value, never a branch. In `providers.json` a
/// quirk has the name of its property here; `like` begins with those of a server of ``servers``.
public struct Quirks: Sendable, Hashable {
    // MARK: Top-level members

    /// The member that limits the answer's tokens: `max_tokens` for most servers that imitate OpenAI.
    public var maxTokensField: String?
    /// The member for the seed: Mistral's is `random_seed`.
    public var seedField: String?
    /// Top-level members that are left out, with a warning.
    public var dropFields: Set<String> = []
    /// Top-level members that are added to a request which has none of their name.
    public var addFields = JSONObject()
    /// Whether `stream_options` is refused, so that usage comes by itself or not at all.
    public var noStreamOptions = false
    /// Whether a member may be `null`. Where it may not (Groq), such members are left out.
    public var nullFields = true
    /// Whether `top_k` is understood.
    public var topK = false

    // MARK: Messages

    /// Whether the role `developer` is known; it becomes `system` if not. `"systemRole": "system"` says the same.
    public var developerRole = true
    /// Whether system text may only be the first message, as the templates of local servers want it. System messages
    /// at the beginning become one, later ones go into the user's.
    public var systemOnlyFirst = false
    /// Whether a message's text parts are joined into one string.
    public var stringContentOnly = false
    /// Members of messages that are left out, such as `name` at Mistral.
    public var dropMessageFields: Set<String> = []
    /// Whether an assistant message at the end, which the model is to go on with, must say `"prefix": true`.
    public var prefix = false
    /// Whether an assistant message may say nothing at all; it is left out where it may not (Mistral).
    public var emptyAssistant = true
    /// How marks for the prompt cache are written.
    public var cacheMarks = CacheMarks.breakpoint

    // MARK: Thoughts

    /// How the model is told how much to think.
    public var reasoningControl = ReasoningControl.effort
    /// The member of an assistant message in which thoughts go back; they are left out if `nil`.
    public var reasoningField: String?
    /// With which assistant messages thoughts go back, where ``reasoningField`` says how.
    public var replayReasoning = ReasoningReplay.always
    /// Whether OpenRouter's `reasoning_details` go back as they came.
    public var reasoningDetails = false

    // MARK: Tools and forms of answers

    /// The word for "call at least one tool": Mistral's is `any`.
    public var requiredToolChoice: String?
    /// The exact length of the ids of calls, which are letters and digits: 9 at Mistral. Any id is good if `nil`.
    public var idLength: Int?
    /// Whether `strict` is left out of tools.
    public var noStrictTools = false
    /// Members that are left out of the schemas of tools, at any depth: `$schema` and `$id` at Mistral.
    public var dropSchemaFields: Set<String> = []
    /// Whether tools that take free text are refused. They become functions, and lists of allowed tools shorter lists of
    /// tools.
    public var noCustomTools = false
    /// Whether functions are the only tools: as ``noCustomTools``, and any other kind of tool is refused by name.
    public var functionsOnly = false
    /// Whether tools that take free text become functions.
    var convertsCustomTools: Bool { noCustomTools || functionsOnly }
    /// Whether `parallel_tool_calls` is refused.
    public var noParallelTools = false
    /// Whether schemas for the answer are refused: any JSON object is asked for, and the schema told in words.
    public var noSchema = false
    /// Whether a schema for the answer is refused beside tools (Groq).
    public var noSchemaWithTools = false
    /// Whether a schema for the answer is refused in a stream (Groq).
    public var noSchemaWithStream = false

    /// How marks for the prompt cache are written.
    public enum CacheMarks: String, Sendable, Hashable, CaseIterable {
        /// OpenAI's `prompt_cache_breakpoint`, for models that have the capability `cache_breakpoints`.
        case breakpoint
        /// Anthropic's `cache_control`, as OpenRouter takes it.
        case control
        /// Not at all.
        case none
    }

    /// How a model is told how much to think.
    public enum ReasoningControl: String, Sendable, Hashable, CaseIterable {
        /// `reasoning_effort`
        case effort
        /// OpenRouter's `reasoning: {effort, max_tokens, exclude}`.
        case object
        /// DeepSeek's `thinking: {type: enabled | disabled}`, with `reasoning_effort` beside the former.
        case thinking
        /// `chat_template_kwargs: {enable_thinking}`, which local servers hand to the model's template.
        case template
        /// Not at all.
        case none
    }

    /// With which messages thoughts go back.
    public enum ReasoningReplay: String, Sendable, Hashable, CaseIterable {
        /// With each.
        case always
        /// With those that call tools: DeepSeek refuses a loop of calls without its thoughts.
        case calls
        /// With none.
        case never
    }

    /// The pure dialect.
    public init() {}

    /// Reads the `quirks` of an entry of `providers.json`.
    /// - Throws: ``PlenumError/Code/invalidRequest`` for a name that is not known or a value of the wrong type.
    public init(json: JSONObject) throws(PlenumError) {
        if let server = json["like"] {
            guard let quirks = server.string.flatMap({ Self.servers[$0] }) else {
                let known = Self.servers.keys.sorted().joined(separator: ", ")
                throw JSONNode(server, "quirks.like").complaint("one of \(known) was expected")
            }
            self = quirks
        }
        for (name, value) in json.members where name != "like" {
            try read(name, JSONNode(value, "quirks.\(name)"))
        }
    }
}
