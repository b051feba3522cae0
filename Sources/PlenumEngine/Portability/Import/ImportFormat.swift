/// Whose file an import reads.
public enum ImportFormat: String, Sendable, Hashable, CaseIterable {
    /// Plenum's own export.
    case plenum
    /// The `conversations.json` of a ChatGPT export.
    case chatGPT = "chatgpt"
    /// The `conversations.json` of a Claude export.
    case claude

    /// The provider under whose name the models of the file are known; `nil` where the file itself says so.
    var provider: String? {
        switch self {
        case .plenum: nil
        case .chatGPT: "openai"
        case .claude: "anthropic"
        }
    }
}
