import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Watches a connection for two things that a request's handler cannot see: that the client has left, and that it takes
/// too long to send its body.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

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
            deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.bodyTime) { self.refuse(context) }
        }
        context.fireChannelReadComplete()
    }

    /// Ends the connection of a client that has not sent its body in time; it gets no answer but this.
    private func refuse(_ context: ChannelHandlerContext) {
        let head = HTTPResponse(status: .requestTimeout, headerFields: [.connection: "close", .contentLength: "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
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
