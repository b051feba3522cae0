import PlenumTransport
import Testing

@Suite("Failures")
struct FailureTests {
    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    /// The errors of a fetch and of a read stream against the same script.
    private func failures(limit: Int = 1_000_000, of script: @escaping ScriptedServer.Script) async -> [TransportError]
    {
        let server = ScriptedServer { connection in
            if connection.request() != nil { script(connection) }
        }
        defer { server.stop() }
        let request = TransportRequest(url: server.url, body: [1])
        let whole = await failure { () throws(TransportError) in try await transport.fetch(request, limit: limit) }
        let streamed = await failure { () throws(TransportError) in
            try await transport.send(request).body.collect(upTo: limit)
        }
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
        return [whole, streamed].compactMap(\.self)
    }

    @Test("a connection that breaks before the first byte says so", arguments: [false, true])
    func beforeHead(withReset: Bool) async {
        let errors = await failures { if withReset { $0.reset() } }
        #expect(errors.map(\.code) == [.reset, .reset])
        #expect(errors.allSatisfy { $0.beforeFirstByte })
    }

    @Test(
        "a connection that breaks inside the status line or the headers is never a response",
        arguments: [false, true]
    )
    func insideHead(withReset: Bool) async {
        for part in [
            "HTT", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-", "HTTP/1.1 200 OK\r\nx: y\r\n",
        ] {
            let errors = await failures { connection in
                connection.send(part)
                connection.sleep(milliseconds: 50)
                if withReset { connection.reset() }
            }
            #expect(errors.count == 2)
            #expect(
                errors.allSatisfy { $0.code == .reset || $0.code == .truncated || $0.code == .protocolViolation },
                "\(errors)"
            )
            #expect(
                errors.allSatisfy { $0.beforeFirstByte == (part == "HTT") },
                "after \(part.debugDescription): \(errors)"
            )
        }
    }

    @Test("a connection that breaks inside the body is a reset")
    func insideBody() async {
        let errors = await failures { connection in
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
            connection.sleep(milliseconds: 50)
            connection.reset()
        }
        #expect(errors.map(\.code) == [.reset, .reset])
        #expect(errors.allSatisfy { !$0.beforeFirstByte })
    }

    @Test(
        "a body that ends before its announced end is truncated",
        arguments: [
            "content-length: 100\r\n\r\nhalf", "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            "transfer-encoding: chunked\r\n\r\n8\r\nhalf", "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n",
        ]
    )
    func truncated(rest: String) async {
        let errors = await failures { $0.send("HTTP/1.1 200 OK\r\n\(rest)") }
        #expect(errors.map(\.code) == [.truncated, .truncated])
    }

    @Test("the bytes before a break are given before the error")
    func bytesBeforeBreak() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url))
        var text = ""
        do {
            for try await piece in response.body { text += piece.text }
            Issue.record("The body ended in order.")
        } catch {
            #expect(error.code == .truncated)
        }
        #expect(text == "half")
    }

    @Test(
        "what is not HTTP is a protocol violation",
        arguments: ["SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n"]
    )
    func notHTTP(reply: String) async {
        let errors = await failures { connection in
            connection.send(reply)
            _ = connection.waitForClose()
        }
        #expect(errors.map(\.code) == [.protocolViolation, .protocolViolation])
    }

    @Test("too many headers, or too long ones, are cut off")
    func headerLimits() async {
        let many = await failures { connection in
            connection.send("HTTP/1.1 200 OK\r\n")
            for number in 0..<250 { connection.send("x-\(number): y\r\n") }
            connection.send("\r\n")
        }
        #expect(many.map(\.code) == [.tooLarge, .tooLarge])
        let long = await failures { connection in
            connection.send("HTTP/1.1 200 OK\r\n")
            for _ in 0..<12 { connection.send("x: \(String(repeating: "y", count: 8000))\r\n") }
            connection.send("\r\n")
        }
        #expect(long.map(\.code) == [.tooLarge, .tooLarge])
    }

    @Test("a body over the limit is refused, announced or not", arguments: ["content-length: 3000000\r\n", ""])
    func bodyLimit(header: String) async {
        let errors = await failures(limit: 1000) { connection in
            connection.send("HTTP/1.1 200 OK\r\n\(header)\r\n")
            connection.send([UInt8](repeating: 1, count: 3_000_000))
        }
        #expect(errors.map(\.code) == [.tooLarge, .tooLarge])
    }

    @Test("a body of exactly the limit is accepted")
    func exactLimit() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil { connection.respond("12345") }
        }
        defer { server.stop() }
        let whole = try await transport.fetch(TransportRequest(url: server.url), limit: 5)
        #expect(whole.body.count == 5)
        let streamed = try await transport.send(TransportRequest(url: server.url))
        #expect(try await streamed.body.collect(upTo: 5).count == 5)
    }
}
