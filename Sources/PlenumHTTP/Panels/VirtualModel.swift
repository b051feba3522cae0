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
        return [
            "id": .string(name), "object": "model", "name": .string("Plenum: \(rawValue)"), "created": 0,
            "owned_by": "plenum", "description": .string(what), "context_length": .null,
            "architecture": [
                "modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"],
            ],
            "pricing": .null, "supported_parameters": ["temperature", "top_p", "seed", "plugins"], "available": true,
            "provider": "plenum", "provider_name": "Plenum", "health": "ok", "simulated": false,
            "capabilities": .object(JSONObject()),
        ]
    }
}
