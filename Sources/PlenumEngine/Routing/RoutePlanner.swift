import PlenumCore

/// Puts those who can be asked into the order in which they are, and leaves out whom the client does not want.
struct RoutePlanner {
    /// What came of it.
    struct Plan {
        /// Whom to ask, in order; there is at least one.
        var candidates: [Deployment]
        /// What the order comes from.
        var strategy: String
    }

    private let preferences: RoutingPreferences
    private let needs: RequestNeeds
    /// How fast a deployment was lately.
    private let pace: (Deployment) -> Pace
    private let order: ProviderNames
    private let only: ProviderNames
    private let ignore: ProviderNames

    /// The longest prompt that a model is taken to read whose context is not known.
    private static let readByAll = 4096

    /// Makes a planner.
    /// - Parameters:
    ///   - preferences: what the client prefers.
    ///   - needs: what the request needs.
    ///   - pace: how fast a deployment was lately.
    init(_ preferences: RoutingPreferences, needs: RequestNeeds, pace: @escaping (Deployment) -> Pace) {
        self.preferences = preferences
        self.needs = needs
        self.pace = pace
        order = ProviderNames(preferences.order)
        only = ProviderNames(preferences.only)
        ignore = ProviderNames(preferences.ignore)
    }

    /// Plans a request.
    /// - Throws: `notFound` that says who was left out and why, if nobody is left.
    func plan(_ groups: [RouteGroup]) throws(PlenumError) -> Plan {
        // Nearly every request names one model and prefers nothing.
        if groups.count == 1, let group = groups.first, group.sort == nil, !group.isAuto, preferences.isIndifferent {
            return Plan(candidates: group.deployments, strategy: "direct")
        }
        var left: [Deployment] = []
        var excluded: [Exclusion] = []
        for group in groups {
            for deployment in arranged(group, &excluded) where !left.contains(where: { $0.id == deployment.id }) {
                left.append(deployment)
            }
        }
        guard !left.isEmpty else { throw Exclusion.complaint(excluded, groups.map(\.name)) }
        return Plan(candidates: left, strategy: strategy(groups))
    }

    /// One name's deployments in order.
    private func arranged(_ group: RouteGroup, _ excluded: inout [Exclusion]) -> [Deployment] {
        var left: [Deployment] = []
        for deployment in group.deployments {
            if let reason = objection(to: deployment, group) {
                excluded.append(Exclusion(deployment: deployment, reason: reason))
            } else {
                left.append(deployment)
            }
        }
        left = sorted(left, group)
        guard !preferences.allowsFallbacks, preferences.order.isEmpty else { return left }
        return Array(left.prefix(1))
    }

    /// Why a deployment is not asked; `nil` if it may be.
    private func objection(to deployment: Deployment, _ group: RouteGroup) -> Exclusion.Reason? {
        if !only.isEmpty, !only.contain(deployment) { return .only }
        if ignore.contain(deployment) { return .ignore }
        if !preferences.allowsFallbacks, !order.isEmpty, !order.contain(deployment) { return .order }
        if let limit = preferences.maxPrice, !limit.admits(deployment.model.price, promptTokens: needs.promptTokens) {
            return .maxPrice
        }
        if preferences.requiresParameters {
            let refused = needs.refused(by: deployment.model)
            if !refused.isEmpty { return .parameters(refused) }
        }
        guard group.isAuto else { return nil }
        let lacking = needs.lacking(in: deployment.model)
        if !lacking.isEmpty { return .needs(lacking) }
        return deployment.model.context ?? .max < needs.promptTokens ? .context : nil
    }

    private func sorted(_ deployments: [Deployment], _ group: RouteGroup) -> [Deployment] {
        var sorted = deployments
        switch group.sort ?? preferences.sort ?? (group.isAuto ? .price : nil) {
        case .price: sorted = sorted.stablySorted(cost)
        // Who was not seen yet comes first: it may be the fastest, and nobody would find out.
        case .throughput: sorted = sorted.stablySorted { -(pace($0).tokensPerSecond ?? .infinity) }
        case .latency: sorted = sorted.stablySorted { pace($0).firstContent ?? -.infinity }
        case nil: break
        }
        if group.isAuto, needs.promptTokens > Self.readByAll {
            sorted = sorted.stablySorted { $0.model.context.map { _ in 0 } }
        }
        return order.isEmpty ? sorted : sorted.stablySorted(order.rank)
    }

    /// What the request with a short answer costs at most of the prices that hold for its prompt.
    private func cost(of deployment: Deployment) -> Money? {
        deployment.model.price?.cost(of: Usage(inputUncached: max(needs.promptTokens, 1000), output: 1000))
    }

    private func strategy(_ groups: [RouteGroup]) -> String {
        if !preferences.order.isEmpty { return "order" }
        if let sort = groups.first?.sort ?? preferences.sort { return sort.rawValue }
        if groups.contains(where: \.isAuto) { return "auto" }
        return groups.count > 1 ? "fallback" : "direct"
    }
}

extension RoutingPreferences.MaxPrice {
    /// Whether a price is within the limit. One that is not known is not, unless there is none.
    func admits(_ price: Price?, promptTokens: Int) -> Bool {
        guard prompt != nil || completion != nil else { return true }
        guard let rates = price?.rates(forPromptOf: promptTokens) else { return false }
        if let prompt, rates.input.picoDollars > prompt.picoDollars { return false }
        if let completion, rates.output.picoDollars > completion.picoDollars { return false }
        return true
    }
}
