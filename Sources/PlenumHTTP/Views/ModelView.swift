import PlenumCore
import PlenumEngine

/// A model as OpenRouter's model object shows it, with what a selector needs besides.
enum ModelView {
    static func of(_ deployment: Deployment) -> JSONValue {
        let model = deployment.model
        var object = JSONObject([
            ("id", .string(model.id.description)), ("object", "model"), ("name", .string(name(deployment))),
            ("created", 0), ("owned_by", .string(model.id.provider)), ("description", .string(description(deployment))),
            ("context_length", .count(model.context)), ("architecture", architecture(model)),
            ("pricing", pricing(model.price)),
            (
                "top_provider",
                [
                    "context_length": .count(model.context), "max_completion_tokens": .count(model.maxOutput),
                    "is_moderated": false,
                ]
            ),
            ("supported_parameters", .array(supported(model).map { .string($0) })),
            ("available", .bool(deployment.isAvailable)), ("provider", .string(model.id.provider)),
            ("provider_name", .string(deployment.providerName)),
            ("health", .string(deployment.isAvailable ? "ok" : "unconfigured")),
            ("simulated", .bool(deployment.isSimulated)), ("capabilities", .object(model.capabilities.json)),
        ])
        if case .missingKey(let variable) = deployment.availability {
            object["unavailable_reason"] = .string("Set \(variable) in the environment or in .env.")
        }
        return .object(object)
    }

    private static func name(_ deployment: Deployment) -> String {
        "\(deployment.providerName): \(deployment.model.name)"
    }

    private static func description(_ deployment: Deployment) -> String {
        deployment.isSimulated
            ? "Simulated by Plenum itself: its answers are made up, to try things out without a key." : ""
    }

    private static func architecture(_ model: Model) -> JSONValue {
        let sees = model.capabilities[.vision] == true
        return [
            "modality": .string(sees ? "text+image->text" : "text->text"),
            "input_modalities": sees ? ["text", "image"] : ["text"], "output_modalities": ["text"],
        ]
    }

    /// Prices a token, as decimal strings; `null` where they are not known.
    private static func pricing(_ price: Price?) -> JSONValue {
        guard let base = price?.base else { return .null }
        return [
            "prompt": .string(base.input.perToken), "completion": .string(base.output.perToken),
            "input_cache_read": .text(base.cacheRead?.perToken), "input_cache_write": .text(base.cacheWrite?.perToken),
        ]
    }

    /// What a request may set; a model without notes of its own is taken to know the common ones.
    static func supported(_ model: Model) -> [String] {
        var names = ["max_tokens", "stop", "tools", "tool_choice", "response_format"]
        if model.capabilities[.samplingParameters] != false { names += ["temperature", "top_p"] }
        if model.capabilities[.tools] == false { names.removeAll { $0.hasPrefix("tool") } }
        return names
    }
}
