import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Watches a connection for two things that a request's handler cannot see: that the client has left, and that it takes
/// too long to send its body.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// How long a body may take in all.
    static let bodyTime = TimeAmount.seconds(60)

    private var isReadingBody = false
    private var isGone = false
    private var deadline: Scheduled<Void>?
    private var departure: (@Sendable () -> Void)?

    /// Calls a function when the client leaves, at once if it has left; `nil` forgets the one before.
    func whenGone(_ call: (@Sendable () -> Void)?) {
        if isGone { call?() } else { departure = call }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isReadingBody = true
        case .body: break
        case .end:
            isReadingBody = false
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isReadingBody, deadline == nil {
            let channel = context.channel
            deadline = context.eventLoop.scheduleTask(in: Self.bodyTime) { channel.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        isGone = true
        let call = departure
        departure = nil
        call?()
    }
}

extension DoorContext {
    /// Does some work, and cancels it when the client leaves.
    func whileClientWaits<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let departure = Departure()
        watch { departure.happen() }
        defer { watch(nil) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await departure.wait()
                return nil
            }
            defer { group.cancelAll() }
            if let value = try await group.next() ?? nil { return value }
            // The client has left: the work is cancelled, and may keep what it has before it ends.
            group.cancelAll()
            while let late = try await group.next() { if let late { return late } }
            throw CancellationError()
        }
    }

    private func watch(_ call: (@Sendable () -> Void)?) {
        let pipeline = channel.pipeline
        channel.eventLoop.execute {
            let handler = try? pipeline.syncOperations.handler(type: ConnectionWatch.self)
            handler?.whenGone(call)
        }
    }
}

/// Something that happens once, awaited by one task.
private final class Departure: Sendable {
    private enum State {
        case ahead
        case awaited(CheckedContinuation<Void, Never>)
        case past
    }

    private let state = Mutex(State.ahead)

    func happen() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .past }
            return if case .awaited(let continuation) = state { continuation } else { nil }
        }
        waiting?.resume()
    }

    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isPast = state.withLock { state in
                    if case .past = state { return true }
                    state = .awaited(continuation)
                    return false
                }
                if isPast { continuation.resume() }
            }
        } onCancel: {
            happen()
        }
    }
}
