public import PlenumCore

/// The formats that there are.
public enum WireFormats {
    /// Every format, one line each.
    public static let all: [any WireFormat] = [
        OpenAIChatFormat(),
        AnthropicMessagesFormat(),
        GeminiFormat(),
        OpenAIResponsesFormat(),
    ]

    /// Whether a client's body must be read, and cannot be passed through: it has state in it that other models gave, which
    /// a client of another dialect brought back, or thoughts of a model that gave none.
    public static func mustBeRead(_ body: [UInt8]) -> Bool {
        // Thoughts without a signature are written so by Anthropic's clients; Anthropic itself takes none of these.
        OpaqueEnvelope.mayBe(in: body) || body.holds(#""signature":"""#) || body.holds(#""signature": """#)
    }

    /// The format of a dialect; `nil` if it is not spoken yet.
    public static func format(for dialect: Dialect) -> (any WireFormat)? {
        all.first { $0.dialect == dialect }
    }
}
