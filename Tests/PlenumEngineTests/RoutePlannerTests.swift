import PlenumCore
import PlenumTesting
import Testing

@testable import PlenumEngine

@Suite("Who is asked, and in which order")
struct RoutePlannerTests {
    static func deployment(
        _ provider: String,
        _ model: String = "m",
        price: String? = nil,
        tiers: [Price.Tier] = [],
        context: Int? = nil,
        capabilities: JSONObject = JSONObject(),
        isAvailable: Bool = true,
        isSimulated: Bool = false
    ) -> Deployment {
        var rates = price.flatMap { Price(perMillion: $0) }
        rates?.tiers = tiers
        return Deployment(
            model: Model(
                id: ModelID(provider: provider, model: model),
                context: context,
                price: rates,
                capabilities: ModelCapabilities(capabilities)
            ),
            provider: ScriptedProvider { _ in [] },
            providerName: "\(provider.uppercased()) Inc.",
            availability: isAvailable ? .available : .missingKey(variable: "KEY"),
            isSimulated: isSimulated
        )
    }

    /// The names of those who are asked for a model that all of some deployments have.
    static func plan(
        _ deployments: [Deployment],
        _ names: [String],
        needs: RequestNeeds = RequestNeeds(),
        paces: [String: Pace] = [:],
        _ change: (inout RoutingPreferences) -> Void = { _ in }
    ) throws(PlenumError) -> [String] {
        var routing = Routing()
        change(&routing.preferences)
        let planner = RoutePlanner(routing.preferences, needs: needs) { paces[$0.model.id.provider] ?? Pace() }
        let groups = try Catalogue(deployments).groups(named: names)
        return try planner.plan(groups).candidates.map { $0.model.id.description }
    }

    private static let three = [
        deployment("a", price: "3"), deployment("b", price: "1"), deployment("c"), deployment("d", price: "2"),
    ]
    private static let names = ["a/m", "b/m", "c/m", "d/m"]

    /// One name for deployments at several providers, as an alias cannot give it: each is asked for by its own.
    private static func together(_ deployments: [Deployment]) -> [RouteGroup] {
        [RouteGroup(name: "m", deployments: Catalogue(deployments).deployments)]
    }

    private static func ordered(
        needs: RequestNeeds = RequestNeeds(),
        paces: [String: Pace] = [:],
        _ deployments: [Deployment] = three,
        _ change: (inout RoutingPreferences) -> Void
    ) throws(PlenumError) -> String {
        var routing = Routing()
        change(&routing.preferences)
        let planner = RoutePlanner(routing.preferences, needs: needs) { paces[$0.model.id.provider] ?? Pace() }
        return try planner.plan(together(deployments)).candidates.map(\.model.id.provider).joined()
    }

    @Test("without a word the catalogue's order holds")
    func plain() throws {
        #expect(try Self.ordered { _ in } == "abcd")
    }

    @Test("an order comes first, by id or by name in any case, and the others follow")
    func order() throws {
        #expect(try Self.ordered { $0.order = ["d", "B inc.", "nobody"] } == "dbac")
        #expect(try Self.ordered { ($0.order, $0.sort) = (["a"], .price) } == "abdc")
        #expect(try Self.ordered { ($0.order, $0.allowsFallbacks) = (["D", "a"], false) } == "da")
        #expect(try Self.ordered { $0.allowsFallbacks = false } == "a")
        #expect(try Self.ordered { ($0.allowsFallbacks, $0.sort) = (false, .price) } == "b")
    }

    @Test("a price that is not known is no reason to come first")
    func price() throws {
        #expect(try Self.ordered { $0.sort = .price } == "bdac")
    }

    @Test("the fastest comes first, but for those that were not seen yet")
    func speed() throws {
        var (slow, fast) = (Pace(), Pace())
        slow.add(.init(firstContent: 900, tokens: 10, milliseconds: 1000))
        fast.add(.init(firstContent: 100, tokens: 90, milliseconds: 1000))
        let paces = ["a": slow, "b": fast, "d": slow]
        #expect(try Self.ordered(paces: paces) { $0.sort = .throughput } == "cbad")
        #expect(try Self.ordered(paces: paces) { $0.sort = .latency } == "cbad")
    }

    @Test("only, ignore and a highest price leave out, and a price that is not known is none")
    func refusals() throws {
        #expect(try Self.ordered { $0.only = ["c", "a"] } == "ac")
        #expect(try Self.ordered { $0.ignore = ["A Inc."] } == "bcd")
        let two = Price.Rate(perMillion: "2")
        #expect(try Self.ordered { $0.maxPrice = .init(prompt: two) } == "bd")
        #expect(try Self.ordered { $0.maxPrice = .init(completion: two) } == "bd")
        #expect(try Self.ordered { $0.maxPrice = .init() } == "abcd")
    }

