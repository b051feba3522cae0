import Foundation
import PlenumTransport
import Testing

@Suite("TLS", .enabled(if: ThrowawayAuthority.isAvailable, "openssl and python3 are needed"))
struct TLSTests {
    let transport = try! CurlTransport()

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
        let request = TransportRequest(method: "GET", url: "https://localhost:\(authority.port)/", caFile: authority.caFile)
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

/// A certificate authority of its own and a server with a certificate from it.
private struct ThrowawayAuthority {
    static let isAvailable = (try? run("openssl", "version")) == 0 && (try? run("python3", "--version")) == 0

    let caFile: String
    let port: Int
    private let folder: URL
    private let server = Process()

    init(host: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("plenum-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path
        caFile = "\(path)/ca.pem"
        try "subjectAltName=DNS:\(host)".write(toFile: "\(path)/names", atomically: true, encoding: .utf8)
        let steps = [
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Throwaway -keyout \(path)/ca.key -out \(path)/ca.pem",
            "req -newkey rsa:2048 -nodes -subj /CN=\(host) -keyout \(path)/key.pem -out \(path)/request.pem",
            "x509 -req -in \(path)/request.pem -CA \(path)/ca.pem -CAkey \(path)/ca.key -CAcreateserial -days 2"
                + " -extfile \(path)/names -out \(path)/certificate.pem",
        ]
        for step in steps { _ = try Self.run("openssl", step.split(separator: " ").map(String.init)) }
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", "-c", Self.script, path]
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    func stop() {
        server.terminate()
        server.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func run(_ program: String, _ arguments: String...) throws -> Int32 {
        try run(program, arguments)
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private static let script = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-length", "6")
                self.end_headers()
                self.wfile.write(b"secure")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1] + "/certificate.pem", sys.argv[1] + "/key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}
