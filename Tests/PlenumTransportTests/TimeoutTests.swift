import PlenumTransport
import Synchronization
import Testing

@Suite("Timeouts")
struct TimeoutTests {
    private static let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    /// How a read stream ends, and that the server sees the connection close.
    private func end(
        _ timeouts: TransportTimeouts,
        confirming: Bool = false,
        of script: @escaping ScriptedServer.Script
    ) async -> TransportError? {
        let server = ScriptedServer { connection in
            if connection.request() == nil { return }
            script(connection)
        }
        defer { server.stop() }
        let request = TransportRequest(url: server.url, timeouts: timeouts)
        let error = await failure { () throws(TransportError) in
            let response = try await transport.send(request)
            if confirming { response.body.confirmContent() }
            return try await response.body.collect(upTo: .max)
        }
        #expect(await eventually { server.runningScripts == 0 })
        #expect(transport.statistics.activeTransfers == 0)
        return error
    }

    private static let drip: ScriptedServer.Script = { connection in
        guard connection.send(head) else { return }
        for _ in 0..<500 where connection.send("1\r\nx\r\n") { connection.sleep(milliseconds: 20) }
    }

    @Test("a server that does not begin to answer")
    func responseHead() async {
        let error = await end(TransportTimeouts(responseHead: .milliseconds(150))) { _ = $0.waitForClose() }
        #expect(error?.code == .timeout && error?.phase == .responseHead)
        #expect(error?.beforeFirstByte == true)
    }

    @Test("a server that begins its head and does not end it")
    func halfHead() async {
        let error = await end(TransportTimeouts(responseHead: .seconds(3))) { connection in
            connection.send("HTTP/1.1 200 OK\r\nx: y\r\n")
            _ = connection.waitForClose()
        }
        #expect(error?.phase == .responseHead)
        #expect(error?.beforeFirstByte == false)
    }

    @Test("a server that sends pings but no content")
    func firstContent() async {
        let error = await end(TransportTimeouts(firstContent: .milliseconds(200)), of: Self.drip)
        #expect(error?.phase == .firstContent)
    }

    @Test("a server that falls silent")
    func idle() async {
        let error = await end(TransportTimeouts(firstContent: nil, idle: .milliseconds(150))) { connection in
            connection.send(Self.head + "1\r\nx\r\n")
            _ = connection.waitForClose()
        }
        #expect(error?.phase == .idle)
        #expect(error?.beforeFirstByte == false)
    }

    @Test("a silent stream gives its reader signs of life, which end nothing")
    func heartbeat() async throws {
        let isSeen = Atomic(false)
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send(Self.head + "1\r\nx\r\n")
            for _ in 0..<600 where !isSeen.load(ordering: .relaxed) { connection.sleep(milliseconds: 50) }
            connection.send("1\r\ny\r\n0\r\n\r\n")
        }
        defer { server.stop() }
        var request = TransportRequest(url: server.url)
        request.timeouts.heartbeat = .milliseconds(200)
        var pieces: [[UInt8]] = []
        for try await piece in try await transport.send(request).body {
            pieces.append(piece)
            if piece.isEmpty { isSeen.store(true, ordering: .relaxed) }
        }
        #expect(pieces.contains([]))
        #expect(pieces.flatMap { $0 } == Array("xy".utf8))
    }

    @Test("a server that never ends, though it keeps sending and its content was confirmed")
    func total() async {
        let timeouts = TransportTimeouts(firstContent: .seconds(4), total: .seconds(5))
        let error = await end(timeouts, confirming: true, of: Self.drip)
        #expect(error?.phase == .total)
    }

    @Test("a fetch has the same timers but for the first content")
    func fetch() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no")
            connection.sleep(milliseconds: 300)
            connection.send("k")
            guard connection.request() != nil else { return }
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        var request = TransportRequest(url: server.url, timeouts: TransportTimeouts(firstContent: .milliseconds(50)))
        #expect(try await transport.fetch(request, limit: 10).body.text == "ok")
        request.timeouts = TransportTimeouts(total: .milliseconds(100))
        let error = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 10) }
        #expect(error?.phase == .total)
    }

    @Test("a server whose TLS handshake does not go on counts as not connected")
    func connect() async {
        let server = ScriptedServer { _ = $0.waitForClose() }
        defer { server.stop() }
        let url = "https://127.0.0.1:\(server.port)/"
        let timeouts = TransportTimeouts(connect: .milliseconds(200))
        let error = await failure { () throws(TransportError) in
            try await transport.fetch(TransportRequest(url: url, timeouts: timeouts), limit: 1)
        }
        #expect(error?.code == .timeout && error?.phase == .connect)
        #expect(error?.beforeFirstByte == true)
    }

    @Test("endless durations never run out, and none at all runs out at once")
    func extremes() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil { connection.respond("ok") }
        }
        defer { server.stop() }
        let endless = Duration.seconds(Int64.max)
        let timeouts = TransportTimeouts(
            connect: endless,
            responseHead: endless,
            firstContent: endless,
            idle: endless,
            total: endless
        )
        _ = try await transport.fetch(TransportRequest(url: server.url, timeouts: timeouts), limit: 10)
        let request = TransportRequest(url: server.url, timeouts: TransportTimeouts(responseHead: .zero))
        let error = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 10) }
        #expect(error?.phase == .responseHead)
    }
}
