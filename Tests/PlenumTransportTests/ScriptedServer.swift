import Foundation
import Glibc
import Synchronization

/// A server on the loopback that does byte for byte what a test tells it: each connection runs the script on its own thread.
final class ScriptedServer: Sendable {
    typealias Script = @Sendable (Connection) -> Void

    let port: UInt16
    private let listener: Int32
    private let counts = Mutex((connections: 0, running: 0))

    var url: String { "http://127.0.0.1:\(port)/v1/chat?secret=hidden" }
    var connectionCount: Int { counts.withLock { $0.connections } }
    var runningScripts: Int { counts.withLock { $0.running } }

    init(_ script: @escaping Script) {
        listener = Loopback.listen()
        port = Loopback.port(of: listener)
        Thread.detachNewThread { [self, listener] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                let number = counts.withLock { counts in
                    counts.connections += 1
                    counts.running += 1
                    return counts.connections
                }
                Thread.detachNewThread { [self] in
                    let connection = Connection(descriptor: descriptor, number: number)
                    script(connection)
                    connection.close()
                    counts.withLock { $0.running -= 1 }
                }
            }
            close(listener)
        }
    }

    /// Stops listening; scripts that run go on to their end.
    func stop() {
        Glibc.shutdown(listener, Int32(SHUT_RDWR))
    }
}

/// One accepted connection, seen from the script.
final class Connection: Sendable {
    let number: Int
    private let descriptor: Int32
    private let isOpen = Mutex(true)

    init(descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    /// Reads one request, head and body; `nil` when the client has closed.
    func request() -> String? {
        var text: [UInt8] = []
        while true {
            if let end = text.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: text[..<end.lowerBound], as: UTF8.self)
                let length = head.lowercased().split(separator: "\r\n").lazy
                    .compactMap { $0.hasPrefix("content-length:") ? Int($0.dropFirst(15).drop { $0 == " " }) : nil }
                    .first
                if text.count - end.upperBound >= length ?? 0 { return String(decoding: text, as: UTF8.self) }
            }
            guard let more = read() else { return nil }
            text += more
        }
    }

    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Sends all bytes; `false` if the client is gone or did not take them in 20 s.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends as much as fits within a second of patience and gives how much that was.
    func sendUntilBlocked(_ limit: Int) -> Int {
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
        var sent = 0
        while sent < limit {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard Glibc.poll(&poll, 1, 1000) == 1 else { return sent }
            let count = block.withUnsafeBytes {
                Glibc.send(
                    descriptor,
                    $0.baseAddress,
                    min(block.count, limit - sent),
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
                )
            }
            guard count > 0 else { return sent }
            sent += count
        }
        return sent
    }

    /// Answers one request with a whole response.
    func respond(_ body: String, status: String = "200 OK", headers: String = "") {
        send("HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    func sleep(milliseconds: Int) {
        usleep(UInt32(milliseconds * 1000))
    }

    /// Waits until the client closes; `false` after 20 s.
    func waitForClose() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(descriptor, &byte, 1, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return true }
            if count < 0 { return false }
        }
    }

    /// Breaks the connection with a reset.
    func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    func close() {
        isOpen.withLock { isOpen in
            if isOpen { Glibc.close(descriptor) }
            isOpen = false
        }
    }

    private func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }
}

/// Sockets on 127.0.0.1.
enum Loopback {
    static func listen() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = address(port: 0)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(result == 0 && Glibc.listen(descriptor, 512) == 0, "The loopback has no free port.")
        return descriptor
    }

    static func port(of descriptor: Int32) -> UInt16 {
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// A port on which nobody listens.
    static func closedPort() -> UInt16 {
        let descriptor = listen()
        defer { close(descriptor) }
        return port(of: descriptor)
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }
}
