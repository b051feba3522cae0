import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// What the client of a stream is told while there is nothing to tell: after a while that the answer is a stream, then
/// again and again that somebody is still at it, until the first event.
///
/// The task that works on the answer goes on where it is; the connection's event loop speaks in its place. Whoever drops
/// this makes it fall silent.
final class SignsOfLife: Sendable {
    private enum State {
        case waiting
        case speaking
        case silent
    }

    private let state = Mutex(State.waiting)
    private let ticks = Mutex<RepeatedTask?>(nil)

    /// Begins to wait.
    /// - Parameters:
    ///   - channel: the connection; it must have an ``EarlyHead``.
    ///   - patience: how long the client is told nothing.
    ///   - interval: how often it is told something from then on.
    ///   - head: the head that it is told.
    ///   - comment: what it is told then; nothing if its dialect has no words for it.
    init(
        on channel: any Channel,
        after patience: Duration,
        every interval: Duration,
        head: HTTPFields,
        comment: [UInt8]
    ) {
        let sign = EarlyHead.SignOfLife(
            head: HTTPResponse(status: .ok, headerFields: head),
            comment: ByteBuffer(bytes: comment)
        )
        let task = channel.eventLoop.scheduleRepeatedTask(
            initialDelay: TimeAmount(patience),
            delay: TimeAmount(interval)
        ) { [weak self] _ in
            guard self?.speak() == true else { return }
            channel.triggerUserOutboundEvent(sign, promise: nil)
        }
        ticks.withLock { $0 = task }
    }

    deinit { end() }

    /// Whether the client was told something, and so has the head of a stream.
    var haveBegun: Bool { state.withLock { $0 == .speaking } }

    /// Falls silent: the answer begins, or there will be none.
    /// - Returns: whether the client was told something before, and so has the head of a stream.
    @discardableResult
    func end() -> Bool {
        let before = state.withLock { state in
            defer { state = .silent }
            return state
        }
        guard before != .silent else { return false }
        ticks.withLock { $0.take() }?.cancel()
        return before == .speaking
    }

    private func speak() -> Bool {
        state.withLock { state in
            guard state != .silent else { return false }
            state = .speaking
            return true
        }
    }
}
