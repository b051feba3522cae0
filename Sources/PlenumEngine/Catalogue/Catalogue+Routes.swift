import PlenumCore

/// The deployments that one of a request's names stands for.
struct RouteGroup: Sendable {
    /// The name as it was asked for.
    var name: String
    /// Those that can be asked, in the catalogue's order.
    var deployments: [Deployment]
    /// What the name itself says is best.
    var sort: RoutingPreferences.Sort?
    /// Whether it stands for any model that will do.
    var isAuto = false
}

extension Catalogue {
    /// The name that stands for the cheapest model that can answer a request.
    public static let auto = "plenum/auto"

    /// Whether a name stands for any model that will do.
    public static func isAuto(_ name: String) -> Bool { (RouteName(name)?.base ?? name) == auto }

    /// All that can be asked, the cheapest first; simulated ones only where there is nothing else.
    var automatic: [Deployment] {
        let available = deployments.filter(\.isAvailable)
        let real = available.filter { !$0.isSimulated }
        return (real.isEmpty ? available : real).stablySorted { $0.model.price?.yardstick }
    }

    /// Finds the deployments of several names that can be asked, name by name.
    /// - Throws: `notFound` if one of the names is no model's; `upstreamAuthentication` if none can be asked.
    func groups(named names: [String]) throws(PlenumError) -> [RouteGroup] {
        var groups: [RouteGroup] = []
        var refusal: PlenumError?
        for name in names {
            do throws(PlenumError) {
                var group = RouteGroup(name: name, deployments: try availableDeployments(named: name))
                if !isKnown(name) {
                    group.sort = RouteName(name)?.sort
                    group.isAuto = Self.isAuto(name)
                }
                groups.append(group)
            } catch {
                guard error.code == .upstreamAuthentication else { throw error }
                refusal = refusal ?? error
            }
        }
        if groups.isEmpty, let refusal { throw refusal }
        return groups
    }
}

extension Price {
    /// What a short exchange costs at this price: a thousand tokens to read and as many to write.
    var yardstick: Money { cost(of: Usage(inputUncached: 1000, output: 1000)) }
}

extension [Deployment] {
    /// The same ones by a measure, those without one last; equal ones stay in their order.
    func stablySorted<Measure: Comparable>(_ measure: (Deployment) -> Measure?) -> [Deployment] {
        let measured = map { (deployment: $0, measure: measure($0)) }
        return measured.enumerated().sorted { left, right in
            switch (left.element.measure, right.element.measure) {
            case (let one?, let other?) where one != other: one < other
            case (.some, nil): true
            case (nil, .some): false
            default: left.offset < right.offset
            }
        }.map(\.element.deployment)
    }
}
