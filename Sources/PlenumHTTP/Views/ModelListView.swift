import PlenumCore
import PlenumEngine

/// Models as Anthropic's and Google's lists show them (wire notes 2.12).
enum ModelListView {
    /// Anthropic's model object.
    static func anthropic(id: String, name: String) -> JSONValue {
        ["type": "model", "id": .string(id), "display_name": .string(name), "created_at": "1970-01-01T00:00:00Z"]
    }

    /// Anthropic's list.
    static func anthropic(_ models: [(id: String, deployment: Deployment?)]) -> JSONValue {
        [
            "data": .array(models.map { anthropic(id: $0.id, name: $0.deployment?.model.name ?? $0.id) }),
            "has_more": false, "first_id": .text(models.first?.id), "last_id": .text(models.last?.id),
        ]
    }

    /// Google's model object.
    static func gemini(id: String, _ deployment: Deployment?) -> JSONValue {
        var object = JSONObject([
            ("name", .string("models/\(id)")), ("baseModelId", .string(id)), ("version", "1"),
            ("displayName", .string(deployment?.model.name ?? id)),
        ])
        if let context = deployment?.model.context { object["inputTokenLimit"] = .count(context) }
        if let most = deployment?.model.maxOutput { object["outputTokenLimit"] = .count(most) }
        object["supportedGenerationMethods"] = ["generateContent", "streamGenerateContent", "countTokens"]
        return .object(object)
    }
}
