import PlenumTransport
import Synchronization
import Testing

@Suite("Exchanges")
struct ExchangeTests {
    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    @Test("a whole reply arrives with status, headers and body")
    func wholeReply() async throws {
        let server = ScriptedServer { connection in
            guard connection.request() != nil else { return }
            connection.respond(
                "{\"ok\":true}",
                status: "201 Created",
                headers: "X-Kind:  test \r\nx-kind: more\r\nempty:\r\n"
            )
        }
        defer { server.stop() }
        let response = try await transport.fetch(TransportRequest(url: server.url, body: Array("{}".utf8)), limit: 1000)
        #expect(response.status == 201)
        #expect(response.headers["x-KIND"] == "test")
        #expect(response.headers.values(of: "X-kind") == ["test", "more"])
        #expect(response.headers["empty"] == "")
        #expect(response.headers.map(\.name) == ["content-length", "X-Kind", "x-kind", "empty"])
        #expect(response.body.text == "{\"ok\":true}")
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
    }

    @Test("the request goes out as given, without headers of the transport's own making")
    func requestBytes() async throws {
        let seen = Mutex("")
        let server = ScriptedServer { connection in
            while let request = connection.request() {
                seen.withLock { $0 = request }
                connection.respond("ok")
            }
        }
        defer { server.stop() }
        let big = [UInt8](repeating: UInt8(ascii: "b"), count: 3_000_000)
        let request = TransportRequest(
            url: server.url,
            headers: [
                ("Content-Type", "application/json"), ("x-empty", ""), ("Transfer-Encoding", "chunked"),
                ("expect", "x"),
            ],
            body: big
        )
        _ = try await transport.fetch(request, limit: 10)
        var text = seen.withLock { $0 }
        #expect(text.hasPrefix("POST /v1/chat?secret=hidden HTTP/1.1\r\n"))
        #expect(text.contains("\r\nContent-Type: application/json\r\n"))
        #expect(text.contains("\r\nx-empty:\r\n"))
        #expect(!text.lowercased().contains("expect"))
        #expect(!text.lowercased().contains("transfer-encoding"))
        #expect(!text.lowercased().contains("accept-encoding"))
        #expect(text.utf8.count > big.count)

        _ = try await transport.fetch(TransportRequest(url: server.url), limit: 10)
        text = seen.withLock { $0 }
        #expect(text.contains("Content-Length: 0\r\n"))
        #expect(!text.lowercased().contains("content-type"))
        for method in ["GET", "DELETE", "PATCH"] {
            _ = try await transport.fetch(TransportRequest(method: method, url: server.url), limit: 10)
            #expect(seen.withLock { $0 }.hasPrefix("\(method) /v1"))
        }
        #expect(server.connectionCount == 1)
    }

    @Test("a HEAD request brings the head and no body, and the next request is itself again")
    func headRequest() async throws {
        let server = ScriptedServer { connection in
            while let request = connection.request() {
                if request.hasPrefix("HEAD") {
                    connection.send("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n")
                } else {
                    connection.respond("body")
                }
            }
        }
        defer { server.stop() }
        let head = try await transport.fetch(TransportRequest(method: "HEAD", url: server.url), limit: 10)
        #expect(head.body.isEmpty && head.headers["Content-Length"] == "500")
        let next = try await transport.fetch(TransportRequest(url: server.url, body: [1]), limit: 10)
        #expect(next.body.text == "body")
    }

    @Test("interim responses are skipped, and a folded header is one value")
    func interimResponses() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\nx-a: one\r\n two\r\n")
            connection.send("content-length: 2\r\n\r\nok")
        }
        defer { server.stop() }
        let response = try await transport.fetch(TransportRequest(url: server.url), limit: 10)
        #expect(response.status == 200 && response.headers["link"] == nil)
        #expect(response.headers["x-a"] == "one two")
    }

    @Test("a redirect is a response like any other")
    func redirect() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil {
                connection.respond("", status: "302 Found", headers: "location: /elsewhere\r\n")
            }
        }
        defer { server.stop() }
        let response = try await transport.fetch(TransportRequest(url: server.url), limit: 10)
        #expect(response.status == 302 && response.headers["Location"] == "/elsewhere")
        #expect(server.connectionCount == 1)
    }

    @Test("a response that comes byte by byte is whole in the end")
    func byteByByte() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            for byte
                in "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nWiki\r\n5\r\npedia\r\n0\r\nx: y\r\n\r\n"
                .utf8
            {
                connection.send([byte])
            }
        }
        defer { server.stop() }
        let response = try await transport.fetch(TransportRequest(url: server.url), limit: 100)
        #expect(response.body.text == "Wikipedia")
        #expect(response.headers["x"] == nil)
    }

    @Test("a body without announced length ends with the connection")
    func closeDelimited() async throws {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end")
        }
        defer { server.stop() }
        let response = try await transport.fetch(TransportRequest(url: server.url), limit: 100)
        #expect(response.body.text == "until the end")
    }

    @Test("two hundred exchanges in parallel each get their own answer")
    func parallel() async throws {
        let server = ScriptedServer { connection in
            while let request = connection.request() {
                connection.respond(String(request.split(separator: "\r\n").last!))
            }
        }
        defer { server.stop() }
        let url = server.url
        let sum = try await withThrowingTaskGroup(of: Int.self) { [transport] group in
            for number in 0..<200 {
                group.addTask {
                    let request = TransportRequest(url: url, body: Array("\(number)".utf8))
                    return Int(try await transport.fetch(request, limit: 100).body.text) == number ? 1 : 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 200)
        #expect(transport.statistics.startedTransfers == 200)
        #expect(await eventually { transport.statistics.activeTransfers == 0 })
    }

    @Test("several reactors share the work")
    func severalReactors() async throws {
        let server = ScriptedServer { connection in
            while connection.request() != nil { connection.respond("ok") }
        }
        defer { server.stop() }
        let transport = try CurlTransport(configuration: CurlConfiguration(reactors: 3))
        for _ in 0..<6 { _ = try await transport.fetch(TransportRequest(url: server.url), limit: 10) }
        #expect(server.connectionCount == 3)
        #expect(CurlTransport.libraryVersion.split(separator: ".").count == 3)
    }
}
