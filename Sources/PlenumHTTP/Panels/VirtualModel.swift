import PlenumCore
import PlenumEngine

/// A panel of models that is asked like one model.
enum VirtualModel: String, CaseIterable {
    case vote
    case fusion
    case council
    case debate

    /// Finds the one with a name; `nil` for any other model.
    init?(name: String?) {
        guard let name, name.hasPrefix("plenum/") else { return nil }
        self.init(rawValue: String(name.dropFirst(7)))
    }

    /// Its full name.
    var name: String { "plenum/\(rawValue)" }

    /// What the panel does, where the request does not say.
    var protocolName: DebateProtocol {
        switch self {
        case .vote: .vote
        case .fusion: .fusion
        case .council: .council
        case .debate: .revise
        }
    }

    /// The model as the list of models shows it.
    var view: JSONValue {
        let what =
            switch self {
            case .vote: "Several models answer by themselves, and the answer that most give is taken."
            case .fusion: "Several models answer, and one answer is made of all."
            case .council: "Several models answer, rank each other's answers, and a chair writes the final one."
            case .debate: "Several models answer, read each other's answers and answer again, until they agree."
            }
        return Self.view(name, "Plenum: \(rawValue)", what, ["temperature", "top_p", "seed", "plugins"])
    }

    /// A model that is Plenum's own, as the list of models shows it.
    static func view(_ id: String, _ name: String, _ what: String, _ parameters: [JSONValue]) -> JSONValue {
        [
            "id": .string(id), "object": "model", "name": .string(name), "created": 0, "owned_by": "plenum",
            "description": .string(what), "context_length": .null,
            "architecture": [
                "modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"],
            ],
            "pricing": .null, "supported_parameters": .array(parameters), "available": true,
            "provider": "plenum", "provider_name": "Plenum", "health": "ok", "simulated": false,
            "capabilities": .object(JSONObject()),
        ]
    }
}

/// The model that stands for the cheapest one that can do what a request needs.
enum AutoModel {
    /// Its full name.
    static let name = Catalogue.auto

    /// The model as the list of models shows it.
    static let view = VirtualModel.view(
        name,
        "Plenum: auto",
        "The cheapest available model that can do what the request needs answers.",
        ["max_tokens", "stop", "tools", "tool_choice", "response_format"]
    )
}
