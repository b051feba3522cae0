import PlenumCore

/// Google's subset of schemas as plain JSON Schema: types in lower case, `nullable` as a type.
enum GeminiSchema {
    static func plain(_ schema: JSONValue) -> JSONValue {
        guard let object = schema.object else { return schema }
        var out = JSONObject()
        let isNullable = object["nullable"]?.bool == true && object["type"]?.string != nil
        for (key, value) in object.members {
            switch key {
            case "type":
                let type: JSONValue =
                    switch value {
                    case .string(let word): .string(word.lowercased())
                    case .array(let words): .array(words.map { $0.string.map { .string($0.lowercased()) } ?? $0 })
                    default: value
                    }
                out[key] = isNullable ? [type, "null"] : type
            case "nullable" where isNullable: continue
            case "propertyOrdering", "property_ordering": continue
            default: out[key] = SchemaPlace.map(key, value, "") { schema, _ in plain(schema) }
            }
        }
        return .object(out)
    }
}
