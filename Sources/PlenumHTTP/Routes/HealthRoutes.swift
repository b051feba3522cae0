import Hummingbird
import PlenumCore
import PlenumEngine

/// Probes for machines: whether the process turns, and whether it can keep what it is given.
struct HealthRoutes: Sendable {
    let engine: Engine

    func add(to router: Router<DoorContext>) {
        router.get("/livez") { _, _ in Response.json(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            guard !engine.isStopping else {
                return Response.json(["status": "stopping"], status: .serviceUnavailable)
            }
            do {
                try await engine.storage.probe()
                return Response.json(["status": "ok"])
            } catch {
                return Response.json(
                    ["status": "not ready", "reason": "storage cannot write"],
                    status: .serviceUnavailable
                )
            }
        }
    }
}
