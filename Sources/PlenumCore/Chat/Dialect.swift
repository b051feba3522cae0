/// A wire format by name, as `providers.json` and the ledger write it.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    /// OpenAI Chat Completions.
    case openAIChat = "openai-chat"
    /// OpenAI Responses.
    case openAIResponses = "openai-responses"
    /// Anthropic Messages.
    case anthropicMessages = "anthropic-messages"
    /// Gemini generateContent.
    case gemini = "gemini"
}
