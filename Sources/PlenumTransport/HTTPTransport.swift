/// Carries HTTP requests to an upstream and its responses back.
///
/// Two ways to ask: ``send(_:)`` for a response that is read while it arrives, ``fetch(_:limit:)`` for one that is wanted
/// whole. Cancelling the calling task cancels the exchange and closes its connection; the call then throws
/// ``TransportError/Code-swift.struct/cancelled``. A transport never follows a redirect, never retries a request of which
/// the server may have seen more than a dead connection, and treats every status as a response, not as an error.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns as soon as the head of the response has arrived.
    ///
    /// The body follows in ``TransportResponse/body``. Letting go of that body before its end cancels the exchange.
    ///
    /// - Parameter request: What to send, where to, and how long to wait.
    /// - Returns: Status, headers, and the body that is still arriving.
    /// - Throws: What kept the head from arriving.
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse

    /// Sends a request and returns when the whole response is in.
    ///
    /// The caller is resumed once. `timeouts.firstContent` does not apply.
    ///
    /// - Parameters:
    ///   - request: What to send, where to, and how long to wait.
    ///   - limit: The largest body accepted, in bytes. A longer one ends as ``TransportError/Code-swift.struct/tooLarge``
    ///     as soon as that is known.
    /// - Returns: Status, headers and body.
    /// - Throws: What kept any part of the response from arriving.
    func fetch(_ request: TransportRequest, limit: Int) async throws(TransportError) -> WholeResponse
}
