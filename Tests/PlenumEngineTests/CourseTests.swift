import Logging
import PlenumCore
import PlenumStorage
import PlenumTesting
import Testing

@testable import PlenumEngine

@Suite("The attempts at one answer")
struct CourseTests {
    @Test("a step that could not be kept is taken back, and costs the others none of their turns")
    func takenBack() async throws {
        let model = Model(id: ModelID(provider: "test", model: "a"))
        let provider = ScriptedProvider { _ in ScriptedProvider.answer("never") }
        let deployment = Deployment(model: model, provider: provider, providerName: "Test")
        let engine = Engine(
            catalogue: Catalogue([deployment]),
            storage: .inMemory,
            logger: Logger(label: "test")
        )
        let soon = PlenumError(
            .rateLimited,
            "Soon.",
            retryAfter: .zero,
            upstream: .init(provider: "test", status: 429)
        )
        // More than may be tried again at a time.
        for _ in 1...10 {
            let generation = Generation(
                id: engine.ids.next(),
                model: model.id,
                requestedModel: "a",
                dialect: nil,
                door: nil,
                isStreamed: false,
                createdAt: engine.clock.now()
            )
            let request = CompletionRequest(
                model: "a",
                tag: model.id,
                stream: false,
                prompt: .chat(ChatRequest(prompt: "Hello"))
            )
            let first = Attempt(generation, engine.catalogue.deployments[0], request, clock: engine.clock)
            var course = Course(first, orElse: [], engine: engine)
            try await course.advance(after: soon)
            #expect(course.attempt.generation.attempt == 2 && course.failed.map(\.id) == [generation.id])
            course.takeBack()
            #expect(course.attempt.generation == generation && course.failed.isEmpty)
            course.end(soon)
        }
    }
}
