/// How a ``CurlTransport`` works, as far as requests do not decide it themselves.
public struct CurlConfiguration: Sendable, Hashable {
    /// The number of reactor threads, each with its own pool of connections; 1 serves some ten thousand requests a second.
    public var reactors: Int

    /// The most idle connections that a reactor keeps; 2,048.
    public var maximumIdleConnections: Int

    /// The age, idle, from which a connection is not used again, in whole seconds; 55 s.
    ///
    /// Keep it below what the servers and load balancers on the way allow.
    public var idleConnectionAge: Duration

    /// How long a name's addresses are remembered, in whole seconds; 120 s.
    public var nameCacheAge: Duration

    /// The most bytes read from a socket at once, from 1 KiB to 512 KiB; 16 KiB. Each exchange holds so much, unless its
    /// request says otherwise.
    public var receiveBufferSize: Int

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - reactors: The number of reactor threads; at least one is started.
    ///   - maximumIdleConnections: The most idle connections that a reactor keeps.
    ///   - idleConnectionAge: The age, idle, from which a connection is not used again.
    ///   - nameCacheAge: How long a name's addresses are remembered.
    ///   - receiveBufferSize: The most bytes read from a socket at once.
    public init(
        reactors: Int = 1,
        maximumIdleConnections: Int = 2048,
        idleConnectionAge: Duration = .seconds(55),
        nameCacheAge: Duration = .seconds(120),
        receiveBufferSize: Int = 16 * 1024
    ) {
        self.reactors = reactors
        self.maximumIdleConnections = maximumIdleConnections
        self.idleConnectionAge = idleConnectionAge
        self.nameCacheAge = nameCacheAge
        self.receiveBufferSize = receiveBufferSize
    }
}
