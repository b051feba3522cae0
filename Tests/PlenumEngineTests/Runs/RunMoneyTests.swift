import Logging
import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumEngine

@Suite("What runs cost")
struct RunMoneyTests {
    /// A generator that gives the same numbers for the same seed.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// Models of several prices that answer at any length up to the limit, break off, fail, refuse, and say what cannot be
    /// read; the tokens that they tell follow the bytes.
    private static func engine(_ dice: Dice) throws -> (Engine, ScriptedProvider) {
        let state = Mutex(dice)
        let provider = ScriptedProvider { request throws(PlenumError) in
            let (roll, length) = state.withLock { dice in
                (Int.random(in: 0..<100, using: &dice), Int.random(in: 0...100, using: &dice))
            }
            guard case .chat(let chat) = request.prompt else { return [] }
            if roll < 4 { throw PlenumError(.invalidRequest, "No.", upstream: .init(provider: "test", status: 400)) }
            let limit = chat.maxOutputTokens ?? 1000
            let said = roll < 12 ? "?" : Debaters.answer(request)
            let filler = Array(repeating: "word ", count: max(0, limit * length / 100 - 20))
            let text = filler.joined() + "\n" + said
            let bytes =
                chat.instructions.reduce(0) { $0 + $1.text.utf8.count }
                + chat.turns.reduce(0) { $0 + $1.text.utf8.count }
            let usage = Usage(inputUncached: bytes / 4 + 4, output: min(limit, filler.count + said.utf8.count / 4 + 1))
            let begin: [ScriptedProvider.Step] = [.events([.text(text)])]
            if roll < 16 {
                return begin + [.events([.usage(usage)]), .fail(PlenumError(.upstreamInterrupted, "Cut."))]
            }
            let finish: FinishReason.Meaning = roll < 20 ? .refusal : .endTurn
            return begin + [.events([.finish(FinishReason(finish)), .usage(usage), .end])]
        }
        var deployments: [Deployment] = []
        for (index, price) in ["1", "5", "20", "0.3", "60"].enumerated() {
            let rate = try #require(Price.Rate(perMillion: price))
            let input = try #require(Price.Rate(perMillion: "\(index + 1)"))
            let model = Model(
                id: ModelID(provider: "test", model: ["a", "b", "c", "d", "e"][index]),
                maxOutput: 4000,
                price: Price(base: .init(input: input, output: rate))
            )
            deployments.append(Deployment(model: model, provider: provider, providerName: "Test"))
        }
        let engine = Engine(catalogue: Catalogue(deployments), storage: .inMemory, logger: Logger(label: "test"))
        return (engine, provider)
    }

    private static func ask(_ dice: inout Dice) -> RunAsk {
        let debate = DebateProtocol.allCases.randomElement(using: &dice)
        let seats = Int.random(in: 2...4, using: &dice)
        var ask = RunAsk(
            kind: debate == nil ? .compare : .debate,
            input: [.text(String(repeating: "Is it so? ", count: Int.random(in: 1...60, using: &dice)))],
            seats: (0..<seats).map { RunAsk.Seat(model: ["a", "b", "c", "d"][$0]) }
        )
        if Bool.random(using: &dice), Bool.random(using: &dice) {
            ask.kind = .compare
        } else {
            ask.settings.debate = debate
            ask.settings.judge = RunSettings.Voice(model: "e")
            if debate == .revise { ask.settings.rounds = Int.random(in: 0...3, using: &dice) }
            if debate == .sides { ask.settings.rounds = Int.random(in: 1...4, using: &dice) }
            if debate == .talk {
                ask.settings.turns = Int.random(in: 2...12, using: &dice)
                ask.settings.sumsUp = true
            }
        }
        if Bool.random(using: &dice) {
            ask.settings.maxCost = Money(nanoDollars: Int64.random(in: 1_000_000...400_000_000, using: &dice))
        }
        return ask
    }

    private static func asks(_ count: Int, _ dice: inout Dice) -> [RunAsk] {
        var asks: [RunAsk] = []
        for _ in 0..<count { asks.append(ask(&dice)) }
        return asks
    }

