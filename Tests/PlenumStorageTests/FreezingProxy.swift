import Glibc
import Synchronization

@testable import PlenumStorage

/// A relay between a client and a server on this machine that can fall silent: it then takes and gives nothing, and the
/// connections stay open, as with a network that drops every packet.
final class FreezingProxy: Sendable {
    /// Where a connection is cut that commits.
    enum Cut: Int, AtomicRepresentable {
        case none
        /// Before the server has heard of the commit.
        case before
        /// After the server has answered, before the client hears of it.
        case after
    }

    let port: Int
    private let cut = Atomic(Cut.none)
    private let listener: Int32
    private let isFrozen = Atomic(false)
    private let isLast = Atomic(false)
    private let isClosed = Atomic(false)
    private let worker = Outcome<Worker>()

    /// Listens on a port (0: on any that is free) and forwards to another one.
    init(to server: Int, at port: Int = 0) throws {
        let listener = Self.makeSocket()
        var isReusable: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &isReusable, socklen_t(MemoryLayout<Int32>.size))
        var address = Self.address(port: port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        Self.withAddress(&address) { _ = bind(listener, $0, length) }
        listen(listener, 64)
        Self.withAddress(&address) { _ = getsockname(listener, $0, &length) }
        self.listener = listener
        self.port = Int(UInt16(bigEndian: address.sin_port))
        worker.set(try Worker { [weak self] in Self.forward(self, listener, to: server) })
    }

    func freeze() { isFrozen.store(true, ordering: .relaxed) }

    func thaw() { isFrozen.store(false, ordering: .relaxed) }

    /// Cuts the next connection that commits.
    func cutNextCommit(_ cut: Cut) { self.cut.store(cut, ordering: .relaxed) }

    /// Listens no more once a connection was cut.
    func closesWithCut() { isLast.store(true, ordering: .relaxed) }

    func close() async {
        isClosed.store(true, ordering: .relaxed)
        await worker.value?.end()
    }

    private static func makeSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Void) {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }

    private static func forward(_ proxy: FreezingProxy?, _ listener: Int32, to server: Int) {
        var pairs: [(Int32, Int32)] = []
        while proxy?.isClosed.load(ordering: .relaxed) == false {
            guard proxy?.isFrozen.load(ordering: .relaxed) == false else {
                usleep(5000)
                continue
            }
            if PostgresConnection.poll(listener, for: POLLIN, milliseconds: 0) {
                let client = accept(listener, nil, nil)
                let upstream = makeSocket()
                var address = address(port: server)
                withAddress(&address) { _ = connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
                pairs.append((client, upstream))
            }
            var moved = false
            pairs.removeAll { client, upstream in
                let isOpen = pump(client, upstream, &moved, proxy) && pump(upstream, client, &moved)
                if !isOpen { for end in [client, upstream] { Glibc.close(end) } }
                return !isOpen
            }
            if !moved { usleep(500) }
        }
        for end in pairs.flatMap({ [$0.0, $0.1] }) + [listener] { Glibc.close(end) }
    }

    /// Moves what has come; `false` once one side has hung up.
    private static func pump(
        _ source: Int32,
        _ target: Int32,
        _ moved: inout Bool,
        _ proxy: FreezingProxy? = nil
    ) -> Bool {
        guard PostgresConnection.poll(source, for: POLLIN, milliseconds: 0) else { return true }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(source, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        moved = true
        var cut = Cut.none
        if let proxy, buffer[..<count].firstRange(of: Array("COMMIT\0".utf8)) != nil {
            cut = proxy.cut.exchange(.none, ordering: .relaxed)
        }
        guard cut != .before else { return false }
        var sent = 0
        while sent < count {
            let step = buffer.withUnsafeBytes {
                send(target, $0.baseAddress! + sent, count - sent, Int32(MSG_NOSIGNAL))
            }
            guard step > 0 else { return false }
            sent += step
        }
        if cut != .none, proxy?.isLast.load(ordering: .relaxed) == true {
            proxy?.isClosed.store(true, ordering: .relaxed)
        }
        if cut == .after { _ = PostgresConnection.poll(target, for: POLLIN, milliseconds: 5000) }
        return cut == .none
    }
}
