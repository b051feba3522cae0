import PlenumCore

/// Where in a schema other schemas stand (JSON Schema 2020-12, sections 10 and 11). What stands elsewhere, such as in
/// `enum`, `const` or `default`, is data and never touched.
enum SchemaPlace {
    /// Members whose value is one schema.
    static let single: Set<String> = [
        "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    ]
    /// Members whose value is a list of schemas.
    static let list: Set<String> = ["anyOf", "oneOf", "allOf", "prefixItems"]
    /// Members whose value names schemas.
    static let named: Set<String> = ["properties", "$defs", "definitions", "patternProperties", "dependentSchemas"]

    /// Rewrites the schemas inside a member.
    static func map(
        _ key: String,
        _ value: JSONValue,
        _ path: String,
        _ rewrite: (JSONValue, String) -> JSONValue
    ) -> JSONValue {
        let place = "\(path)/\(key)"
        switch value {
        case .object(let object) where named.contains(key):
            return .object(JSONObject(object.members.map { ($0.key, rewrite($0.value, "\(place)/\($0.key)")) }))
        case .array(let elements) where list.contains(key) || key == "items":
            return .array(elements.enumerated().map { rewrite($0.element, "\(place)/\($0.offset)") })
        case .object where single.contains(key): return rewrite(value, place)
        default: return value
        }
    }
}
