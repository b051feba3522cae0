import PlenumCore

/// Reading quirks by their names.
extension Quirks {
    private static let flags: [String: any WritableKeyPath<Quirks, Bool> & Sendable] = [
        "developerRole": \.developerRole, "noStreamOptions": \.noStreamOptions, "nullFields": \.nullFields,
        "topK": \.topK, "systemOnlyFirst": \.systemOnlyFirst, "stringContentOnly": \.stringContentOnly,
        "prefix": \.prefix, "reasoningDetails": \.reasoningDetails, "noStrictTools": \.noStrictTools,
        "functionsOnly": \.functionsOnly, "noCustomTools": \.noCustomTools, "noParallelTools": \.noParallelTools,
        "noSchema": \.noSchema,
        "emptyAssistant": \.emptyAssistant,
        "noSchemaWithTools": \.noSchemaWithTools, "noSchemaWithStream": \.noSchemaWithStream,
    ]

    private static let words: [String: any WritableKeyPath<Quirks, String?> & Sendable] = [
        "maxTokensField": \.maxTokensField, "seedField": \.seedField, "reasoningField": \.reasoningField,
        "requiredToolChoice": \.requiredToolChoice,
    ]

    private static let lists: [String: any WritableKeyPath<Quirks, Set<String>> & Sendable] = [
        "dropFields": \.dropFields, "dropMessageFields": \.dropMessageFields,
        "dropSchemaFields": \.dropSchemaFields,
    ]

    /// Reads one quirk.
    mutating func read(_ name: String, _ node: JSONNode) throws(PlenumError) {
        if let flag = Self.flags[name] {
            self[keyPath: flag] = try node.bool()
        } else if let word = Self.words[name] {
            self[keyPath: word] = try node.string()
        } else if let list = Self.lists[name] {
            self[keyPath: list] = Set(try node.strings())
        } else {
            try readRest(name, node)
        }
    }

    private mutating func readRest(_ name: String, _ node: JSONNode) throws(PlenumError) {
        switch name {
        case "systemRole": developerRole = try node.string() != "system"
        case "addFields": addFields = try node.object()
        case "cacheMarks": cacheMarks = try Self.choice(node)
        case "reasoningControl": reasoningControl = try Self.choice(node)
        case "replayReasoning": replayReasoning = try Self.choice(node)
        case "idLength":
            let length = try node.int()
            guard (6...64).contains(length) else { throw node.complaint("a length of 6 to 64 was expected") }
            idLength = length
        default:
            throw PlenumError(
                .invalidRequest,
                "\(node.path): there is no quirk of this name; the names stand in Quirks.swift.",
                parameter: node.path
            )
        }
    }

    private static func choice<Choice>(_ node: JSONNode) throws(PlenumError) -> Choice
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        guard let choice = Choice(rawValue: try node.string()) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw node.complaint("one of \(known) was expected")
        }
        return choice
    }
}
