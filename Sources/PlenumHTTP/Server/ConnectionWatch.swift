import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Watches a connection for two things that a request's handler cannot see: that the client has left, and that it takes
/// too long to send its body.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// How long a body may take in all.
    static let bodyTime = TimeAmount.seconds(60)

    private var isReadingBody = false
    private var deadline: Scheduled<Void>?
    private let departure: Departure

    init(_ departure: Departure) { self.departure = departure }

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
        if case .inputClosed? = event as? ChannelEvent { departure.happen() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        departure.happen()
        context.fireChannelInactive()
    }
}
