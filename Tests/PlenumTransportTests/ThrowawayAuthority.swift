import Foundation
import Glibc

/// A certificate authority of its own and a server with a certificate from it.
struct ThrowawayAuthority {
    struct Failure: Error {}

    static let isAvailable = ["openssl", "python3"].allSatisfy { program in
        wait(for: spawn([program, program == "openssl" ? "version" : "--version"])) == 0
    }

    let caFile: String
    let port: Int
    private let folder: URL
    private let server: pid_t

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
        for step in steps {
            let process = Self.spawn(["openssl"] + step.split(separator: " ").map(String.init))
            guard Self.wait(for: process) == 0 else { throw Failure() }
        }
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw Failure() }
        server = Self.spawn(["python3", "-c", Self.script, path], output: pipe[1])
        close(pipe[1])
        var line = [UInt8](repeating: 0, count: 16)
        let count = read(pipe[0], &line, line.count)
        close(pipe[0])
        let number = Int(String(decoding: line.prefix(max(0, count)), as: UTF8.self).prefix { $0.isNumber })
        guard let number else { throw Failure() }
        port = number
    }

    func stop() {
        kill(server, SIGKILL)
        _ = Self.wait(for: server)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts a program with its output thrown away, or written to a descriptor.
    private static func spawn(_ arguments: [String], output: Int32? = nil) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        if let output { posix_spawn_file_actions_adddup2(&actions, output, 1) }
        var strings = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var process: pid_t = -1
        return posix_spawnp(&process, arguments[0], &actions, nil, &strings, environ) == 0 ? process : -1
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = -1
        guard process > 0 else { return -1 }
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private static let script = """
        import http.server, os, ssl, sys
        os.closerange(3, 65536)  # The connections of other tests, which must not stay open here.
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
        os.write(1, b"%d\\n" % server.server_port)
        server.serve_forever()
        """
}
