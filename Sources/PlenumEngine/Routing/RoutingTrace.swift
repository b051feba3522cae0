import PlenumCore
import Synchronization

/// Follows the attempts at one answer. It is one object, whoever of its course looks at it: a waiting answer holds no more
/// than a reference.
final class RoutingTrace: Sendable {
    private struct Step {
        var deployment: Deployment
        var status: Int?
        var error: PlenumError.Code?
    }

    /// What the answer's session is called, if it has one.
    let session: StickySessions.Key?
    private let requested: String
    private let strategy: String
    private let candidates: [Deployment]
    private let ignored: [String]
    private let steps = Mutex<[Step]>([])

    init(
        _ requested: String,
        _ plan: RoutePlanner.Plan,
        ignored: [String] = [],
        session: StickySessions.Key? = nil
    ) {
        self.requested = requested
        self.strategy = plan.strategy
        self.candidates = plan.candidates
        self.ignored = ignored
        self.session = session
    }

    /// Notes that somebody is asked.
    func begin(_ deployment: Deployment) { steps.withLock { $0.append(Step(deployment: deployment)) } }

    /// Notes how the attempt under way ended.
    /// - Parameter status: the HTTP status of the answer, if there was one.
    func end(_ error: PlenumError?, status: Int?) {
        steps.withLock { steps in
            guard let last = steps.indices.last else { return }
            steps[last].status = error?.upstream?.status ?? status
            steps[last].error = error?.code
        }
    }

    /// Takes the last beginning back, and the end before it.
    func takeBack() {
        steps.withLock { steps in
            _ = steps.popLast()
            guard let last = steps.indices.last else { return }
            (steps[last].status, steps[last].error) = (nil, nil)
        }
    }

    /// What was tried so far.
    var record: RoutingRecord {
        let steps = steps.withLock { $0 }
        return RoutingRecord(
            requested: requested,
            strategy: strategy,
            endpoints: candidates.map { candidate in
                RoutingRecord.Endpoint(
                    provider: candidate.providerName,
                    model: candidate.model.id.description,
                    isSelected: candidate.id == steps.last?.deployment.id
                )
            },
            attempts: steps.map { step in
                RoutingRecord.Attempt(
                    provider: step.deployment.providerName,
                    model: step.deployment.model.id.description,
                    status: step.status,
                    error: step.error
                )
            },
            ignored: ignored
        )
    }
}
