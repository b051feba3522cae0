internal import CCurl

/// An easy handle and the transfer that it carries at the moment.
///
/// It belongs to the reactor's thread.
///
/// Libcurl calls ``receive(headerLine:)`` and ``receive(body:)`` from inside the reactor's turn; they only record, and leave whom
/// to wake with the reactor.
final class Exchange {
    let easy: EasyHandle
    private unowned let reactor: Reactor

    private(set) var slot = 0
    private(set) var transfer: Transfer?
    private var parser = ResponseHeadParser()
    private var wholeHead: ResponseHead?
    private var wholeBody: [UInt8] = []
    /// Why this side refused what arrived; libcurl only knows that somebody did.
    private var refusal: TransportError?

    private var started = Instant.never
    private var headArrived = Instant.never
    private var lastArrival = Instant.never
    private var lastBeat = Instant.never
    private(set) var isPaused = false

    init(reactor: Reactor, configuration: CurlConfiguration) throws(TransportError) {
        self.reactor = reactor
        easy = try EasyHandle(configuration: configuration, reactor: Unmanaged.passUnretained(reactor).toOpaque())
        easy.receiver = Unmanaged.passUnretained(self).toOpaque()
    }

    /// Takes a transfer on and gives its first deadline.
    func begin(_ transfer: Transfer, slot: Int, now: Instant) -> Instant {
        self.transfer = transfer
        self.slot = slot
        started = now
        headArrived = .never
        lastArrival = now
        lastBeat = now
        easy.prepare(transfer.request)
        let timeouts = transfer.request.timeouts
        return min(now + timeouts.responseHead, now + timeouts.total)
    }

    /// Gives everything back that belonged to the transfer.
    func reset() {
        transfer = nil
        parser = ResponseHeadParser()
        wholeHead = nil
        wholeBody = []
        refusal = nil
        isPaused = false
    }

    /// Reading goes on after a pause, which does not count as the server's silence.
    func resumed(at now: Instant) {
        isPaused = false
        lastArrival = now
    }
}

// MARK: - What arrives

extension Exchange {
    func receive(headerLine line: UnsafeRawBufferPointer) -> Int {
        guard let transfer else { return 0 }
        lastArrival = reactor.now
        switch parser.consume(line) {
        case .more:
            return line.count
        case .tooLarge:
            refusal = .headTooLarge
            return 0
        case .complete(let head):
            headArrived = reactor.now
            reactor.advanceDeadline(of: self)
            return accept(head, for: transfer) ? line.count : 0
        }
    }

    func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        guard let transfer else { return 0 }
        lastArrival = reactor.now
        switch transfer.delivery {
        case .whole(let limit):
            guard bytes.count <= limit - wholeBody.count else {
                refusal = .bodyTooLarge(limit: limit)
                return 0
            }
            wholeBody.append(contentsOf: bytes)
            return bytes.count
        case .streamed:
            switch transfer.withState({ $0.receive(bytes) }) {
            case .accepted(let waiter):
                reactor.wakeLater(waiter)
                return bytes.count
            case .full:
                isPaused = true
                reactor.paused()
                return Int(CURL_WRITEFUNC_PAUSE)
            }
        }
    }

    private func accept(_ head: ResponseHead, for transfer: Transfer) -> Bool {
        switch transfer.delivery {
        case .streamed:
            reactor.wakeLater(transfer.withState { $0.receive(head: head) })
        case .whole(let limit):
            wholeHead = head
            let length = transfer.request.method == "HEAD" ? 0 : easy.contentLength ?? 0
            guard length <= limit else {
                refusal = .bodyTooLarge(limit: limit)
                return false
            }
            // An announcement is not yet a body: a liar gets no more than this.
            wholeBody.reserveCapacity(min(length, 1024 * 1024))
        }
        return true
    }
}

// MARK: - How it ends

extension Exchange {
    /// Tells the transfer what libcurl says of its end.
    func end(with result: CURLcode) -> Transfer.Waiter? {
        guard let transfer else { return nil }
        guard result == CURLE_OK, parser.isComplete else {
            return transfer.withState { $0.fail(failure(result, of: transfer)) }
        }
        let whole = wholeHead.map { WholeResponse(status: $0.status, headers: $0.headers, body: wholeBody) }
        return transfer.withState { $0.complete(with: whole) }
    }

    /// The error of a timer that has run out, or the next time to look.
    func checkDeadlines(at now: Instant) -> Deadline {
        guard let transfer else { return .next(.never) }
        let (phase, next) = nextDeadline(of: transfer)
        guard next <= now else { return .next(min(next, beat(at: now, for: transfer))) }
        return .expired(.timeout(phase, origin: transfer.request.origin, beforeFirstByte: !parser.hasStarted))
    }

    /// The next time at which a timer may run out.
    func nextDeadline() -> Instant {
        transfer.map { min(nextDeadline(of: $0).1, nextBeat(of: $0)) } ?? .never
    }

    /// Gives the reader of a silent body a sign of life if one is due; tells when the next will be.
    private func beat(at now: Instant, for transfer: Transfer) -> Instant {
        if nextBeat(of: transfer) <= now {
            lastBeat = now
            reactor.wakeLater(transfer.withState { $0.beat() })
        }
        return nextBeat(of: transfer)
    }

    private func nextBeat(of transfer: Transfer) -> Instant {
        guard case .streamed = transfer.delivery, headArrived != .never, !isPaused,
            let heartbeat = transfer.request.timeouts.heartbeat
        else { return .never }
        return max(lastArrival, lastBeat) + heartbeat
    }

    enum Deadline {
        case next(Instant)
        case expired(TransportError)
    }

    private func nextDeadline(of transfer: Transfer) -> (TransportError.Phase, Instant) {
        let timeouts = transfer.request.timeouts
        var next = (TransportError.Phase.total, started + timeouts.total)
        func consider(_ phase: TransportError.Phase, _ deadline: Instant) {
            if deadline < next.1 { next = (phase, deadline) }
        }
        guard headArrived != .never else {
            consider(.responseHead, started + timeouts.responseHead)
            return next
        }
        if !isPaused { consider(.idle, lastArrival + timeouts.idle) }
        if case .streamed = transfer.delivery, let firstContent = timeouts.firstContent,
            headArrived + firstContent < next.1, !transfer.withState({ $0.isContentConfirmed })
        {
            consider(.firstContent, headArrived + firstContent)
        }
        return next
    }

    private func failure(_ result: CURLcode, of transfer: Transfer) -> TransportError {
        if let refusal { return refusal }
        // Libcurl takes a head that breaks off after a whole line for a response.
        let result = result == CURLE_OK ? CURLE_PARTIAL_FILE : result
        return .failure(
            result,
            cause: easy.errorText(for: result),
            origin: transfer.request.origin,
            beforeFirstByte: !parser.hasStarted
        )
    }
}
