import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine

/// Conversations to take along, and to bring in from elsewhere.
struct PortabilityRoutes: Sendable {
    let engine: Engine
    let bodyLimit: Int

    func add(to group: RouterGroup<DoorContext>) {
        group.get("/conversations/:conversation/export") { request, context in try await one(request, context) }
        group.get("/export") { request, _ in try all(request) }
        group.post("/import") { request, _ in
            let file = try await request.bytes(upTo: bodyLimit)
            return Response.json(try await engine.importConversations(file, digest: .sha256).json)
        }
    }

    private func one(_ request: Request, _ context: DoorContext) async throws -> Response {
        let format = try format(request)
        let conversation = try await engine.storage.conversation(try context.id("conversation", "conversation"))
        let name = ExportFileName(
            conversation.title,
            spare: conversation.id.description,
            ending: format.fileExtension
        )
        return download(name, format) { client in
            try await engine.export(conversation, as: format) { try await client.write(ByteBuffer(bytes: $0)) }
            try await client.finish(nil)
        }
    }

    private func all(_ request: Request) throws -> Response {
        guard try format(request) == .json else {
            throw PlenumError(
                .invalidRequest,
                "All conversations together are exported as json; markdown is for one of them.",
                parameter: "format"
            )
        }
        let name = ExportFileName("export", spare: "export", ending: PortableFormat.json.fileExtension)
        return download(name, .json) { client in
            try await engine.exportAll { try await client.write(ByteBuffer(bytes: $0)) }
            try await client.finish(nil)
        }
    }

    private func format(_ request: Request) throws(PlenumError) -> PortableFormat {
        guard let name = request.uri.queryParameters["format"] else { return .json }
        guard let format = PortableFormat(rawValue: String(name)) else {
            throw PlenumError(.invalidRequest, "\"format\" must be json or markdown.", parameter: "format")
        }
        return format
    }

    private func download(
        _ name: ExportFileName,
        _ format: PortableFormat,
        _ write: @escaping @Sendable @concurrent (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        let headers: HTTPFields = [
            .contentType: format.contentType, .contentDisposition: name.disposition, .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(write))
    }
}
