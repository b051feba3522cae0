internal import CCurl
internal import Glibc

/// Which way a socket is watched.
struct Interest: OptionSet, Hashable {
    var rawValue: UInt8

    static let read = Self(rawValue: 1)
    static let write = Self(rawValue: 2)
}

/// An epoll instance.
///
/// It belongs to the reactor's thread.
final class Poller {
    struct Event {
        var descriptor: Int32
        var ready: Interest
        /// An error or a hang-up, which is reported whatever is watched.
        var isBroken: Bool
    }

    private static let capacity = 256

    private let descriptor: Int32
    private let buffer = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)

    init() throws(TransportError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .outOfDescriptors("epoll_create1") }
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Watches a descriptor for reading, reporting each new event once.
    func watchEdges(of watched: Int32) -> Bool {
        control(EPOLL_CTL_ADD, watched, EPOLLIN.rawValue | 1 << 31)
    }

    /// Watches a socket, whether or not the kernel knows it already; a descriptor's number may have been used before.
    func watch(_ socket: Int32, for interest: Interest, isKnown: Bool) -> Bool {
        var events: UInt32 = 0
        if interest.contains(.read) { events |= EPOLLIN.rawValue }
        if interest.contains(.write) { events |= EPOLLOUT.rawValue }
        if control(isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, events) { return true }
        return switch errno {
        case ENOENT: control(EPOLL_CTL_ADD, socket, events)
        case EEXIST: control(EPOLL_CTL_MOD, socket, events)
        default: false
        }
    }

    func forget(_ socket: Int32) {
        _ = control(EPOLL_CTL_DEL, socket, 0)
    }

    /// Waits and gives the number of events, which ``event(at:)`` then gives; a signal counts as no event.
    func wait(milliseconds: Int32) -> Int {
        max(0, Int(epoll_wait(descriptor, buffer, Int32(Self.capacity), milliseconds)))
    }

    func event(at index: Int) -> Event {
        let events = buffer[index].events
        var ready: Interest = []
        if events & EPOLLIN.rawValue != 0 { ready.insert(.read) }
        if events & EPOLLOUT.rawValue != 0 { ready.insert(.write) }
        return Event(
            descriptor: buffer[index].data.fd,
            ready: ready,
            isBroken: events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        )
    }

    private func control(_ operation: Int32, _ watched: Int32, _ events: UInt32) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(fd: watched))
        return epoll_ctl(descriptor, operation, watched, &event) == 0
    }
}
