/// Why a model stopped, with the provider's own word.
public struct FinishReason: Sendable, Hashable {
    /// The meaning, in no provider's dialect.
    public enum Meaning: String, Sendable, Hashable, CaseIterable {
        /// It had said what it had to say.
        case endTurn = "end_turn"
        /// It met one of the client's stop texts.
        case stopSequence = "stop_sequence"
        /// It waits for the results of its calls.
        case toolUse = "tool_use"
        /// It used up its output tokens.
        case maxTokens = "max_tokens"
        /// Prompt and answer filled the context.
        case contextExceeded = "context_exceeded"
        /// It refused.
        case refusal
        /// The provider's filter stopped it.
        case contentFilter = "content_filter"
        /// The provider paused a long turn; sending the conversation again goes on.
        case pause
        /// It asked for a call that could not be read.
        case malformedCall = "malformed_call"
        /// The provider's word is not known.
        case unknown
    }

    /// The meaning.
    public var meaning: Meaning
    /// The provider's word, `nil` if it gave none.
    public var native: String?
    /// What it met: the client's own text that ended the answer, or the provider's explanation of a refusal.
    public var detail: String?

    /// Makes a value.
    public init(_ meaning: Meaning, native: String? = nil) {
        self.meaning = meaning
        self.native = native
    }

    /// Whether the answer is whole, as against cut off by a limit or a filter.
    public var isComplete: Bool {
        switch meaning {
        case .endTurn, .stopSequence, .toolUse, .refusal, .unknown: true
        case .maxTokens, .contextExceeded, .contentFilter, .pause, .malformedCall: false
        }
    }
}
