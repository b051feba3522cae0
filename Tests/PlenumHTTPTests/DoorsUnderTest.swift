import HTTPTypes
import Hummingbird
import Logging
import PlenumCore
import PlenumEngine
import PlenumProviders
import PlenumStorage
import PlenumTransport

@testable import PlenumHTTP

/// The doors over an engine of simulated models in memory, for the length of a test.
struct DoorsUnderTest {
    let server: ServerUnderTest
    let engine: Engine

    /// Runs a test against the doors, over a socket.
    static func run(
        configuration: DoorConfiguration = DoorConfiguration(),
        _ body: @escaping @Sendable (DoorsUnderTest) async throws -> Void
    ) async throws {
        let provider = SimulatedProvider()
        let models =
            SimulatedProvider.models()
            + [
                "sim-gap0-words5", "sim-status429", "sim-status500", "sim-gap0-cut2-words5", "sim-hang1-gap0-words5",
                "sim-gap0-reset4", "sim-wait300-gap0-words5", "sim-wait400-gap0-words5", "sim-wait700-gap0-words5",
                "sim-wait400-status500",
            ].map {
                Model(id: ModelID(provider: "simulated", model: $0))
            }
        let engine = Engine(
            catalogue: Catalogue(
                models.map {
                    Deployment(model: $0, provider: provider, providerName: "Simulated", isSimulated: true)
                }
            ),
            storage: .inMemory,
            logger: Logger(label: "test")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            group.addTask {
                try await ServerUnderTest.run { onServing in
                    PlenumServer.make(
                        engine: engine,
                        configuration: configuration,
                        host: "127.0.0.1",
                        port: 0,
                        logger: Logger(label: "test"),
                        onServing: onServing
                    )
                } _: { server in
                    try await body(DoorsUnderTest(server: server, engine: engine))
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Sends a request, as a client on this machine does, and reads the whole answer.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        headers: HTTPFields = [:]
    ) async throws -> AnswerUnderTest {
        try await server.send(method, path, body?.bytes ?? [], headers: headers)
    }
}