    @Test("over 200 random runs nothing costs more than its cap, nor than was estimated at most")
    func capsHold() async throws {
        var dice = Dice(state: 4711)
        let (engine, _) = try Self.engine(Dice(state: 42))
        let asks = Self.asks(200, &dice)
        var seen = Counts()
        try await withThrowingTaskGroup(of: Counts?.self) { group in
            group.addTask {
                await engine.run()
                return nil
            }
            group.addTask { try await Self.carryOut(asks, engine) }
            seen = try await group.next().flatMap(\.self) ?? Counts()
            group.cancelAll()
        }
        // The dice must have shown each case often enough to say something.
        #expect(seen.begun > 100 && seen.refused > 5 && seen.broke > 5, "\(seen)")
    }

    private struct Counts {
        var begun = 0
        var refused = 0
        var broke = 0
    }

    private static func carryOut(_ asks: [RunAsk], _ engine: Engine) async throws -> Counts {
        var counts = Counts()
        for ask in asks {
            let estimate = try await engine.estimate(ask)
            let run: Run
            do throws(PlenumError) { run = try await engine.start(ask) } catch {
                // A cap that does not pay for the first step is refused before anything is spent.
                #expect(error.parameter == "max_cost")
                counts.refused += 1
                continue
            }
            await engine.waitForRun(run.id)
            let record = try await engine.record(of: run.id)
            let spent = record.generations.reduce(Money.zero) { $0 + ($1.ending?.cost ?? .zero) }
            let cap = record.settings.maxCost
            #expect(cap.map { spent <= $0 } ?? true, "\(spent) of \(cap.map(String.init(describing:)) ?? "")")
            let most = try #require(estimate.most.cost)
            #expect(spent <= most, "\(spent) where \(most) was estimated for \(run.settings)")
            #expect(record.run.status.isTerminal)
            counts.begun += 1
            counts.broke += record.run.stopReason == "budget" ? 1 : 0
        }
        return counts
    }

    @Test("an estimate counts the calls of each protocol, and warns of what a person should know")
    func estimates() async throws {
        let (engine, provider) = try Self.engine(Dice(state: 1))
        for (debate, calls) in [
            (DebateProtocol.vote, 3), (.revise, 6), (.council, 7), (.sides, 9), (.talk, 8), (.fusion, 4),
        ] {
            var ask = RunAsk(
                kind: .debate,
                input: [.text("Why?")],
                seats: ["a", "b", "c"].map { RunAsk.Seat(model: $0) }
            )
            ask.settings.debate = debate
            ask.settings.judge = RunSettings.Voice(model: "e")
            let estimate = try await engine.estimate(ask)
            #expect(estimate.likely.calls == calls)
            #expect(estimate.most.calls >= calls)
            let (most, likely) = (try #require(estimate.most.cost), try #require(estimate.likely.cost))
            #expect(likely < most && .zero < likely)
            #expect(estimate.cap == Money(nanoDollars: 500_000_000))
            // Every model here is of the provider "test": one maker.
            #expect(estimate.warnings.contains { $0.contains("one maker") })
        }
        #expect(provider.requests.isEmpty)
        #expect(try await engine.storage.conversations().elements.isEmpty)
    }

    @Test("a compare with a cap has its answers cut to what the money allows, each seat the same share")
    func shares() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("fine")
        } _: { test in
            var ask = EngineUnderTest.compare("a", "b")
            // Two dollars a million tokens: 1,000 tokens a seat, less the prompt.
            ask.settings.maxCost = Money(nanoDollars: 4_000_000)
            let run = try await test.engine.start(ask)
            await test.engine.waitForRun(run.id)
            for request in test.provider.requests {
                guard case .chat(let chat) = request.prompt, let limit = chat.maxOutputTokens else {
                    Issue.record("there is no limit")
                    continue
                }
                #expect(900...1000 ~= limit)
            }
            ask.settings.maxCost = Money(nanoDollars: 100_000)
            await #expect(throws: PlenumError.self) { _ = try await test.engine.start(ask) }
        }
    }

    @Test("a cap on models whose prices are not known is refused: it could not be kept")
    func unpriced() async throws {
        let deployment = Deployment(
            model: Model(id: ModelID(provider: "x", model: "free")),
            provider: ScriptedProvider { _ in [] },
            providerName: "X"
        )
        let engine = Engine(catalogue: Catalogue([deployment]), storage: .inMemory, logger: Logger(label: "test"))
        var ask = RunAsk(kind: .compare, input: [.text("Hm?")], seats: [RunAsk.Seat(model: "free")])
        ask.settings.maxCost = Money(nanoDollars: 1)
        let error = await #expect(throws: PlenumError.self) { _ = try await engine.start(ask) }
        #expect(error?.parameter == "max_cost")
    }
}
