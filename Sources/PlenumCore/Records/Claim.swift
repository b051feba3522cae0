/// A key that a client sent with a request, so that asking again never has the work done again: what the first request
/// with it began, and what it was answered.
///
/// Neither the key nor the request is in it, only their hashes.
public struct Claim: Sendable, Hashable {
    /// The hash of a key and its scope.
    public struct Key: Sendable, Hashable {
        /// The 32 bytes of a SHA-256.
        public let hash: [UInt8]

        /// Takes a hash.
        public init(hash: [UInt8]) { self.hash = hash }
    }

    /// What a request begins.
    public enum Work: Sendable, Hashable {
        /// A completion: it is answered from the claim's ``Claim/answer``.
        case generation(GenerationID)
        /// A run: it is answered by the run itself.
        case run(RunID)
    }

    /// Whose claim it is.
    public var key: Key
    /// The hash of what was asked: the same key with another one is a mistake.
    public var fingerprint: [UInt8]
    /// What the first request began.
    public var work: Work
    /// How far the answer has come. A claim on a run is completed as soon as it is made.
    public var status: Status
    /// What the client was answered; `nil` while nothing was, if it is not kept, and for a run.
    public var answer: ClaimedAnswer?
    /// When it was made.
    public var createdAt: Timestamp

    /// Makes a claim on a completion that begins.
    public init(key: Key, fingerprint: [UInt8], generation: GenerationID, createdAt: Timestamp) {
        self.key = key
        self.fingerprint = fingerprint
        self.work = .generation(generation)
        self.status = .inProgress
        self.createdAt = createdAt
    }

    /// Makes a claim on a run.
    public init(key: Key, fingerprint: [UInt8], run: RunID, createdAt: Timestamp) {
        self.key = key
        self.fingerprint = fingerprint
        self.work = .run(run)
        self.status = .completed
        self.createdAt = createdAt
    }
}

/// An answer as its door gave it, to be given again byte by byte.
public struct ClaimedAnswer: Sendable, Hashable {
    /// The HTTP status.
    public var status: Int
    /// What the body is.
    public var contentType: String
    /// The body; of a stream everything but the signs of life.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}
