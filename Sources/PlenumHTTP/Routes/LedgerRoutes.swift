import Hummingbird
import PlenumCore
import PlenumEngine

/// The ledger: one row an attempt, and their sums.
struct LedgerRoutes: Sendable {
    let engine: Engine

    func add(to group: RouterGroup<DoorContext>) {
        group.get("/generations/:generation") { _, context in
            try await generation(try context.id("generation", "generation"))
        }
        group.get("/generation") { request, _ in
            let text = request.uri.queryParameters["id"].map(String.init) ?? ""
            guard let id = GenerationID(text) else {
                throw PlenumError(.notFound, "There is no generation \"\(text.prefix(100))\".", parameter: "id")
            }
            return try await generation(id)
        }
        group.get("/usage") { request, _ in try await usage(request) }
    }

    private func usage(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let name = query["group_by"].map(String.init) ?? "model"
        guard let grouping = UsageRow.Grouping(rawValue: name) else {
            throw PlenumError(
                .invalidRequest,
                "\"group_by\" must be model, provider, day or key.",
                parameter: "group_by"
            )
        }
        let since = try query["since"].map { text throws(PlenumError) in
            guard let seconds = Int64(text), (0...100_000_000_000).contains(seconds) else {
                throw PlenumError(.invalidRequest, "\"since\" must be a time in Unix seconds.", parameter: "since")
            }
            return Timestamp(milliseconds: seconds * 1000)
        }
        let rows = try await engine.storage.usage(by: grouping, since: since)
        return Response.json(["object": "list", "data": .array(rows.map { $0.view(by: grouping) })])
    }

    private func generation(_ id: GenerationID) async throws -> Response {
        let generation = try await engine.storage.generation(id)
        // Of a blind compare the ledger tells as little as the run does.
        if let id = generation.run, let run = try? await engine.storage.run(id), run.hidesNames {
            throw PlenumError(.conflict, "This attempt belongs to a blind compare: choose an answer first.")
        }
        return .json(generation.view)
    }
}
