import PlenumCore
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumEngine

@Suite("Routing")
struct RoutingTests {
    private static let down = PlenumError(
        .overloaded,
        "Too much to do.",
        retryable: false,
        upstream: .init(provider: "test", status: 529)
    )

    private static func ask(
        _ model: String,
        or fallbacks: [String] = [],
        streamed: Bool = false,
        _ change: (inout Routing) -> Void = { _ in }
    ) -> CompletionAsk {
        var ask = EngineUnderTest.ask(model, streamed: streamed)
        ask.fallbacks = fallbacks
        change(&ask.routing)
        return ask
    }

    /// The model that answers.
    private static func model(_ ask: CompletionAsk, _ fleet: Fleet) async throws -> String {
        try await fleet.engine.complete(ask).generation.model
    }

    private static func priced(_ word: String, _ model: String, _ price: String?) -> Fleet.Member {
        var member = Fleet.Member.well(word, model)
        member.price = price
        return member
    }

    @Test("plenum/auto asks the cheapest, and the next when that fails")
    func automatic() async throws {
        var broken = Fleet.Member.failing(Self.down, "c/x")
        broken.price = "1"
        var simulated = Fleet.Member.well("sim", "s/x")
        (simulated.price, simulated.isSimulated) = ("0", true)
        try await Fleet.run([Self.priced("dear", "a/x", "9"), simulated, Self.priced("fair", "b/x", "2"), broken]) {
            fleet in
            var planned = Self.ask("plenum/auto")
            #expect(try fleet.engine.plan(&planned).model.id.provider == "c")
            let done = try await fleet.engine.complete(Self.ask("plenum/auto"))
            #expect(done.generation.model == "b/x" && done.generation.requestedModel == "plenum/auto")
            #expect(fleet.calls == [0, 0, 1, 1])
            #expect(done.routing.strategy == "auto" && done.routing.endpoints.map(\.model) == ["c/x", "b/x", "a/x"])
            #expect(done.routing.attempts.map(\.status) == [529, 200])
        }
    }

    @Test("a model's own prompt decides what plenum/auto needs")
    func needs() async throws {
        var cheap = Self.priced("cheap", "a/x", "1")
        cheap.capabilities = JSONObject([("tools", false)])
        try await Fleet.run([cheap, Self.priced("able", "b/x", "2")]) { fleet in
            var chat = ChatRequest(prompt: "Look")
            chat.tools = [Tool("look")]
            var ask = Self.ask("plenum/auto")
            let simple = try await Self.model(ask, fleet)
            #expect(simple == "a/x")
            ask.prompt = .chat(chat)
            #expect(try await Self.model(ask, fleet) == "b/x")
            // With bytes of its own, a client's door says what it needs.
            ask.prompt = .chat(ChatRequest(prompt: "Look"))
            ask.routing.needs = RequestNeeds(chat)
            #expect(try await Self.model(ask, fleet) == "b/x")
        }
    }

    @Test("preferences hold within a model, and an error that follows says who was asked")
    func failure() async throws {
        try await Fleet.run([.well("one", "a/x"), .failing(Self.down, "b/x"), .failing(Self.down, "c/x")]) { fleet in
            for isStreamed in [false, true] {
                let error = await fleet.failure {
                    let ask = Self.ask("a/x", or: ["b/x", "c/x"], streamed: isStreamed) {
                        $0.preferences.ignore = ["a"]
                    }
                    if isStreamed {
                        try await fleet.engine.open(ask).deliver { _ in }
                    } else {
                        _ = try await fleet.engine.complete(ask)
                    }
                }
                #expect(error?.code == .overloaded)
                let routing = try #require(error?.routing)
                #expect(routing["requested"] == "a/x" && routing["strategy"] == "fallback" && routing["attempt"] == 2)
                let attempts = try #require(routing["attempts"]?.array)
                #expect(attempts.map { $0["model"] } == ["b/x", "c/x"])
                #expect(attempts.map { $0["status"] } == [529, 529] && attempts[0]["error"] == "overloaded")
                #expect(routing["endpoints"]?["total"] == 2)
                #expect(routing["endpoints"]?["available"]?.array?.map { $0["selected"] } == [false, true])
            }
            let refused = await fleet.failure {
                _ = try await fleet.engine.complete(Self.ask("a/x") { $0.preferences.only = ["z"] })
            }
            #expect(refused?.code == .notFound && refused?.parameter == "provider.only" && refused?.routing == nil)
            #expect(fleet.calls[0] == 0)
        }
    }

