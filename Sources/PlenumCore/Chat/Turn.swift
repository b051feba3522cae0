/// One contribution to a conversation.
public struct Turn: Sendable, Hashable {
    /// Whose turn it is.
    public enum Role: String, Sendable, Hashable {
        /// The person or program that asks.
        case user
        /// The model.
        case assistant
        /// What a tool answered; Anthropic and Gemini write it as the user's.
        case tool
        /// System text in mid-conversation.
        case system
    }

    /// Whose turn it is.
    public var role: Role
    /// What it says, in order.
    public var parts: [ContentPart]
    /// The participant's name, where a dialect has one.
    public var name: String?
    /// Fields that only the dialect it came from knows.
    public var extra: DialectFields?

    /// Makes a turn.
    public init(_ role: Role, _ parts: [ContentPart], name: String? = nil, extra: DialectFields? = nil) {
        self.role = role
        self.parts = parts
        self.name = name
        self.extra = extra
    }

    /// The text parts, joined.
    public var text: String { parts.compactMap(\.text).joined() }
}
