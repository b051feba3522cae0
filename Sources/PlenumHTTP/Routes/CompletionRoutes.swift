import Hummingbird
import PlenumCore
import PlenumEngine
import PlenumWire

/// The doors for completions, one a dialect, and what clients of the same dialects ask beside them.
struct CompletionRoutes: Sendable {
    let engine: Engine
    let configuration: DoorConfiguration

    /// Adds the doors that have a path of their own.
    /// - Parameter flavor: whose clients come in here.
    func add(to group: RouterGroup<DoorContext>, _ flavor: OpenAIChatFormat.Flavor = .openAI) {
        let chat = CompletionDoor(OpenAIChatFormat(flavor), "/chat/completions", engine, configuration)
        group.post("/chat/completions") { request, context in try await chat.answer(request, context) }
        group.post("/embeddings") { request, context in try await embed(request, context) }

        let messages = CompletionDoor(AnthropicMessagesFormat(), "/messages", engine, configuration)
        let counter = TokenCounter(engine: engine, configuration: configuration)
        group.post("/messages") { request, context in try await messages.answer(request, context) }
        group.post("/messages/count_tokens") { request, _ in try await counter.count(request, in: messages.format) }
    }

    /// Adds Gemini's door, where the path names the model and the method.
    func addGemini(to group: RouterGroup<DoorContext>) {
        let door = CompletionDoor(GeminiFormat(), "/models:generateContent", engine, configuration)
        let counter = TokenCounter(engine: engine, configuration: configuration)
        group.post("/models/**") { request, context in
            let path = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding
            let call = try ModelCall(path)
            guard call.method != .countTokens else { return try await counter.count(request, in: door.format, call) }
            return try await door.answer(request, context, path: call)
        }
    }

    private func embed(_ request: Request, _ context: DoorContext) async throws -> Response {
        let body = try await request.bytes(upTo: configuration.bodyLimit)
        let head = try OpenAIChatFormat().scanRequest(body)
        guard let model = head.model, !model.isEmpty else {
            throw PlenumError(
                .invalidRequest,
                "\"model\" is missing: name a model of GET /v1/models.",
                parameter: "model"
            )
        }
        let (generation, reply) = try await engine.embed(
            model,
            head.verbatim(body),
            key: context.caller.key,
            keepsWords: configuration.keepsWords && head.store != false
        )
        return .json(reply.body, headers: [.generationID: generation.id.description])
    }
}
