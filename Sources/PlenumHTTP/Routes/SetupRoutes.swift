import Hummingbird
import PlenumCore
import PlenumEngine

/// `GET /v1/setup`: what this server can ask, and what it would need to ask more. Made for the page's first visit.
struct SetupRoutes: Sendable {
    let engine: Engine

    func add(to group: RouterGroup<DoorContext>) {
        group.get("/setup") { _, _ in
            let models = engine.catalogue.models
            let real = models.filter { !$0.isSimulated }
            var seen: Set<String> = []
            let names = real.map(\.model.id.provider).filter { seen.insert($0).inserted }
            let providers = names.map { name in Self.view(real.filter { $0.model.id.provider == name }) }
            return Response.json([
                "object": "setup",
                "simulated": .bool(models.contains { $0.isSimulated }),
                "providers": .array(providers),
            ])
        }
    }

    /// A provider, by its models: `key_env` is the variable that it waits for; one that is available and waits for none
    /// has its key, or needs none, as servers on this machine do.
    private static func view(_ deployments: [Deployment]) -> JSONValue {
        let missing = deployments.lazy.compactMap { deployment -> String? in
            if case .missingKey(let variable) = deployment.availability { variable } else { nil }
        }
        return [
            "id": .text(deployments.first?.model.id.provider), "name": .text(deployments.first?.providerName),
            "key_env": .text(missing.first), "available": .bool(deployments.contains(where: \.isAvailable)),
            "models": .number(JSONNumber(deployments.count)),
        ]
    }
}
