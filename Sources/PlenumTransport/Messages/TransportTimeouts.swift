/// How long each phase of an exchange may take.
///
/// The timers have a resolution of a few milliseconds. A duration of zero or less runs out at once.
public struct TransportTimeouts: Sendable, Hashable {
    /// Name look-up, TCP and TLS handshake together; 5 s.
    ///
    /// At least one millisecond is given.
    public var connect: Duration

    /// From the start of the exchange to the end of the response's head, with connecting and sending; 60 s.
    public var responseHead: Duration

    /// From the head of a streamed response to ``TransportBody/confirmContent()``; 60 s, `nil` waits as long as the others allow.
    public var firstContent: Duration?

    /// Between two arrivals of body bytes; 60 s.
    ///
    /// It stands still while the reader, not the server, is the slow one.
    public var idle: Duration

    /// The whole exchange, to the last byte of the body; 600 s.
    public var total: Duration

    /// How long a streamed body may be silent before its reader is given an empty element, to show a sign of life with;
    /// `nil` for never.
    ///
    /// It ends nothing: the element comes again after each such silence.
    public var heartbeat: Duration?

    /// Makes a set of timeouts.
    ///
    /// - Parameters:
    ///   - connect: Name look-up, TCP and TLS handshake together.
    ///   - responseHead: From the start to the end of the response's head.
    ///   - firstContent: From the head to the confirmation of content; `nil` for none.
    ///   - idle: Between two arrivals of body bytes.
    ///   - total: The whole exchange.
    ///   - heartbeat: The silence after which a reader is given an empty element.
    public init(
        connect: Duration = .seconds(5),
        responseHead: Duration = .seconds(60),
        firstContent: Duration? = .seconds(60),
        idle: Duration = .seconds(60),
        total: Duration = .seconds(600),
        heartbeat: Duration? = nil
    ) {
        self.connect = connect
        self.responseHead = responseHead
        self.firstContent = firstContent
        self.idle = idle
        self.total = total
        self.heartbeat = heartbeat
    }
}
