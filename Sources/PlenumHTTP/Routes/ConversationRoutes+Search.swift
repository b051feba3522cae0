import Hummingbird
import PlenumCore
import PlenumEngine

extension ConversationRoutes {
    /// The conversations whose titles or messages have words, each once a page with the newest place of it; `last_id` names
    /// that of the last hit, which is the cursor.
    func search(_ words: String, _ isArchived: Bool?, _ request: Request) async throws -> Response {
        let query = try SearchQuery(words, isArchived: isArchived)
        let page = try await engine.storage.search(query, limit: limit(request), after: cursor(request))
        var seen: Set<ConversationID> = []
        let shown = page.elements.filter { seen.insert($0.conversation.id).inserted }
        return .json([
            "object": "list", "data": .array(shown.map(\.view)),
            "first_id": .text(page.elements.first?.place.description),
            "last_id": .text(page.elements.last?.place.description), "has_more": .bool(page.hasMore),
        ])
    }

    private func limit(_ request: Request) throws(PlenumError) -> Int {
        let query = request.uri.queryParameters
        guard query["order"] != "asc" else {
            throw PlenumError(
                .invalidRequest,
                "A search gives what is newest first: leave out \"order\".",
                parameter: "order"
            )
        }
        guard let text = query["limit"] else { return 20 }
        guard let limit = Int(text), (1...100).contains(limit) else {
            throw PlenumError(.invalidRequest, "The \"limit\" of a search must be 1 to 100.", parameter: "limit")
        }
        return limit
    }

    private func cursor(_ request: Request) throws(PlenumError) -> SearchHit.Place? {
        guard let text = request.uri.queryParameters["after"] else { return nil }
        guard let place = SearchHit.Place(String(text)) else {
            throw PlenumError(
                .invalidRequest,
                "\"after\" must be the \"last_id\" of the page before.",
                parameter: "after"
            )
        }
        return place
    }
}

extension SearchHit {
    /// The conversation, and where in it the words are.
    fileprivate var view: JSONValue {
        guard var object = conversation.view.object else { return .null }
        let matches = snippet.matches.map { JSONValue.array([.count($0.lowerBound), .count($0.count)]) }
        object["snippet"] = [
            "text": .string(snippet.text), "matches": .array(matches), "message": .text(message?.description),
        ]
        return .object(object)
    }
}
