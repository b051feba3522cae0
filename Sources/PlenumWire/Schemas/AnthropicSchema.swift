import PlenumCore

/// Schemas as Anthropic takes them (wire notes 2.5).
enum AnthropicSchema {
    private static let removed: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
        "maxItems",
        "uniqueItems", "contains", "minContains", "maxContains", "prefixItems", "minProperties", "maxProperties",
        "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas", "dependencies",
        "unevaluatedProperties", "unevaluatedItems", "if", "then", "else", "not", "additionalItems",
    ]
    private static let formats: Set<String> = [
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
    ]

    /// The subset that answers and strict tools must keep to: every object closed, no limits on values. The limits go
    /// into the description, as Anthropic's own SDK does it, so that the model still reads them.
    static func strict(_ schema: JSONValue) -> SchemaPass {
        var changes: [SchemaPass.Change] = []
        let strict = strict(schema, "", &changes)
        return SchemaPass(schema: strict, changes: changes)
    }

    private static func strict(
        _ schema: JSONValue,
        _ path: String,
        _ changes: inout [SchemaPass.Change]
    ) -> JSONValue {
        guard let object = schema.object else { return schema }
        var out = JSONObject()
        var limits: [String] = []
        for (key, value) in object.members {
            let isRemoved: Bool
            switch key {
            case "minItems": isRemoved = (value.int ?? 2) > 1
            case "format": isRemoved = !formats.contains(value.string ?? "")
            default: isRemoved = removed.contains(key)
            }
            if isRemoved {
                changes.append(SchemaPass.Change(path: path, keyword: key, isLoss: true))
                if limits.count < 16 { limits.append("\(key): \(value.string ?? value.text)") }
            } else if key == "oneOf" {
                changes.append(SchemaPass.Change(path: path, keyword: key, isLoss: true))
                out["anyOf"] = SchemaPlace.map(key, value, path) { strict($0, $1, &changes) }
            } else if key != "additionalProperties" {
                out[key] = SchemaPlace.map(key, value, path) { strict($0, $1, &changes) }
            }
        }
        close(object, path, &out, &changes)
        if !limits.isEmpty {
            let told = "{\(limits.joined(separator: ", "))}"
            out["description"] = .string(
                [object["description"]?.string, told].compactMap { $0 }.joined(separator: "\n\n")
            )
        }
        return .object(out)
    }

    private static func close(
        _ object: JSONObject,
        _ path: String,
        _ out: inout JSONObject,
        _ changes: inout [SchemaPass.Change]
    ) {
        let types = object["type"]?.array ?? [object["type"] ?? .null]
        let given = object["additionalProperties"]
        guard types.contains("object") || object["properties"] != nil || given != nil else { return }
        out["additionalProperties"] = false
        guard given != .bool(false) else { return }
        changes.append(SchemaPass.Change(path: path, keyword: "additionalProperties", isLoss: given != nil))
    }

    /// The schema of a tool that need not be strict: any, but an object and no choice at its root.
    static func tool(_ schema: JSONValue?) -> SchemaPass {
        guard var object = schema?.object else {
            return SchemaPass(schema: ["type": "object", "properties": [:]], changes: [])
        }
        var changes: [SchemaPass.Change] = []
        for key in ["allOf", "anyOf", "oneOf"] {
            guard let branches = object[key]?.array else { continue }
            object[key] = nil
            merge(branches, isAll: key == "allOf", into: &object)
            changes.append(SchemaPass.Change(path: "", keyword: key, isLoss: true))
        }
        if object["type"] != "object" {
            if object["type"] != nil { changes.append(SchemaPass.Change(path: "", keyword: "type", isLoss: true)) }
            object["type"] = "object"
        }
        return SchemaPass(schema: .object(object), changes: changes)
    }

    /// Takes the properties of every branch; what all of them require is required.
    private static func merge(_ branches: [JSONValue], isAll: Bool, into object: inout JSONObject) {
        var properties = object["properties"]?.object ?? JSONObject()
        var required = object["required"]?.array ?? []
        for branch in branches {
            for (name, value) in branch["properties"]?.object?.members ?? [] where properties[name] == nil {
                properties[name] = value
            }
        }
        let demands = branches.map { $0["required"]?.array ?? [] }
        let common =
            isAll
            ? demands.flatMap { $0 } : (demands.first ?? []).filter { name in demands.allSatisfy { $0.contains(name) } }
        for name in common where !required.contains(name) { required.append(name) }
        object["properties"] = .object(properties)
        if !required.isEmpty { object["required"] = .array(required) }
    }
}
