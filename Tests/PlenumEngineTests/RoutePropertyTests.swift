import PlenumCore
import Testing

@testable import PlenumEngine

/// What holds whatever a client prefers.
@Suite("Any preferences")
struct RoutePropertyTests {
    private static let providers = ["a", "b", "c", "d", "e"]

    private struct Case {
        var deployments: [Deployment]
        var names: [String]
        var routing = Routing()
        var needs = RequestNeeds()
        var paces: [Int: Pace] = [:]
    }

    private static func list(_ percent: Int) -> [String] {
        guard Int.random(in: 0..<100) < percent else { return [] }
        return providers.shuffled().prefix(Int.random(in: 1...3)).map { Bool.random() ? $0 : "\($0.uppercased()) inc." }
    }

    private static func random() throws -> Case {
        let prices = [nil, "0", "1", "2", "3"]
        let deployments = (0..<Int.random(in: 1...12)).map { _ in
            RoutePlannerTests.deployment(
                providers.randomElement() ?? "a",
                ["x", "y"].randomElement() ?? "x",
                price: prices.randomElement() ?? nil,
                context: [nil, 1000, 100_000].randomElement() ?? nil,
                capabilities: Bool.random() ? JSONObject() : JSONObject([("tools", .bool(.random()))]),
                isAvailable: Int.random(in: 0..<4) > 0,
                isSimulated: Int.random(in: 0..<5) == 0
            )
        }
        var names = Set(deployments.map(\.model.id.description)).shuffled()
        names = Array(names.prefix(Int.random(in: 1...4))).map {
            $0 + (["", "", ":floor", ":nitro"].randomElement() ?? "")
        }
        if Int.random(in: 0..<4) == 0 { names.insert("plenum/auto", at: Int.random(in: 0...names.count)) }
        var one = Case(deployments: deployments, names: names)
        one.routing.preferences.order = list(40)
        one.routing.preferences.only = list(30)
        one.routing.preferences.ignore = list(30)
        one.routing.preferences.allowsFallbacks = Int.random(in: 0..<4) > 0
        one.routing.preferences.requiresParameters = .random()
        one.routing.preferences.sort = [nil, .price, .throughput, .latency].randomElement() ?? nil
        if Bool.random() { one.routing.preferences.maxPrice = .init(prompt: Price.Rate(perMillion: "2")) }
        one.needs.tools = .random()
        one.needs.promptTokens = [0, 5000].randomElement() ?? 0
        for position in deployments.indices where Bool.random() {
            var pace = Pace()
            pace.add(
                .init(
                    firstContent: .random(in: 1...999),
                    tokens: .random(in: 0...99),
                    milliseconds: .random(in: 0...999)
                )
            )
            one.paces[position] = pace
        }
        return one
    }

    /// Whether a name that a case may have is a deployment's provider.
    private static func isOf(_ name: String, _ deployment: Deployment) -> Bool {
        let id = deployment.model.id.provider
        return name == id || name == "\(id.uppercased()) inc."
    }

    /// Whether a deployment may be asked at all, reckoned in another way than the planner does.
    private static func isAllowed(_ deployment: Deployment, _ one: Case) -> Bool {
        let preferences = one.routing.preferences
        let isOf = { (name: String) in Self.isOf(name, deployment) }
        guard preferences.only.isEmpty || preferences.only.contains(where: isOf) else { return false }
        guard !preferences.ignore.contains(where: isOf) else { return false }
        if preferences.maxPrice != nil {
            guard let price = deployment.model.price, price.base.input.picoDollars <= 2_000_000 else { return false }
        }
        let refusesTools = deployment.model.capabilities.json["tools"] == .bool(false)
        return !(preferences.requiresParameters && one.needs.tools && refusesTools)
    }

    @Test("what is refused is never asked, what is first stays first, and nobody is asked twice")
    func properties() throws {
        var (planned, refused) = (0, 0)
        for _ in 0..<3000 {
            let one = try Self.random()
            let catalogue = Catalogue(one.deployments)
            let planner = RoutePlanner(one.routing.preferences, needs: one.needs) {
                one.paces[$0.id.position] ?? Pace()
            }
            let groups: [RouteGroup]
            do { groups = try catalogue.groups(named: one.names) } catch {
                // Nobody who was named can be asked.
                #expect(error.code == .upstreamAuthentication || one.deployments.allSatisfy { !$0.isAvailable })
                continue
            }
            do {
                let left = try planner.plan(groups).candidates
                planned += 1
                try check(left, groups, one)
            } catch let error as PlenumError {
                refused += 1
                #expect(error.code == .notFound && error.message.contains("leaves out"))
                let may = groups.filter { !$0.isAuto }.flatMap(\.deployments).filter { Self.isAllowed($0, one) }
                let preferences = one.routing.preferences
                if preferences.allowsFallbacks || preferences.order.isEmpty { #expect(may.isEmpty) }
            }
        }
        #expect(planned > 500 && refused > 100, "the cases are neither all easy nor all hopeless")
    }

    private func check(_ left: [Deployment], _ groups: [RouteGroup], _ one: Case) throws {
        #expect(!left.isEmpty && Set(left.map(\.id)).count == left.count)
        #expect(left.allSatisfy { $0.isAvailable && Self.isAllowed($0, one) })
        // The first name's deployments stand before those that only later names have.
        let places = left.map { candidate in
            groups.firstIndex { group in group.deployments.contains { $0.id == candidate.id } } ?? .max
        }
        let preferences = one.routing.preferences
        if preferences.allowsFallbacks, !groups.contains(where: \.isAuto) { #expect(places == places.sorted()) }
        guard let first = groups.first, !first.isAuto, preferences.allowsFallbacks else { return }
        let own = left.filter { candidate in first.deployments.contains { $0.id == candidate.id } }
        #expect(own.count == first.deployments.filter { Self.isAllowed($0, one) }.count)
        // Within a model, the order's come first and in its order, and all else by the measure.
        let ranks = own.map { candidate in preferences.order.firstIndex { Self.isOf($0, candidate) } ?? .max }
        #expect(ranks == ranks.sorted())
        guard (first.sort ?? preferences.sort) == .price else { return }
        let unranked = zip(own, ranks).filter { $0.1 == .max }.map { $0.0.model.price?.base.input.picoDollars ?? .max }
        #expect(unranked == unranked.sorted())
    }
}
