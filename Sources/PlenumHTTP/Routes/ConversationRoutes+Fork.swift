import Hummingbird
import PlenumCore
import PlenumEngine

extension ConversationRoutes {
    /// A new conversation with a copy of the path to a message: `{"message", "title"}`, both of which may be left out.
    func fork(_ request: Request, _ context: DoorContext) async throws -> Response {
        let body = try await request.object(upTo: bodyLimit)
        let id: ConversationID = try context.id("conversation", "conversation")
        let fork = try await engine.fork(id, at: try body.id("message"), title: try body.text("title"))
        return .json(fork.view)
    }
}
