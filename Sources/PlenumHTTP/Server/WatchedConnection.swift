import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 on a connection whose work ends when the client leaves.
///
/// Hummingbird goes on with a request after its client has gone. Here a connection's task is cancelled then, and with it
/// the request in flight, its engine call and its transfer: one path, backwards.
struct WatchedConnection: ServerChildChannel {
    /// A connection with its watch.
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let departure: Departure

        var channel: any Channel { http.channel }
    }

    private let base: HTTP1Channel

    init(responder: @escaping HTTPChannelHandler.Responder, configuration: HTTP1Channel.Configuration) {
        base = HTTP1Channel(responder: responder, configuration: configuration)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let departure = Departure()
        var configuration = base.configuration
        let others = configuration.additionalChannelHandlers
        configuration.additionalChannelHandlers = { others() + [ConnectionWatch(departure), EarlyHead()] }
        return HTTP1Channel(responder: base.responder, configuration: configuration)
            .setup(channel: channel, logger: logger)
            .map { Value(http: $0, departure: departure) }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await base.handle(value: value.http, logger: logger) }
            group.addTask { await value.departure.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
