/// A response whose head has arrived and whose body is arriving.
public struct TransportResponse: Sendable {
    /// The status code, from 200 to 599; interim responses are never shown.
    public var status: Int

    /// The headers, at most 200 of them and 80 KiB together.
    public var headers: TransportHeaders

    /// The body, to be read once.
    public var body: TransportBody

    /// Makes a response, as a stand-in for a transport does.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - headers: The headers.
    ///   - body: The body.
    public init(status: Int, headers: TransportHeaders = [:], body: TransportBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A response of which all has arrived.
public struct WholeResponse: Sendable, Hashable {
    /// The status code, from 200 to 599; interim responses are never shown.
    public var status: Int

    /// The headers, at most 200 of them and 80 KiB together.
    public var headers: TransportHeaders

    /// The body, as the server encoded it.
    public var body: [UInt8]

    /// Makes a response, as a stand-in for a transport does.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - headers: The headers.
    ///   - body: The body.
    public init(status: Int, headers: TransportHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
