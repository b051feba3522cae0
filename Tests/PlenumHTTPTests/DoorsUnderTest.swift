import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumProviders
import PlenumStorage
import Testing

@testable import PlenumHTTP

/// The doors over an engine of simulated models in memory, for the length of a test.
struct DoorsUnderTest {
    let client: any TestClientProtocol
    let engine: Engine

    /// Runs a test against the router, or with `.live` against a socket.
    static func run(
        _ setup: TestingSetup = .router,
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
        let application = PlenumServer.make(
            engine: engine,
            configuration: configuration,
            host: "127.0.0.1",
            port: 0,
            logger: Logger(label: "test")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            group.addTask {
                try await application.test(setup) { client in
                    try await body(DoorsUnderTest(client: client, engine: engine))
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Sends a request and reads the answer as JSON.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        headers: HTTPFields = [:]
    ) async throws -> (status: Int, json: JSONValue, headers: HTTPFields) {
        var headers = headers
        if headers[.hostHeader] == nil { headers[.hostHeader] = "localhost" }
        let buffer = body.map { ByteBuffer(bytes: $0.bytes) }
        return try await client.execute(uri: path, method: method, headers: headers, body: buffer) { response in
            let bytes = Array(response.body.readableBytesView)
            return (response.status.code, (try? JSONValue(parsing: bytes)) ?? .null, response.headers)
        }
    }

    /// Sends a request and reads the answer as text.
    func text(_ path: String, _ body: JSONValue) async throws -> String {
        try await client.execute(
            uri: path,
            method: .post,
            headers: [.hostHeader: "localhost"],
            body: ByteBuffer(bytes: body.bytes)
        ) { String(buffer: $0.body) }
    }
}

extension HTTPField.Name {
    static let hostHeader = HTTPField.Name("Host")!
}
