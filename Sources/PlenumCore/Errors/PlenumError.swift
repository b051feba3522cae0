/// What went wrong, in words that a client of any dialect can be told.
///
/// A message says what to do next. It never holds a key, an address's query or a provider's raw page.
public struct PlenumError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error: an open set, so that a new kind breaks nobody's `switch`.
    public struct Code: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
        /// The name in logs and in the database.
        public let rawValue: String
        /// Takes a name; use the static members where one fits.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The name.
        public var description: String { rawValue }

        /// The request says something that cannot be meant: the client must change it.
        public static let invalidRequest = Code(rawValue: "invalid_request")
        /// A panel of models was asked to sit in a panel.
        public static let recursivePanel = Code(rawValue: "recursive_panel")
        /// The model does not know a parameter that the client set.
        public static let unsupportedParameter = Code(rawValue: "unsupported_parameter")
        /// Prompt and answer together are longer than the model can read.
        public static let contextLength = Code(rawValue: "context_length_exceeded")
        /// The provider's filter refused the prompt.
        public static let contentBlocked = Code(rawValue: "content_blocked")
        /// The client's key is missing or wrong.
        public static let authentication = Code(rawValue: "authentication")
        /// The client's key is right, and may not do this.
        public static let permission = Code(rawValue: "permission")
        /// There is no such thing: model, conversation, run, route.
        public static let notFound = Code(rawValue: "not_found")
        /// The thing changed in the meantime, or is in a state that forbids this.
        public static let conflict = Code(rawValue: "conflict")
        /// An idempotency key came with another request than the first one that had it.
        public static let idempotencyKeyReused = Code(rawValue: "idempotency_key_reused")
        /// The request that has this idempotency key is being answered.
        public static let idempotencyInProgress = Code(rawValue: "idempotency_in_progress")
        /// The request that had this idempotency key began, and there is no answer that could be given again.
        public static let idempotencyNotReplayable = Code(rawValue: "idempotency_not_replayable")
        /// The body, a header or a list is over its limit.
        public static let tooLarge = Code(rawValue: "too_large")
        /// Too many requests for now: try again later.
        public static let rateLimited = Code(rawValue: "rate_limited")
        /// The account has nothing left: trying again does not help.
        public static let quotaExhausted = Code(rawValue: "quota_exhausted")
        /// The client left or asked to stop.
        public static let cancelled = Code(rawValue: "cancelled")
        /// A fault of Plenum itself.
        public static let `internal` = Code(rawValue: "internal")
        /// The provider refused Plenum's own key, or none is configured.
        public static let upstreamAuthentication = Code(rawValue: "upstream_authentication")
        /// The provider answered with something that is no answer.
        public static let badUpstream = Code(rawValue: "bad_upstream")
        /// The provider's answer broke off.
        public static let upstreamInterrupted = Code(rawValue: "upstream_interrupted")
        /// The provider cannot be reached, or says that it is down.
        public static let unavailable = Code(rawValue: "unavailable")
        /// The provider has too much to do.
        public static let overloaded = Code(rawValue: "overloaded")
        /// Somebody took longer than is allowed.
        public static let timeout = Code(rawValue: "timeout")
        /// The database cannot keep what it was given: full, read-only or gone.
        public static let storage = Code(rawValue: "storage")
        /// Another process has swept up after this one: nothing was written, and what this one had begun has been ended.
        public static let fenced = Code(rawValue: "fenced")
        /// The server stopped in the middle.
        public static let interrupted = Code(rawValue: "interrupted")
    }

    /// What a provider said of a failure.
    public struct Upstream: Sendable, Hashable {
        /// The provider's id.
        public var provider: String
        /// The HTTP status; `nil` if there was no response.
        public var status: Int?
        /// The provider's id of the request, for its support.
        public var requestID: String?
        /// The provider's own word for the error.
        public var code: String?

        /// Makes a value.
        public init(provider: String, status: Int? = nil, requestID: String? = nil, code: String? = nil) {
            self.provider = provider
            self.status = status
            self.requestID = requestID
            self.code = code
        }
    }

    /// The kind of error.
    public var code: Code
    /// A sentence for the person who will read it.
    public var message: String
    /// Whether the same request may succeed later.
    public var isRetryable: Bool
    /// Whether what was asked may have been done all the same, or may yet be: the answer to it was lost.
    public var isOutcomeUnknown = false
    /// The parameter at fault, as the client wrote its path.
    public var parameter: String? {
        get { details.parameter }
        set { details.parameter = newValue }
    }
    /// How long to wait before trying again, where somebody said so.
    public var retryAfter: Duration? {
        get { details.retryAfter }
        set { details.retryAfter = newValue }
    }
    /// What the provider said, if the failure is its own.
    public var upstream: Upstream? {
        get { details.upstream }
        set { details.upstream = newValue }
    }
    /// What lies beneath, for the log alone.
    public var cause: String? {
        get { details.cause }
        set { details.cause = newValue }
    }
    /// Who was asked before it came to this, in the form of OpenRouter's `openrouter_metadata`; `nil` if nobody was. It does
    /// not make it another error: two are equal whatever was tried before them.
    public var routing: JSONObject? {
        get { details.trail.json }
        set { details.trail.json = newValue }
    }

    /// What most errors have none of.
    private struct Details: Sendable, Hashable {
        var parameter: String?
        var retryAfter: Duration?
        var upstream: Upstream?
        var cause: String?
        var trail = Trail()
    }

    private struct Trail: Sendable, Hashable {
        var json: JSONObject?

        static func == (left: Trail, right: Trail) -> Bool { true }

        func hash(into hasher: inout Hasher) {}
    }

    /// Boxed: every call that may throw leaves room for an error in the frame of its caller.
    @Boxed private var rest: Details?

    private var details: Details {
        get { rest ?? Details() }
        set { rest = newValue }
    }

    /// Makes an error.
    public init(
        _ code: Code,
        _ message: String,
        parameter: String? = nil,
        retryable: Bool? = nil,
        retryAfter: Duration? = nil,
        upstream: Upstream? = nil,
        cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.isRetryable = retryable ?? Self.retryableCodes.contains(code)
        let details = Details(parameter: parameter, retryAfter: retryAfter, upstream: upstream, cause: cause)
        rest = details == Details() ? nil : details
    }

    private static let retryableCodes: Set<Code> = [
        .rateLimited, .badUpstream, .upstreamInterrupted, .unavailable, .overloaded, .timeout, .interrupted, .storage,
        .fenced,
    ]

    /// The same error of something that may have been done all the same.
    public var ofUnknownOutcome: PlenumError {
        var error = self
        error.isOutcomeUnknown = true
        return error
    }

    /// Whether two say the same.
    public static func == (left: PlenumError, right: PlenumError) -> Bool {
        left.code == right.code && left.message == right.message && left.isRetryable == right.isRetryable
            && left.isOutcomeUnknown == right.isOutcomeUnknown && left.details == right.details
    }

    /// Hashes what most tell apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
