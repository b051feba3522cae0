import PlenumCore

/// Plain JSON Schema as the subset that Google's older models know (wire notes 1.4 and 2.5).
struct GeminiSubset {
    private static let known: Set<String> = [
        "type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems", "properties",
        "required", "minProperties", "maxProperties", "minimum", "maximum", "minLength", "maxLength", "pattern",
        "anyOf",
        "default", "example", "propertyOrdering",
    ]
    /// References repeat what they name: so many schemas are written out.
    private static let mostSchemas = 5000

    private let root: JSONValue
    private var changes: [SchemaPass.Change] = []
    private var count = 0

    /// The subset's schema; `null` for an object without properties, which is left out.
    static func convert(_ schema: JSONValue) -> SchemaPass {
        var subset = GeminiSubset(root: schema)
        if schema["$ref"] == nil, schema["properties"]?.object?.isEmpty ?? (schema["type"] == "object") {
            return SchemaPass(schema: .null, changes: [])
        }
        let converted = subset.convert(schema, "", [])
        return SchemaPass(schema: converted, changes: subset.changes)
    }

    private init(root: JSONValue) { self.root = root }

    private mutating func note(_ path: String, _ keyword: String, isLoss: Bool) {
        changes.append(SchemaPass.Change(path: path, keyword: keyword, isLoss: isLoss))
    }

    private mutating func convert(_ schema: JSONValue, _ path: String, _ seen: [String]) -> JSONValue {
        guard let object = schema.object else { return ["type": "OBJECT"] }
        count += 1
        if let reference = object["$ref"]?.string {
            guard !seen.contains(reference), seen.count < 32, count < Self.mostSchemas, let target = resolve(reference)
            else {
                note(path, "$ref", isLoss: true)
                return ["type": "OBJECT"]
            }
            note(path, "$ref", isLoss: false)
            return convert(target, path, seen + [reference])
        }
        var out = JSONObject()
        for (key, value) in object.members { take(key, value, path, seen, &out) }
        if object["enum"] == nil, let constant = object["const"] {
            note(path, "const", isLoss: false)
            writeEnum([constant], path, &out)
        }
        if let names = out["properties"]?.object?.members, names.count > 1, out["propertyOrdering"] == nil {
            out["propertyOrdering"] = .array(names.map { .string($0.key) })
        }
        return .object(out)
    }

    private mutating func take(
        _ key: String,
        _ value: JSONValue,
        _ path: String,
        _ seen: [String],
        _ out: inout JSONObject
    ) {
        switch key {
        case "type": writeType(value, path, &out)
        case "enum": writeEnum(value.array ?? [], path, &out)
        case "exclusiveMinimum", "exclusiveMaximum":
            let name = key == "exclusiveMinimum" ? "minimum" : "maximum"
            if case .number = value { out[name] = value }
            note(path, key, isLoss: true)
        case "anyOf", "oneOf":
            if key == "oneOf" { note(path, key, isLoss: true) }
            var branches: [JSONValue] = []
            for (index, branch) in (value.array ?? []).enumerated() {
                if branch["type"] == "null" {
                    out["nullable"] = true
                } else {
                    branches.append(convert(branch, "\(path)/\(key)/\(index)", seen))
                }
            }
            if !branches.isEmpty { out["anyOf"] = .array(branches) }
        case "items":
            if case .object = value { out[key] = convert(value, "\(path)/items", seen) }
        case "properties":
            var properties = JSONObject()
            for (name, property) in value.object?.members ?? [] {
                properties[name] = convert(property, "\(path)/properties/\(name)", seen)
            }
            if !properties.isEmpty { out[key] = .object(properties) }
        case "const", "$defs", "definitions", "$schema", "$id", "$comment": break
        case _ where Self.known.contains(key): out[key] = value
        default: note(path, key, isLoss: key != "additionalProperties" || value != .bool(false))
        }
    }

    private mutating func writeType(_ value: JSONValue, _ path: String, _ out: inout JSONObject) {
        guard let types = value.array else {
            out["type"] = value.string.map { .string($0.uppercased()) }
            return
        }
        let words = types.compactMap(\.string).filter { $0 != "null" }
        if words.count < types.count { out["nullable"] = true }
        if words.count == 1 { out["type"] = .string(words[0].uppercased()) }
        if words.count > 1 { out["anyOf"] = .array(words.map { ["type": .string($0.uppercased())] }) }
    }

    /// A list of values, which must be strings and none of them empty.
    private mutating func writeEnum(_ values: [JSONValue], _ path: String, _ out: inout JSONObject) {
        var words: [JSONValue] = []
        for value in values {
            switch value {
            case .string(let text): if !text.isEmpty { words.append(value) } else { note(path, "enum", isLoss: true) }
            case .null: out["nullable"] = true
            default:
                words.append(.string(value.text))
                note(path, "enum", isLoss: true)
            }
        }
        guard !words.isEmpty else { return }
        out["type"] = "STRING"
        out["enum"] = .array(words)
    }

    /// Follows `#/…` within the schema.
    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        var value = root
        for step in reference.dropFirst(2).split(separator: "/") {
            guard let next = value[String(step)] else { return nil }
            value = next
        }
        return value
    }
}
