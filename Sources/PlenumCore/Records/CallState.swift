/// What a model had in mind when it asked for a call: thoughts with their state, kept for clients whose dialect cannot carry
/// it. When the call's result comes, the model that it belongs to gets it back.
public struct CallState: Sendable, Hashable {
    /// The id of the first call of the turn.
    public var call: String
    /// The turn as the model gave it: thoughts and calls, with their state.
    public var parts: [ContentPart]
    /// When it was made.
    public var createdAt: Timestamp

    /// The most bytes of a call's id; a provider may write anything there.
    public static let idLimit = 256
    /// The most bytes that are kept of one turn.
    public static let limit = 4 << 20

    /// Makes a value.
    public init(call: String, parts: [ContentPart], createdAt: Timestamp) {
        self.call = call
        self.parts = parts
        self.createdAt = createdAt
    }
}
