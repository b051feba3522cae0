import PlenumTransport
import Testing

@Suite("Connections")
struct ConnectionTests {
    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    @Test("one connection serves request after request")
    func reuse() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil { connection.respond("ok") }
        }
        defer { server.stop() }
        for _ in 0..<20 { _ = try await transport.fetch(TransportRequest(url: server.url), limit: 10) }
        let response = try await transport.send(TransportRequest(url: server.url))
        #expect(try await response.body.collect(upTo: 10).text == "ok")
        #expect(server.connectionCount == 1)
        #expect(transport.statistics.openedConnections == 1)
    }

    @Test("a kept connection that the server has closed is replaced without a word")
    func closedWhileIdle() async throws {
        let server = ScriptedServer { connection in
            if connection.request() != nil { connection.respond("\(connection.number)") }
        }
        defer { server.stop() }
        for number in 1...5 {
            let response = try await transport.fetch(TransportRequest(url: server.url), limit: 10)
            #expect(response.body.text == "\(number)")
            #expect(await eventually { server.runningScripts == 0 })
        }
    }

    @Test("a kept connection that dies under a new request before any byte is retried once", arguments: [false, true])
    func diesUnderRequest(withReset: Bool) async throws {
        let server = ScriptedServer { connection in
            guard connection.request() != nil else { return }
            connection.respond("\(connection.number)")
            guard connection.request() != nil else { return }
            if withReset { connection.reset() }
        }
        defer { server.stop() }
        let first = try await transport.fetch(TransportRequest(url: server.url, body: [1]), limit: 10)
        #expect(first.body.text == "1")
        let second = try await transport.fetch(TransportRequest(url: server.url, body: [2]), limit: 10)
        #expect(second.body.text == "2")
    }

    @Test("an idle connection that the server closes is not a busy socket")
    func idleClose() async throws {
        let server = ScriptedServer { connection in
            if connection.request() != nil { connection.respond("ok") }
        }
        defer { server.stop() }
        _ = try await transport.fetch(TransportRequest(url: server.url), limit: 10)
        #expect(await eventually { server.runningScripts == 0 })
        let turns = transport.statistics.turns
        try await Task.sleep(for: .milliseconds(300))
        #expect(transport.statistics.turns - turns < 20)
    }

    @Test("a refused connection is an error of its own, before the first byte")
    func refused() async throws {
        let url = "http://127.0.0.1:\(Loopback.closedPort())/?secret=hidden"
        let error = await failure { () throws(TransportError) in
            try await transport.fetch(TransportRequest(url: url), limit: 1)
        }
        #expect(error?.code == .connect)
        #expect(error?.beforeFirstByte == true)
        #expect(error?.cause != nil)
    }

    @Test("a name without an address is an error of its own")
    func unresolved() async throws {
        let request = TransportRequest(url: "http://no-such-host.invalid/")
        let error = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 1) }
        #expect(error?.code == .resolve || error?.phase == .connect)
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }

    @Test(
        "what is no http or https URL is refused before anything is sent",
        arguments: [
            "", "api.test/v1", "ftp://h/", "file:///etc/passwd", "http://", "http:///x", "http://h/a b",
            "http://h/\r\n", "http://h:99999/",
        ]
    )
    func invalidURL(url: String) async {
        let error = await failure { () throws(TransportError) in
            try await transport.fetch(TransportRequest(url: url), limit: 1)
        }
        #expect(error?.code == .invalidURL)
    }

    @Test(
        "a header or method that could smuggle a line is refused",
        arguments: [
            ("POST", "a", "b\r\nx: y"), ("POST", "a b", "c"), ("POST", "", "c"), ("PO ST", "a", "b"),
            ("POST", "a", "\0"),
        ]
    )
    func invalidRequest(method: String, name: String, value: String) async {
        let request = TransportRequest(method: method, url: "http://127.0.0.1:1/", headers: [(name, value)])
        let error = await failure { () throws(TransportError) in try await transport.send(request) }
        #expect(error?.code == .invalidRequest)
    }
}
