import PlenumCore

/// The wish for an answer in JSON, in words, for models that have no other way to be told.
enum OutputWords {
    static func line(for output: OutputFormat) -> String {
        switch output {
        case .jsonObject: "Answer with one JSON object only."
        case .jsonSchema(_, let schema, _, _):
            "Answer with one JSON value only, which must satisfy this JSON schema:\n\(schema.text)"
        }
    }
}

extension JSONValue {
    /// A whole number.
    static func whole(_ number: Int) -> JSONValue { .number(JSONNumber(number)) }
}
