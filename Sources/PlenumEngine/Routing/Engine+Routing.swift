public import PlenumCore

/// Who is asked for an answer.
struct Route: Sendable {
    /// Those who can be asked, in order; there is at least one.
    let candidates: [Deployment]
    /// Follows the attempts.
    let trace: RoutingTrace
}

extension Engine {
    /// Finds out who can be asked, in order. A client's own bytes are read when one of another dialect is asked, not before.
    func route(_ ask: CompletionAsk) throws(PlenumError) -> Route {
        let names = [ask.model] + ask.fallbacks
        let routing = ask.routing
        let groups = try catalogue.groups(named: names)
        let planner = RoutePlanner(routing.preferences, needs: needs(of: ask), pace: router.pace(of:))
        var plan = try planner.plan(groups)
        // The client's own order is an order: the session follows it.
        let session =
            routing.preferences.order.isEmpty
            ? routing.session.map { StickySessions.Key(session: $0, models: names) } : nil
        if let session, let last = router.sessions.place(of: session, at: clock.ticks()),
            let place = plan.candidates.firstIndex(where: { $0.id == last })
        {
            plan.candidates.insert(plan.candidates.remove(at: place), at: 0)
            plan.strategy = "sticky"
        }
        let trace = RoutingTrace(ask.model, plan, ignored: routing.preferences.ignored, session: session)
        return Route(candidates: plan.candidates, trace: trace)
    }

    /// Plans who is asked, and notes it in the request.
    /// - Returns: the deployment that the request goes to first, if that is well: a door passes a client's bytes through where
    ///   it speaks their dialect.
    /// - Throws: `notFound` if a name is no model's or nobody is left, `upstreamAuthentication` if none can be asked.
    public func plan(_ ask: inout CompletionAsk) throws(PlenumError) -> Deployment {
        let route = try route(ask)
        guard let first = route.candidates.first else { throw .nobody }
        ask.route = route
        return first
    }

    /// What a request needs, where that matters: it takes a look at all of the prompt.
    private func needs(of ask: CompletionAsk) -> RequestNeeds {
        if let needs = ask.routing.needs { return needs }
        guard case .chat(let chat) = ask.prompt, mustKnowNeeds(of: ask) else { return RequestNeeds() }
        return RequestNeeds(chat)
    }

    /// Whether it matters what a request needs: which of several is asked depends on it.
    public func mustKnowNeeds(of ask: CompletionAsk) -> Bool {
        if !ask.routing.preferences.isIndifferent { return true }
        return ([ask.model] + ask.fallbacks).contains { Catalogue.isAuto($0) || RouteName($0) != nil }
    }
}