    @Test("a stream tells what was tried when it ends, to the piece that ends it")
    func streamed() async throws {
        try await Fleet.run([.failing(Self.down, "a/x"), .well("two", "b/x")]) { fleet in
            let ask = Self.ask("a/x", or: ["b/x"], streamed: true) {
                $0.preferences.ignored = ["provider.zdr"]
            }
            let opened = try await fleet.engine.open(ask)
            let last = Mutex<RoutingRecord?>(nil)
            try await opened.deliver { piece in
                if piece.events.contains(.end) { last.withLock { $0 = opened.routing } }
            }
            let record = try #require(last.withLock { $0 })
            #expect(record == opened.routing && record.attempts.map(\.status) == [529, 200])
            #expect(
                record.attempts.map(\.error) == [.overloaded, nil]
                    && record.endpoints.map(\.isSelected) == [false, true]
            )
            #expect(record.summary == "2 available, 2 attempts, answered by b/x at Test")
            #expect(record.json["ignored_parameters"] == ["provider.zdr"])
        }
    }

    @Test("a session stays where it was answered, while that is well and it is not forgotten")
    func sticky() async throws {
        let isDown = Mutex(true)
        let first = Fleet.Member("a/x") { _ throws(PlenumError) in
            if isDown.withLock({ $0 }) { throw Self.down }
            return ScriptedProvider.answer("one")
        }
        try await Fleet.run([first, .well("two", "b/x")]) { fleet in
            let ask = { (session: String?) in Self.ask("a/x", or: ["b/x"]) { $0.session = session } }
            #expect(try await Self.model(ask("s"), fleet) == "b/x")
            isDown.withLock { $0 = false }
            let again = try await fleet.engine.complete(ask("s"))
            #expect(again.generation.model == "b/x" && again.routing.strategy == "sticky")
            #expect(try await Self.model(ask("other"), fleet) == "a/x")
            #expect(try await Self.model(ask(nil), fleet) == "a/x")
            // A client's own order counts more.
            var ordered = ask("s")
            ordered.routing.preferences.order = ["a"]
            #expect(try await Self.model(ordered, fleet) == "a/x")
            fleet.pass(500)
            #expect(try await Self.model(ask("s"), fleet) == "b/x")
            fleet.pass(500)
            #expect(try await Self.model(ask("s"), fleet) == "b/x")
            fleet.pass(601)
            #expect(try await Self.model(ask("s"), fleet) == "a/x")
        }
    }

    @Test("a session leaves a deployment that does not work, and stays where it went")
    func leaving() async throws {
        let isDown = Mutex(false)
        let first = Fleet.Member("a/x") { _ throws(PlenumError) in
            if isDown.withLock({ $0 }) { throw Self.down }
            return ScriptedProvider.answer("one")
        }
        try await Fleet.run([first, .well("two", "b/x")]) { fleet in
            let ask = Self.ask("a/x", or: ["b/x"]) { $0.session = "s" }
            let first = try await Self.model(ask, fleet)
            #expect(first == "a/x")
            isDown.withLock { $0 = true }
            #expect(try await Self.model(ask, fleet) == "b/x")
            isDown.withLock { $0 = false }
            #expect(try await Self.model(ask, fleet) == "b/x")
        }
    }

    @Test("how fast an answer came is measured where attempts end")
    func measured() async throws {
        try await Fleet.run([.well("one two three", "a/x"), .failing(Self.down, "b/x")]) { fleet in
            let deployments = fleet.engine.catalogue.deployments
            try await fleet.stream("a/x")
            let pace = fleet.engine.router.pace(of: deployments[0])
            #expect(pace.firstContent != nil)
            _ = await fleet.failure { try await fleet.stream("b/x") }
            #expect(fleet.engine.router.pace(of: deployments[1]) == Pace())
        }
    }
}