    @Test("the price that counts is the one for the prompt's length")
    func tiers() throws {
        let dear = try #require(Price(perMillion: "9")).base
        let long = Self.deployment("a", price: "1", tiers: [Price.Tier(above: 200_000, rates: dear)])
        let both = [long, Self.deployment("b", price: "5")]
        var needs = RequestNeeds()
        #expect(try Self.ordered(needs: needs, both) { $0.sort = .price } == "ab")
        needs.promptTokens = 200_001
        #expect(try Self.ordered(needs: needs, both) { $0.sort = .price } == "ba")
        #expect(
            try Self.ordered(needs: needs, both) { $0.maxPrice = .init(prompt: Price.Rate(perMillion: "5")) } == "b"
        )
    }

    @Test("who is known not to take a parameter is left out if all must be taken")
    func parameters() throws {
        var needs = RequestNeeds()
        needs.sampling = true
        let deployments = [
            Self.deployment("a", capabilities: JSONObject([("sampling_params", false)])), Self.deployment("b"),
            Self.deployment("c", capabilities: JSONObject([("sampling_params", true)])),
        ]
        #expect(try Self.ordered(needs: needs, deployments) { _ in } == "abc")
        #expect(try Self.ordered(needs: needs, deployments) { $0.requiresParameters = true } == "bc")
    }

    @Test("if nobody is left, the error says who was left out and by what")
    func nobody() throws {
        let error = #expect(throws: PlenumError.self) {
            try Self.ordered { preferences in
                preferences.only = ["a", "b", "c"]
                preferences.ignore = ["b"]
                preferences.maxPrice = .init(prompt: Price.Rate(perMillion: "1"))
            }
        }
        #expect(error?.code == .notFound && error?.parameter == "provider")
        let message = error?.message ?? ""
        #expect(message.contains("provider.only leaves out d/m at D Inc."))
        #expect(message.contains("provider.ignore leaves out b/m at B Inc."))
        #expect(message.contains("provider.max_price leaves out a/m at A Inc., c/m at C Inc."))
        let one = #expect(throws: PlenumError.self) { try Self.ordered { $0.only = ["x"] } }
        #expect(one?.parameter == "provider.only")
        let crowd = (0..<30).map { Self.deployment("p\($0)") }
        let many = #expect(throws: PlenumError.self) { try Self.ordered(crowd) { $0.only = ["x"] } }
        #expect(many?.message.contains("and 22 others are left out") == true)
    }

    @Test("a model's name may say what is best of it, and the models keep their order")
    func variants() throws {
        let deployments = [
            Self.deployment("a", "x", price: "3"), Self.deployment("b", "y", price: "1"),
            Self.deployment("a", "x", price: "2"),
        ]
        let catalogue = Catalogue(deployments, aliases: ["fast": "a/x"])
        for name in ["a/x:floor", "x:floor", "fast:floor"] {
            let groups = try catalogue.groups(named: [name, "b/y:nitro"])
            #expect(groups.map(\.sort) == [.price, .throughput])
            let planner = RoutePlanner(RoutingPreferences(), needs: RequestNeeds()) { _ in Pace() }
            #expect(try planner.plan(groups).candidates.map(\.id.position) == [2, 0, 1])
        }
        #expect(throws: PlenumError.self) { try catalogue.deployment(named: "a/x:free") }
        #expect(throws: PlenumError.self) { try catalogue.deployment(named: ":floor") }
        // A model that is really called so.
        let real = Catalogue(deployments + [Self.deployment("a", "x:floor")])
        let group = try real.groups(named: ["a/x:floor"])[0]
        #expect(group.sort == nil && group.deployments.map(\.id.position) == [3])
    }

    @Test("plenum/auto is the cheapest real model that will do, the others after it")
    func automatic() throws {
        let deployments = [
            Self.deployment("s", price: "0", isSimulated: true), Self.deployment("a", price: "3", context: 100_000),
            Self.deployment("b", price: "1", context: 8000, capabilities: JSONObject([("tools", false)])),
            Self.deployment("k", price: "0.1", isAvailable: false), Self.deployment("c"),
            Self.deployment("d", price: "2"),
        ]
        var needs = RequestNeeds()
        #expect(try Self.plan(deployments, ["plenum/auto"]) == ["b/m", "d/m", "a/m", "c/m"])
        needs.tools = true
        #expect(try Self.plan(deployments, ["plenum/auto"], needs: needs) == ["d/m", "a/m", "c/m"])
        (needs.tools, needs.promptTokens) = (false, 9000)
        // Who is known to read that much comes before those of whom nobody knows.
        #expect(try Self.plan(deployments, ["plenum/auto"], needs: needs) == ["a/m", "d/m", "c/m"])
        needs.promptTokens = 200_000
        #expect(try Self.plan(deployments, ["plenum/auto"], needs: needs) == ["d/m", "c/m"])
        let error = #expect(throws: PlenumError.self) {
            try Self.plan([deployments[1]], ["plenum/auto"], needs: needs)
        }
        #expect(
            error?.parameter == "model" && error?.message.contains("the length of the prompt leaves out a/m") == true
        )
        #expect(try Self.plan([deployments[0]], ["plenum/auto"]) == ["s/m"])
        #expect(try Self.plan(deployments, ["a/m", "plenum/auto:floor"]) == ["a/m", "b/m", "d/m", "c/m"])
        #expect(throws: PlenumError.self) { try Self.plan([deployments[3]], ["plenum/auto"]) }
    }
}
