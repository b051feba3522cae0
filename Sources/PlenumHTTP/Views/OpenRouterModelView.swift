import PlenumCore

/// Models with all the members that OpenRouter's own have, for its client, which checks them (openrouter 1.3).
enum OpenRouterModelView {
    /// A model, made of the view that others are shown.
    static func of(_ view: JSONValue) -> JSONValue {
        guard var model = view.object, let id = view["id"]?.string else { return view }
        model["canonical_slug"] = .string(id)
        model["links"] = ["details": .string("/api/v1/models/\(id)")]
        for name in ["default_parameters", "per_request_limits", "supported_voices"] { model[name] = .null }
        model["pricing"] = pricing(view["pricing"])
        if model["top_provider"] == nil { model["top_provider"] = ["is_moderated": false] }
        return .object(model)
    }

    /// A list of models.
    static func list(_ models: [JSONValue]) -> JSONValue {
        [
            "data": .array(models.map(of)), "links": ["next": .null],
            "total_count": .number(JSONNumber(models.count)),
        ]
    }

    /// Prices; where they are not known, OpenRouter's own word for that, which is -1 and never 0.
    private static func pricing(_ pricing: JSONValue?) -> JSONValue {
        let known = JSONObject((pricing?.object?.members ?? []).filter { !$0.value.isNull })
        return known.isEmpty ? ["prompt": "-1", "completion": "-1"] : .object(known)
    }
}
