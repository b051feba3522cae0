internal import CCurl
internal import Glibc

/// Drives all exchanges of one libcurl multi handle.
///
/// It is made and used on a thread of its own and touched by nobody else; the outside leaves commands in its
/// ``Mailbox`` and reads its ``ReactorCounters``.
///
/// A turn: wait; serve the sockets that are ready; take the mail; run libcurl's timers, then ours. Waiters are woken after each
/// socket, when all that one read brought has been handed over, so that a reader is resumed once for it.
final class Reactor {
    /// How many easy handles are kept for later exchanges.
    private static let idleExchangeLimit = 256

    private let mailbox: Mailbox
    private let counters: ReactorCounters
    private let configuration: CurlConfiguration
    private let poller: Poller
    private let multi: UnsafeMutableRawPointer

    private var sockets = SocketTable()
    private var deadlines = DeadlineHeap()
    private var running: [Exchange?] = []
    private var freeSlots: [Int] = []
    private var idle: [Exchange] = []
    private var mail: [Command] = []
    private var awakened: [Transfer.Waiter] = []
    private var curlDeadline: Instant?

    /// The time at which this turn began to work.
    private(set) var now = Instant.now

    init(mailbox: Mailbox, counters: ReactorCounters, configuration: CurlConfiguration) throws(TransportError) {
        poller = try Poller()
        guard let multi = curl_multi_init() else { throw .outOfMemory }
        self.multi = multi
        self.mailbox = mailbox
        self.counters = counters
        self.configuration = configuration
        configure()
        guard poller.watchEdges(of: mailbox.descriptor) else { throw .outOfDescriptors("epoll_ctl") }
    }

    deinit {
        curl_multi_cleanup(multi)
    }

    private func configure() {
        let reactor = Unmanaged.passUnretained(self).toOpaque()
        plenum_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumIdleConnections)
        plenum_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        plenum_multi_on_socket(multi) { _, socket, what, reactor, _ in
            Unmanaged<Reactor>.fromOpaque(reactor!).takeUnretainedValue().want(what, of: socket)
            return 0
        }
        plenum_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, reactor)
        plenum_multi_on_timer(multi) { _, milliseconds, reactor in
            Unmanaged<Reactor>.fromOpaque(reactor!).takeUnretainedValue().setTimer(milliseconds)
            return 0
        }
        plenum_multi_set_pointer(multi, CURLMOPT_TIMERDATA, reactor)
    }
}

// MARK: - The turn

extension Reactor {
    /// Works until the mailbox is closed.
    func run() {
        var isOpen = true
        while isOpen {
            let eventCount = poller.wait(milliseconds: mailbox.fallAsleep() ? sleepingTime() : 0)
            now = .now
            counters.turned()
            serveSockets(eventCount)
            isOpen = mailbox.take(into: &mail)
            readMail()
            runCurlTimers()
            runDeadlines()
            wakeReaders()
        }
        shutDown()
    }

    private func sleepingTime() -> Int32 {
        let next = min(curlDeadline ?? .never, deadlines.earliest ?? .never)
        return next == .never ? -1 : Instant.now.milliseconds(until: next)
    }

    private func serveSockets(_ count: Int) {
        for index in 0..<count {
            let event = poller.event(at: index)
            guard event.descriptor != mailbox.descriptor else { continue }
            let wanted = sockets.wanted(of: event.descriptor)
            // A broken socket is ready for whatever is wanted: the call that follows learns what is wrong with it.
            let ready = event.isBroken ? wanted : event.ready.intersection(wanted)
            guard !ready.isEmpty else {
                apply(sockets.settle(event.descriptor), to: event.descriptor)
                continue
            }
            var mask: Int32 = 0
            if ready.contains(.read) { mask |= CURL_CSELECT_IN }
            if ready.contains(.write) { mask |= CURL_CSELECT_OUT }
            act(on: event.descriptor, mask)
        }
    }

    private func readMail() {
        for command in mail {
            switch command {
            case .start(let transfer): start(transfer)
            case .resume(let transfer, let slot): resume(transfer, slot)
            case .stop(let transfer, let slot): stop(transfer, slot)
            }
        }
        mail.removeAll(keepingCapacity: true)
    }

    /// Runs what libcurl has put off, and what it puts off to no later than now while that runs.
    private func runCurlTimers() {
        var passes = 0
        while let deadline = curlDeadline, deadline <= now, passes < 8 {
            curlDeadline = nil
            passes += 1
            act(on: -1, 0)
        }
    }

    private func runDeadlines() {
        while let slot = deadlines.popExpired(at: now) {
            guard let exchange = running[slot] else { continue }
            switch exchange.checkDeadlines(at: now) {
            case .next(let deadline): deadlines.set(deadline, for: slot)
            case .expired(let error): fail(exchange, with: error)
            }
        }
    }

