import PlenumTransport
import Testing

@Suite("TLS", .enabled(if: ThrowawayAuthority.isAvailable, "openssl and python3 are needed"))
struct TLSTests {
    let transport: CurlTransport

    init() throws {
        transport = try CurlTransport()
    }

    @Test("a server is trusted by the authority that was named, and by no other")
    func verification() async throws {
        let authority = try ThrowawayAuthority(host: "localhost")
        defer { authority.stop() }
        let url = "https://localhost:\(authority.port)/"
        var request = TransportRequest(method: "GET", url: url, caFile: authority.caFile)
        for _ in 0..<3 {
            let response = try await transport.fetch(request, limit: 100)
            #expect(response.status == 200 && response.body.text == "secure")
        }
        // The connection that is open now was made for another trust, and must not serve this request.
        request.caFile = nil
        let untrusted = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 100) }
        #expect(untrusted?.code == .tls && untrusted?.beforeFirstByte == true)
        request.caFile = authority.caFile
        #expect(try await transport.fetch(request, limit: 100).body.text == "secure")
        request.caFile = "/nonexistent/ca.pem"
        let missing = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 100) }
        #expect(missing?.code == .tls)
    }

    @Test("a certificate for another name is refused")
    func otherName() async throws {
        let authority = try ThrowawayAuthority(host: "elsewhere.test")
        defer { authority.stop() }
        let request = TransportRequest(
            method: "GET",
            url: "https://localhost:\(authority.port)/",
            caFile: authority.caFile
        )
        let error = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 100) }
        #expect(error?.code == .tls)
    }

    @Test("a server that speaks no TLS is a TLS error")
    func plainServer() async throws {
        let server = ScriptedServer { connection in
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            _ = connection.waitForClose()
        }
        defer { server.stop() }
        let request = TransportRequest(url: "https://127.0.0.1:\(server.port)/")
        let error = await failure { () throws(TransportError) in try await transport.fetch(request, limit: 100) }
        #expect(error?.code == .tls)
    }
}
