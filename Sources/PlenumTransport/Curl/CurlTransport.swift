internal import CCurl
internal import Synchronization

/// An ``HTTPTransport`` over libcurl: HTTP/1.1, kept-alive connections, TLS always verified, no proxy, no redirect.
///
/// Each reactor is one thread that serves all of its connections. A request on a kept connection that turns out dead before any
/// byte of a response is sent once more by libcurl itself, on a new connection.
public final class CurlTransport: HTTPTransport {
    private let reactors: [ReactorThread]
    private let next = Atomic(0)

    /// Starts a transport and its threads.
    ///
    /// - Parameter configuration: Threads, pools and buffers.
    /// - Throws: ``TransportError/Code-swift.struct/unavailable`` if threads, descriptors or memory are short.
    public init(configuration: CurlConfiguration = CurlConfiguration()) throws(TransportError) {
        guard Self.isLibraryReady else { throw .outOfMemory }
        var reactors: [ReactorThread] = []
        for number in 0..<max(1, configuration.reactors) {
            do throws(TransportError) {
                reactors.append(try ReactorThread(name: "plenum-curl-\(number)", configuration: configuration))
            } catch {
                for reactor in reactors { reactor.shutdown() }
                throw error
            }
        }
        self.reactors = reactors
    }

    deinit {
        shutdown()
    }

    /// Sends a request and returns as soon as the head of the response has arrived; see ``HTTPTransport/send(_:)``.
    public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let transfer = try start(request, delivery: .streamed)
        let body = TransportBody(transfer)
        let head = try await transfer.head()
        return TransportResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Sends a request and returns when the whole response is in; see ``HTTPTransport/fetch(_:limit:)``.
    public func fetch(_ request: TransportRequest, limit: Int) async throws(TransportError) -> WholeResponse {
        try await start(request, delivery: .whole(limit: limit)).whole()
    }

    /// Stops the threads, closes all connections and fails what is under way with ``TransportError/Code-swift.struct/shutdown``.
    ///
    /// It returns when the threads have ended, which takes milliseconds, and does nothing the second time.
    public func shutdown() {
        for reactor in reactors { reactor.shutdown() }
    }

    /// What the transport is doing.
    public var statistics: TransportStatistics {
        var statistics = TransportStatistics()
        for reactor in reactors { reactor.counters.add(to: &statistics) }
        return statistics
    }

    /// The version of libcurl in use, such as `7.88.1`.
    public static var libraryVersion: String {
        String(cString: curl_version_info(CURLVERSION_FIRST).pointee.version)
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private func start(_ request: TransportRequest, delivery: Transfer.Delivery) throws(TransportError) -> Transfer {
        try request.validate()
        let number = reactors.count == 1 ? 0 : next.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max
        let transfer = Transfer(request, delivery: delivery, mailbox: reactors[number % reactors.count].mailbox)
        try transfer.start()
        return transfer
    }
}
