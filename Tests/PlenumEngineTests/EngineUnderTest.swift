import Logging
import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Testing

/// An engine over memory with scripted models, running for the length of a test.
struct EngineUnderTest {
    let engine: Engine
    let provider: ScriptedProvider
    var storage: any Storage { engine.storage }

    /// Runs a test with an engine whose models are `test/a`, `test/b`, `test/c`.
    static func run(
        storage: any Storage = .inMemory,
        commandPatience: Duration = .seconds(120),
        _ script: @escaping @Sendable (CompletionRequest) throws(PlenumError) -> [ScriptedProvider.Step],
        _ body: @escaping @Sendable (EngineUnderTest) async throws -> Void
    ) async throws {
        let provider = ScriptedProvider(script)
        let rate = try #require(Price.Rate(perMillion: "2"))
        let deployments = ["a", "b", "c"].map { name in
            Deployment(
                model: Model(
                    id: ModelID(provider: "test", model: name),
                    price: Price(base: .init(input: rate, output: rate))
                ),
                provider: provider,
                providerName: "Test"
            )
        }
        let engine = Engine(
            catalogue: Catalogue(deployments),
            storage: storage,
            logger: Logger(label: "test"),
            commandPatience: commandPatience
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            group.addTask { try await body(EngineUnderTest(engine: engine, provider: provider)) }
            // The loop ends when the test does.
            try await group.next()
            group.cancelAll()
        }
    }

    /// A prompt to a model.
    static func ask(_ model: String, streamed: Bool, place: ConversationPlace? = nil) -> CompletionAsk {
        CompletionAsk(
            model: model,
            prompt: .chat(ChatRequest(prompt: "Hello there, models")),
            isStreamed: streamed,
            door: .openAIChat,
            body: Array("{}".utf8),
            place: place
        )
    }

    /// A comparison of models.
    static func compare(_ models: String..., place: ConversationPlace? = nil) -> RunAsk {
        RunAsk(
            kind: .compare,
            input: [.text("Which is better?")],
            seats: models.map { RunAsk.Seat(model: $0) },
            place: place
        )
    }
}
