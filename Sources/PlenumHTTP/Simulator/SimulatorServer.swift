public import Hummingbird
import HummingbirdCore
public import Logging
public import PlenumCore
public import PlenumWire

/// Simulated models behind the four dialects over HTTP, without storage, keys or conversations: something to point a
/// gateway at. It can be asked what it was called with.
public enum SimulatorServer {
    /// Makes the server.
    /// - Parameters:
    ///   - answering: takes a call of a model by its name.
    ///   - models: what `GET /v1/models` lists.
    ///   - host: the address to listen on.
    ///   - port: the port; 0 lets the system choose.
    ///   - logger: told of what nobody else can be told of.
    ///   - onServing: called with the port once connections are accepted.
    public static func make(
        answering: @escaping @Sendable (String) -> SimulatedCall,
        models: [Model],
        host: String,
        port: Int,
        logger: Logger,
        onServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            responder: SimulatorDoors(answering: answering, models: models).router().buildResponder(),
            // A call that waits ends when its client leaves.
            server: HTTPServerBuilder { WatchedConnection(responder: $0, configuration: .init()) },
            configuration: .init(address: .hostname(host, port: port), serverName: nil, backlog: 4096),
            onServerRunning: { await onServing($0.localAddress?.port ?? port) },
            logger: logger
        )
    }
}
