public import Hummingbird
import HummingbirdCore
public import Logging
public import PlenumEngine
import PlenumWire

/// The doors, assembled.
public enum PlenumServer {
    /// Puts the routes together.
    /// - Parameters:
    ///   - engine: what answers.
    ///   - configuration: who may come in, and with how much.
    static func router(engine: Engine, configuration: DoorConfiguration) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: Gatekeeper(configuration))
        HealthRoutes(engine: engine).add(to: router)
        PageRoutes(page: configuration.page).add(to: router)
        let completions = CompletionRoutes(engine: engine, configuration: configuration)
        let responses = ResponseRoutes(engine: engine, configuration: configuration)
        // For clients whose base address lacks the version.
        completions.add(to: router.group(""))
        responses.add(to: router.group(""))
        // Google's versions, of which newer clients use the first below.
        for version in ["/v1beta", "/v1alpha"] {
            let group = router.group("\(version)")
            ModelRoutes(engine: engine).add(to: group)
            completions.addGemini(to: group)
        }
        // The same surface for clients that are set up for OpenRouter.
        for prefix in ["/v1", "/api/v1"] {
            let group = router.group("\(prefix)")
            ModelRoutes(engine: engine).add(to: group)
            completions.add(to: group, prefix == "/v1" ? .openAI : .openRouter)
            responses.add(to: group)
            completions.addGemini(to: group)
            ConversationRoutes(engine: engine, bodyLimit: configuration.bodyLimit).add(to: group)
            PortabilityRoutes(engine: engine, bodyLimit: configuration.bodyLimit).add(to: group)
            RunRoutes(engine: engine, bodyLimit: configuration.bodyLimit).add(to: group)
            RunControlRoutes(engine: engine, bodyLimit: configuration.bodyLimit).add(to: group)
            PreferenceRoutes(engine: engine).add(to: group)
            LedgerRoutes(engine: engine).add(to: group)
            SetupRoutes(engine: engine).add(to: group)
            ExtractionRoutes(bodyLimit: configuration.bodyLimit).add(to: group)
        }
        return router
    }

    /// Makes the server: a service that runs until its group stops it.
    /// - Parameters:
    ///   - engine: what answers; its `run()` must be running.
    ///   - configuration: who may come in, and with how much.
    ///   - host: the address to listen on.
    ///   - port: the port; 0 lets the system choose.
    ///   - logger: told of what nobody else can be told of.
    ///   - onServing: called with the port once connections are accepted.
    public static func make(
        engine: Engine,
        configuration: DoorConfiguration,
        host: String,
        port: Int,
        logger: Logger,
        onServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            responder: router(engine: engine, configuration: configuration).buildResponder(),
            server: HTTPServerBuilder { responder in
                WatchedConnection(responder: responder, configuration: .init(idleTimeout: .seconds(300)))
            },
            configuration: .init(
                address: .hostname(host, port: port),
                serverName: nil,
                backlog: 4096,
                reuseAddress: true
            ),
            onServerRunning: { await onServing($0.localAddress?.port ?? port) },
            logger: logger
        )
    }
}
