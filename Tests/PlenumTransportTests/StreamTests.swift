import PlenumTransport
import Synchronization
import Testing

@Suite("Streams")
struct StreamTests {
    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    @Test("the head is given before the body, and the pieces come in order while they are sent")
    func order() async throws {
        let seen = Mutex(0)
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            for number in 0..<20 {
                // Each piece is sent only when the reader has seen the one before.
                for _ in 0..<1000 where seen.withLock({ $0 }) < number { connection.sleep(milliseconds: 5) }
                connection.send("3\r\n\(number + 100)\r\n")
            }
            connection.send("0\r\n\r\n")
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url))
        #expect(response.status == 200)
        var pieces: [String] = []
        for try await piece in response.body {
            pieces.append(piece.text)
            seen.withLock { $0 += 1 }
        }
        #expect(pieces == (100..<120).map(String.init))
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
    }

    @Test("all that waits for the reader is one element")
    func coalescing() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            for _ in 0..<10 { connection.send("3\r\nabc\r\n") }
            connection.send("0\r\n\r\n")
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url))
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
        var iterator = response.body.makeAsyncIterator()
        #expect(try await iterator.next()?.count == 30)
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
    }

    @Test("a slow reader holds the server back, and gets every byte in the end")
    func backpressure() async throws {
        let total = 64 * 1024 * 1024
        let sentAtFirst = Mutex<Int?>(nil)
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: \(total)\r\n\r\n")
            let sent = connection.sendUntilBlocked(total)
            sentAtFirst.withLock { $0 = sent }
            connection.send([UInt8](repeating: 1, count: total - sent))
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url))
        #expect(await eventually { sentAtFirst.withLock { $0 } != nil })
        let sent = try #require(sentAtFirst.withLock { $0 })
        // What the kernel's two buffers hold, and the queue.
        #expect(sent < total / 2)
        #expect(transport.statistics.pausedTransfers == 1)
        var count = 0
        var largest = 0
        for try await piece in response.body {
            count += piece.count
            largest = max(largest, piece.count)
        }
        #expect(count == total)
        #expect(largest <= 256 * 1024)
        #expect(transport.statistics.pausedTransfers == 0)
    }

    @Test("a reader that is held up does not make the server look silent")
    func pauseIsNotSilence() async throws {
        let total = 32 * 1024 * 1024
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: \(total)\r\n\r\n")
            connection.send([UInt8](repeating: 1, count: total))
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let timeouts = TransportTimeouts(idle: .milliseconds(300))
        let response = try await transport.send(TransportRequest(url: server.url, timeouts: timeouts))
        try await Task.sleep(for: .milliseconds(1000))
        #expect(try await response.body.collect(upTo: total).count == total)
    }

    @Test("recorded pieces stand in for a transport")
    func recorded() async throws {
        let failure = TransportError(code: .reset, message: "It broke.", beforeFirstByte: false)
        let body = TransportBody(recorded: [[1], [], [2, 3]], failure: failure)
        var pieces: [[UInt8]] = []
        do {
            for try await piece in body { pieces.append(piece) }
            Issue.record("The failure was not thrown.")
        } catch {
            #expect(error == failure)
        }
        #expect(pieces == [[1], [2, 3]])
    }
}
