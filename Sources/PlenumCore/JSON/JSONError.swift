/// Why a text is not the JSON that was asked for, and at which byte.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected or found, as a phrase without a full stop.
    public let reason: String
    /// The offset in bytes from the start of the text.
    public let offset: Int

    /// Makes an error.
    public init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The reason with its position.
    public var description: String { "\(reason) at byte \(offset)" }
}
