public import PlenumCore

/// A key as a client sends it with a request, hashed.
public struct ClaimAsk: Sendable, Hashable {
    /// The key within its scope.
    public var key: Claim.Key
    /// What is asked.
    public var fingerprint: [UInt8]

    /// Makes an ask.
    public init(key: Claim.Key, fingerprint: [UInt8]) {
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// A key that came with a completion, and how its door writes the answers that are kept for who asks again.
public struct CompletionClaim: Sendable {
    /// The key.
    public var ask: ClaimAsk
    /// Writes the answer to a whole completion.
    public var write: @Sendable (WholeCompletion) -> ClaimedAnswer
    /// Writes the answer to a whole completion that failed.
    public var writeError: @Sendable (PlenumError) -> ClaimedAnswer

    /// Makes a claim.
    public init(
        _ ask: ClaimAsk,
        write: @escaping @Sendable (WholeCompletion) -> ClaimedAnswer,
        writeError: @escaping @Sendable (PlenumError) -> ClaimedAnswer
    ) {
        self.ask = ask
        self.write = write
        self.writeError = writeError
    }
}

/// Writes a streamed answer as the clients of a door read it.
public protocol AnswerScribe: Sendable {
    /// What the answer's body is.
    var contentType: String { get }
    /// Says whose answer it is that follows: another attempt may be another model's. Nothing but signs of life was written
    /// before.
    mutating func begin(as generation: Generation)
    /// Writes what a piece says; nothing if it says nothing.
    mutating func write(_ piece: ReplyPiece) -> [UInt8]
    /// Writes an error in the middle of the answer, and its end.
    mutating func fail(_ error: PlenumError) -> [UInt8]
}

extension AnswerScribe {
    /// Nothing, for one that names no model.
    public mutating func begin(as generation: Generation) {}
}
