/// Why an exchange ended without a complete response.
public struct TransportError: Error, Sendable, Hashable {
    /// What went wrong, for a program to decide by.
    public var code: Code

    /// A sentence for people: what happened and what to do.
    ///
    /// It never holds a path, a query or credentials.
    public var message: String

    /// The underlying library's own words, for the log.
    public var cause: String?

    /// The timer that ran out; only with ``Code-swift.struct/timeout``.
    public var phase: Phase?

    /// Whether nothing of a response had arrived, so that a retry cannot repeat output that was already shown.
    ///
    /// A first line that broke off counts as nothing.
    public var beforeFirstByte: Bool

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: What went wrong.
    ///   - message: A sentence that says what happened and what to do.
    ///   - cause: The underlying library's own words.
    ///   - phase: The timer that ran out, for a timeout.
    ///   - beforeFirstByte: Whether no byte of a response had arrived.
    public init(
        code: Code,
        message: String,
        cause: String? = nil,
        phase: Phase? = nil,
        beforeFirstByte: Bool = true
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        self.phase = phase
        self.beforeFirstByte = beforeFirstByte
    }
}

extension TransportError: CustomStringConvertible {
    /// Code, message and cause on one line.
    public var description: String {
        var text = "\(code): \(message)"
        if let cause { text += " (\(cause))" }
        return text
    }
}

extension TransportError {
    /// The timers of an exchange, named as in ``TransportTimeouts``.
    public enum Phase: String, Sendable, Hashable {
        /// Name look-up, TCP and TLS handshake together.
        case connect
        /// From the start of the exchange to the end of the response's head.
        case responseHead
        /// From the head to ``TransportBody/confirmContent()``.
        case firstContent
        /// Between two arrivals of body bytes.
        case idle
        /// The whole exchange.
        case total
    }

    /// The kind of a transport error: an open set, so switch over it with a `default`.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case invalidURL, invalidRequest, resolve, connect, tls, timeout, reset, truncated, tooLarge
            case protocolViolation, cancelled, shutdown, unavailable
        }

        private let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// The code's name.
        public var description: String { kind.rawValue }

        /// The URL is not an absolute `http` or `https` URL.
        ///
        /// Nothing was sent.
        public static let invalidURL = Self(.invalidURL)
        /// The method or a header holds characters that HTTP forbids.
        ///
        /// Nothing was sent.
        public static let invalidRequest = Self(.invalidRequest)
        /// The host's name has no address, or the name service did not answer.
        public static let resolve = Self(.resolve)
        /// No connection could be opened: refused or unreachable.
        public static let connect = Self(.connect)
        /// The TLS handshake failed, or the certificate was not accepted.
        public static let tls = Self(.tls)
        /// A timer ran out; ``TransportError/phase-swift.property`` says which.
        public static let timeout = Self(.timeout)
        /// The connection broke before the response was complete.
        public static let reset = Self(.reset)
        /// The peer closed the connection in order, but before the end that HTTP had announced.
        public static let truncated = Self(.truncated)
        /// The headers, or the body of a whole response, are over their limit.
        public static let tooLarge = Self(.tooLarge)
        /// What arrived is not HTTP.
        public static let protocolViolation = Self(.protocolViolation)
        /// The calling task was cancelled, or the body was let go.
        public static let cancelled = Self(.cancelled)
        /// The transport was shut down.
        public static let shutdown = Self(.shutdown)
        /// The transport itself cannot work: out of memory, of file descriptors or of threads.
        public static let unavailable = Self(.unavailable)
    }
}
