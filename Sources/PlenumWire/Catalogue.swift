public import PlenumCore

/// The formats that there are.
public enum WireFormats {
    /// Every format, one line each.
    public static let all: [any WireFormat] = [
        OpenAIChatFormat(),
        AnthropicMessagesFormat(),
        GeminiFormat(),
    ]

    /// The format of a dialect; `nil` if it is not spoken yet.
    public static func format(for dialect: Dialect) -> (any WireFormat)? {
        all.first { $0.dialect == dialect }
    }
}
