extension Seat {
    /// The seat as it is kept: the members, those alone that say something.
    public var json: JSONValue {
        var object = JSONObject([("index", .number(JSONNumber(index))), ("model", .string(model))])
        if !fallbacks.isEmpty { object["fallbacks"] = .array(fallbacks.map { .string($0) }) }
        object["system"] = system.map { .string($0) }
        object["persona"] = persona.map { .string($0) }
        object["side"] = side.map { .string($0) }
        if !parameters.isEmpty { object["parameters"] = .object(parameters) }
        return .object(object)
    }

    /// Reads what ``json`` has written; `nil` if it is no seat.
    public init?(json: JSONValue) {
        guard let index = json["index"]?.int, let model = json["model"]?.string else { return nil }
        self.init(
            index: index,
            model: model,
            system: json["system"]?.string,
            parameters: json["parameters"]?.object ?? JSONObject()
        )
        fallbacks = json["fallbacks"]?.array?.compactMap(\.string) ?? []
        persona = json["persona"]?.string
        side = json["side"]?.string
    }
}