    /// Lets libcurl work on a socket, or on its timers for -1, and hands over what has come of it.
    private func act(on socket: Int32, _ mask: Int32) {
        var count: Int32 = 0
        curl_multi_socket_action(multi, socket, mask, &count)
        collectFinished()
        wakeReaders()
    }

    private func collectFinished() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining)?.pointee {
            guard message.msg == CURLMSG_DONE, let easy = message.easy_handle else { continue }
            var pointer: UnsafeMutableRawPointer?
            plenum_easy_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
            guard let pointer else { continue }
            let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
            wakeLater(exchange.end(with: message.data.result))
            release(exchange)
        }
    }

    private func wakeReaders() {
        guard !awakened.isEmpty else { return }
        for waiter in awakened { waiter.resume() }
        awakened.removeAll(keepingCapacity: true)
    }
}

// MARK: - Exchanges

extension Reactor {
    /// Remembers whom to wake when libcurl is out of its callbacks.
    func wakeLater(_ waiter: Transfer.Waiter?) {
        if let waiter { awakened.append(waiter) }
    }

    /// Looks again when a new phase has begun, whose timer may be shorter.
    func advanceDeadline(of exchange: Exchange) {
        deadlines.advance(exchange.nextDeadline(), for: exchange.slot)
    }

    private func start(_ transfer: Transfer) {
        let slot = freeSlots.popLast() ?? running.count
        guard transfer.withState({ $0.adopt(slot: slot) }) else {
            if slot < running.count { freeSlots.append(slot) }
            return
        }
        if slot == running.count { running.append(nil) }
        do throws(TransportError) {
            let exchange = try takeExchange()
            running[slot] = exchange
            counters.began()
            deadlines.set(exchange.begin(transfer, slot: slot, now: now), for: slot)
            let result = curl_multi_add_handle(multi, exchange.easy.pointer)
            if result != CURLM_OK { fail(exchange, with: .outOfMemory) }
        } catch {
            freeSlots.append(slot)
            wakeLater(transfer.withState { $0.fail(error) })
        }
    }

    private func takeExchange() throws(TransportError) -> Exchange {
        if let exchange = idle.popLast() { return exchange }
        return try Exchange(reactor: self, configuration: configuration)
    }

    private func resume(_ transfer: Transfer, _ slot: Int) {
        guard let exchange = running[slot], exchange.transfer === transfer, exchange.isPaused else { return }
        exchange.resumed(at: now)
        counters.resumed()
        advanceDeadline(of: exchange)
        curl_easy_pause(exchange.easy.pointer, CURLPAUSE_CONT)
    }

    private func stop(_ transfer: Transfer, _ slot: Int) {
        guard let exchange = running[slot], exchange.transfer === transfer else { return }
        release(exchange)
    }

    private func fail(_ exchange: Exchange, with error: TransportError) {
        wakeLater(exchange.transfer?.withState { $0.fail(error) })
        release(exchange)
    }

    /// Takes an exchange from libcurl, which closes the connection unless the response is complete, and keeps the handle.
    private func release(_ exchange: Exchange) {
        curl_multi_remove_handle(multi, exchange.easy.pointer)
        if exchange.isPaused { counters.resumed() }
        deadlines.remove(exchange.slot)
        running[exchange.slot] = nil
        freeSlots.append(exchange.slot)
        exchange.reset()
        counters.ended()
        if idle.count < Self.idleExchangeLimit { idle.append(exchange) }
    }

    private func shutDown() {
        readMail()
        for case let exchange? in running { fail(exchange, with: .shutDown) }
        wakeReaders()
    }
}

// MARK: - What libcurl asks for

extension Reactor {
    func paused() {
        counters.paused()
    }

    func openSocket(at address: curl_sockaddr) -> curl_socket_t {
        let kind = address.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.family, kind, address.protocol)
        guard socket >= 0 else { return -1 }
        sockets.opened(socket)
        counters.opened()
        return socket
    }

    func closeSocket(_ socket: curl_socket_t) -> Int32 {
        sockets.closed(socket)
        counters.closed()
        return close(socket)
    }

    private func want(_ what: Int32, of socket: Int32) {
        let interest: Interest =
            switch what {
            case CURL_POLL_IN: .read
            case CURL_POLL_OUT: .write
            case CURL_POLL_INOUT: [.read, .write]
            default: []
            }
        apply(sockets.want(interest, of: socket), to: socket)
    }

    private func apply(_ change: SocketTable.Change, to socket: Int32) {
        switch change {
        case .none: break
        case .forget: poller.forget(socket)
        case .watch(let interest, let isKnown): _ = poller.watch(socket, for: interest, isKnown: isKnown)
        }
    }

    private func setTimer(_ milliseconds: Int) {
        curlDeadline = milliseconds < 0 ? nil : now + .milliseconds(milliseconds)
    }
}
