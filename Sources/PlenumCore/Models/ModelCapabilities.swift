/// What a model can do, as `providers.json` says it: what is not said is not known.
public struct ModelCapabilities: Sendable, Hashable {
    /// A capability that something depends on; the file may name others.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        /// Calls tools.
        case tools
        /// Reads pictures.
        case vision
        /// Takes temperature, `top_p` and `top_k`.
        case samplingParameters = "sampling_params"
        /// Can be made to call a tool.
        case forcedToolChoice = "forced_tool_choice"
        /// Goes on with an answer that the request begins.
        case assistantPrefill = "assistant_prefill"
        /// Thinks, whatever the request says.
        case thinkingAlwaysOn = "thinking_always_on"
        /// Decides for itself how long to think.
        case adaptiveThinking = "adaptive_thinking"
        /// Takes system text in the middle of a conversation.
        case midConversationSystem = "mid_conversation_system"
        /// Answers in the form of a schema.
        case nativeStructuredOutput = "native_structured_output"
        /// Calls tools while it thinks at OpenAI's Responses alone.
        case toolsNeedResponses = "tools_need_responses"
        /// Thinks, or can be made to.
        case reasoning
        /// Takes penalties and `logit_bias`.
        case penalties
        /// Takes texts that end the answer.
        case stopSequences = "stop_sequences"
        /// Takes marks for the prompt cache on parts of messages.
        case cacheBreakpoints = "cache_breakpoints"
    }

    /// All that is said, as it is written.
    public var json: JSONObject

    /// Makes a value.
    public init(_ json: JSONObject = JSONObject()) { self.json = json }

    /// Whether the model has a capability; `nil` if that is not known.
    public subscript(name: Name) -> Bool? { json[name.rawValue]?.bool }

    /// Whether the model has a capability of any name; what is not said it has not.
    public func says(_ name: String) -> Bool { json[name] == .bool(true) }

    /// Whether the model takes an effort of this name; `nil` if that is not known.
    public func takesEffort(_ effort: String) -> Bool? { json["effort_\(effort)"]?.bool }
}
