import PlenumCore

/// A value that satisfies a JSON schema, as far as schemas for models go: types, required members, choices, references and
/// the lower bounds.
struct SimulatedValue {
    /// How deep references and members are followed: schemas may refer to themselves.
    private static let deepest = 24

    private let root: JSONValue
    /// Which of several different values this is, from 1.
    private let round: Int

    /// Makes a value that satisfies a schema.
    /// - Parameters:
    ///   - schema: the schema.
    ///   - round: which of several different values it should be, from 1.
    static func satisfying(_ schema: JSONValue?, round: Int = 1) -> JSONValue {
        let schema = schema ?? .object(JSONObject())
        return SimulatedValue(root: schema, round: round).value(schema, "value", 0)
    }

    private func value(_ schema: JSONValue, _ name: String, _ depth: Int) -> JSONValue {
        guard depth < Self.deepest else { return .null }
        if let reference = schema["$ref"]?.string { return value(resolved(reference), name, depth + 1) }
        if let constant = schema["const"] { return constant }
        if let choices = schema["enum"]?.array, !choices.isEmpty { return choices[(round - 1) % choices.count] }
        for word in ["anyOf", "oneOf"] {
            guard let choices = schema[word]?.array, !choices.isEmpty else { continue }
            return value(choices.first { $0["type"] != "null" } ?? choices[0], name, depth + 1)
        }
        if let all = schema["allOf"]?.array, let first = all.first { return value(first, name, depth + 1) }
        switch type(of: schema) {
        case "integer", "number": return number(schema)
        case "boolean": return true
        case "null": return .null
        case "array":
            let count = min(schema["minItems"]?.int ?? 0, 16)
            let items = schema["items"] ?? .object(JSONObject())
            return .array((0..<max(count, 0)).map { _ in value(items, name, depth + 1) })
        case "object": return .object(object(schema, depth))
        default: return .string(text(schema, name))
        }
    }

    private func type(of schema: JSONValue) -> String {
        if let type = schema["type"]?.string { return type }
        if let types = schema["type"]?.array { return types.compactMap(\.string).first { $0 != "null" } ?? "null" }
        return schema["properties"] == nil ? "string" : "object"
    }

    private func object(_ schema: JSONValue, _ depth: Int) -> JSONObject {
        var object = JSONObject()
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] {
            object[name] = value(schema["properties"]?[name] ?? .object(JSONObject()), name, depth + 1)
        }
        return object
    }

    private func number(_ schema: JSONValue) -> JSONValue {
        let least = schema["minimum"]?.int ?? schema["exclusiveMinimum"]?.int.map { $0 < .max ? $0 + 1 : $0 }
        guard let least, least > round else { return .number(JSONNumber(round)) }
        return .number(JSONNumber(least))
    }

    private func text(_ schema: JSONValue, _ name: String) -> String {
        let text = round == 1 ? "simulated \(name)" : "simulated \(name) \(round)"
        let least = min(schema["minLength"]?.int ?? 0, 1000)
        return text + String(repeating: "x", count: max(0, least - text.count))
    }

    /// What a reference within the schema refers to.
    private func resolved(_ reference: String) -> JSONValue {
        var found = root
        for step in reference.split(separator: "/").dropFirst() { found = found[String(step)] ?? .object(JSONObject()) }
        return found
    }
}
