import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Lets a connection speak before its handler does: the head of an answer that is still being worked on, and comments until
/// it begins.
///
/// The handler's own head comes later and is left out then: the client has one.
final class EarlyHead: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Asks for a sign of life on the answer that is being waited for.
    struct SignOfLife: Sendable {
        /// The head to send if there was none yet.
        var head: HTTPResponse
        /// The comment.
        var comment: ByteBuffer
    }

    /// Whether a head of the answer that is under way was written, by whomever.
    private var isBegun = false
    /// Whether it was written here, so that the handler's own is one too many.
    private var isEarly = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            guard !isEarly else {
                promise?.succeed()
                return
            }
            isBegun = true
        case .head, .body: break
        case .end: (isBegun, isEarly) = (false, false)
        }
        context.write(data, promise: promise)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let sign = event as? SignOfLife else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if !isBegun {
            (isBegun, isEarly) = (true, true)
            context.write(wrapOutboundOut(.head(sign.head)), promise: nil)
        }
        guard sign.comment.readableBytes > 0 else {
            context.flush()
            promise?.succeed()
            return
        }
        context.writeAndFlush(wrapOutboundOut(.body(sign.comment)), promise: promise)
    }
}
