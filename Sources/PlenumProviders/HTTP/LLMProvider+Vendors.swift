public import PlenumCore
public import PlenumTransport

/// The three vendors by name; `providers.json` says the same as data.
extension LLMProvider where Self == HTTPProvider {
    /// Anthropic's Claude models.
    /// - Parameters:
    ///   - key: an Anthropic API key.
    ///   - transport: what carries requests.
    public static func claude(key: String, transport: any HTTPTransport) throws(PlenumError) -> HTTPProvider {
        try HTTPProvider(
            ProviderDescriptor(
                id: "anthropic",
                name: "Anthropic",
                format: .anthropicMessages,
                baseURL: "https://api.anthropic.com"
            ),
            key: key,
            transport: transport
        )
    }

    /// OpenAI's models.
    /// - Parameters:
    ///   - key: an OpenAI API key.
    ///   - transport: what carries requests.
    public static func openAI(key: String, transport: any HTTPTransport) throws(PlenumError) -> HTTPProvider {
        try HTTPProvider(
            ProviderDescriptor(id: "openai", name: "OpenAI", format: .openAIChat, baseURL: "https://api.openai.com/v1"),
            key: key,
            transport: transport
        )
    }

    /// Google's Gemini models.
    /// - Parameters:
    ///   - key: a Gemini API key.
    ///   - transport: what carries requests.
    public static func gemini(key: String, transport: any HTTPTransport) throws(PlenumError) -> HTTPProvider {
        try HTTPProvider(
            ProviderDescriptor(
                id: "google",
                name: "Google",
                format: .gemini,
                baseURL: "https://generativelanguage.googleapis.com"
            ),
            key: key,
            transport: transport
        )
    }
}
