import PlenumTransport
import Synchronization
import Testing

@Suite("Cancellation and shutdown")
struct CancellationTests {
    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    /// Runs an exchange in a task, cancels it when the script has come to its mark, and gives its error.
    private func cancelled(
        _ script: @escaping @Sendable (Connection, _ mark: () -> Void) -> Void,
        exchange: @escaping @Sendable (CurlTransport, TransportRequest) async throws(TransportError) -> Void
    ) async -> TransportError? {
        let hasCome = Mutex(false)
        let sawClose = Mutex(false)
        let server = ScriptedServer { connection in
            guard connection.request() != nil else { return }
            script(connection) { hasCome.withLock { $0 = true } }
            let closed = connection.waitForClose()
            sawClose.withLock { $0 = closed }
        }
        defer { server.stop() }
        let request = TransportRequest(url: server.url)
        let error = await withTaskGroup(of: TransportError?.self) { [transport] group in
            group.addTask { await failure { () throws(TransportError) in try await exchange(transport, request) } }
            _ = await eventually { hasCome.withLock { $0 } }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(await eventually { sawClose.withLock { $0 } })
        #expect(
            await eventually { transport.statistics.activeTransfers == 0 && transport.statistics.openConnections == 0 }
        )
        return error
    }

    @Test("a task that is cancelled already sends nothing")
    func beforeStart() async {
        let url = "http://127.0.0.1:\(Loopback.closedPort())/"
        let error = await withTaskGroup(of: TransportError?.self) { [transport] group in
            group.cancelAll()
            group.addTask {
                await failure { () throws(TransportError) in
                    try await transport.fetch(TransportRequest(url: url), limit: 1)
                }
            }
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        #expect(transport.statistics.startedTransfers == 0)
    }

    @Test("a fetch cancelled before the head closes its connection")
    func fetchBeforeHead() async {
        let error = await cancelled { _, mark in
            mark()
        } exchange: { (transport, request) throws(TransportError) in
            _ = try await transport.fetch(request, limit: 10)
        }
        #expect(error?.code == .cancelled && error?.beforeFirstByte == true)
    }

    @Test("a stream cancelled before the head closes its connection")
    func sendBeforeHead() async {
        let error = await cancelled { _, mark in
            mark()
        } exchange: { (transport, request) throws(TransportError) in
            _ = try await transport.send(request)
        }
        #expect(error?.code == .cancelled && error?.beforeFirstByte == true)
    }

    @Test("a stream cancelled in its body closes its connection")
    func inBody() async {
        let error = await cancelled { connection, mark in
            connection.send("HTTP/1.1 200 OK\r\n\r\nsome")
            connection.sleep(milliseconds: 100)
            mark()
        } exchange: { (transport, request) throws(TransportError) in
            _ = try await transport.send(request).body.collect(upTo: 1000)
        }
        #expect(error?.code == .cancelled && error?.beforeFirstByte == false)
    }

    @Test("exchanges cancelled at any moment end once, and leave nothing behind")
    func raced() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil {
                connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab")
                connection.send("cd")
            }
        }
        defer { server.stop() }
        let request = TransportRequest(url: server.url)
        for round in 0..<300 {
            await withTaskGroup(of: Void.self) { [transport] group in
                for number in 0..<4 {
                    group.addTask {
                        if number % 2 == 0 {
                            _ = try? await transport.fetch(request, limit: 10)
                        } else {
                            _ = try? await transport.send(request).body.collect(upTo: 10)
                        }
                    }
                }
                for _ in 0..<(round % 30) { await Task.yield() }
                group.cancelAll()
            }
        }
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
        #expect(try await transport.fetch(request, limit: 10).body.text == "abcd")
    }

    @Test("letting go of a body cancels its exchange", arguments: [false, true])
    func droppedBody(afterReading: Bool) async throws {
        let sawClose = Mutex(false)
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\nsome")
            let closed = connection.waitForClose()
            sawClose.withLock { $0 = closed }
        }
        defer { server.stop() }
        do {
            let response = try await transport.send(TransportRequest(url: server.url))
            if afterReading {
                for try await _ in response.body { break }
            }
        }
        #expect(await eventually { sawClose.withLock { $0 } })
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
    }

    @Test("letting go of a body whose server is held back cancels its exchange")
    func droppedPausedBody() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send([UInt8](repeating: 1, count: 1_000_000)) {}
        }
        defer { server.stop() }
        do {
            let response = try await transport.send(TransportRequest(url: server.url))
            #expect(await eventually { transport.statistics.pausedTransfers == 1 })
            #expect(response.status == 200)
        }
        #expect(await eventually { server.runningScripts == 0 })
        #expect(
            await eventually { transport.statistics.activeTransfers == 0 && transport.statistics.pausedTransfers == 0 }
        )
    }

    @Test("a shutdown fails what is under way and refuses what comes later")
    func shutdown() async throws {
        let server = ScriptedServer { connection in
            guard let request = connection.request() else { return }
            if request.hasSuffix("stream") { connection.send("HTTP/1.1 200 OK\r\n\r\nsome") }
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let url = server.url
        let streamed = try await transport.send(TransportRequest(url: url, body: Array("stream".utf8)))
        let codes = await withTaskGroup(of: TransportError.Code?.self) { [transport] group in
            for _ in 0..<10 {
                group.addTask {
                    await failure { () throws(TransportError) in
                        try await transport.fetch(TransportRequest(url: url), limit: 10)
                    }?.code
                }
            }
            _ = await eventually { server.runningScripts == 11 }
            transport.shutdown()
            transport.shutdown()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: .shutdown, count: 10))
        let rest = await failure { () throws(TransportError) in try await streamed.body.collect(upTo: 100) }
        #expect(rest?.code == .shutdown)
        let later = await failure { () throws(TransportError) in
            try await transport.fetch(TransportRequest(url: url), limit: 10)
        }
        #expect(later?.code == .shutdown)
        #expect(await eventually { server.runningScripts == 0 })
        #expect(transport.statistics.activeTransfers == 0)
        #expect(transport.statistics.openConnections == 0)
    }

    @Test("a transport that is let go stops its thread")
    func letGo() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil { connection.respond("ok") }
        }
        defer { server.stop() }
        do {
            let other = try CurlTransport()
            _ = try await other.fetch(TransportRequest(url: server.url), limit: 10)
            #expect(other.statistics.openConnections == 1)
        }
        #expect(await eventually { server.runningScripts == 0 })
    }
}
