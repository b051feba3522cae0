import PlenumCore
import PlenumEngine
import PlenumStorage
import Testing

@Suite("Repricing")
struct RepricingTests {
    private static func price(_ perMillion: String, _ version: String?) throws -> Price {
        let rate = try #require(Price.Rate(perMillion: perMillion))
        return Price(base: Price.Rates(input: rate, output: rate), version: version)
    }

    private static func model(_ name: String, _ price: Price?) throws -> Model {
        Model(id: try #require(ModelID(name)), price: price)
    }

    /// Keeps a generation of a thousand tokens.
    private static func keep(
        _ number: UInt64,
        _ model: String,
        in storage: any Storage,
        _ change: (inout GenerationEnding) -> Void
    ) async throws {
        var generation = Generation(
            id: GenerationID(high: 0, low: number),
            model: try #require(ModelID(model)),
            requestedModel: model,
            dialect: nil,
            door: nil,
            isStreamed: false,
            createdAt: Timestamp(milliseconds: Int64(number))
        )
        var ending = GenerationEnding(status: .completed, duration: 1)
        ending.usage = Usage(inputUncached: 600, output: 400)
        change(&ending)
        (generation.ending, generation.status) = (ending, .completed)
        try await storage.commit([.createGeneration(generation, GenerationContent(request: [1]))])
    }

    private static func filled() async throws -> InMemoryStorage {
        let storage = InMemoryStorage()
        // Reckoned at one dollar a million, by an old table.
        try await keep(1, "a/m", in: storage) {
            ($0.cost, $0.costSource, $0.priceVersion) = (Money(dollars: "0.001"), .table, "old")
        }
        // What had no price then.
        try await keep(2, "a/m", in: storage) { _ in }
        // What the provider said.
        try await keep(3, "a/m", in: storage) {
            ($0.cost, $0.costSource) = (Money(dollars: "0.5"), .provider)
        }
        // What nobody knows.
        try await keep(4, "a/m", in: storage) { $0.usage = nil }
        // What the new table does not know, and what it says the same of.
        try await keep(5, "b/m", in: storage) { ($0.cost, $0.costSource) = (Money(dollars: "0.25"), .table) }
        try await keep(6, "c/m", in: storage) {
            ($0.cost, $0.costSource, $0.priceVersion) = (Money(dollars: "0.003"), .table, "old")
        }
        return storage
    }

    private static func models() throws -> [Model] {
        [
            try model("a/m", nil), try model("a/m", price("2", "new")), try model("a/m", price("9", "other")),
            try model("c/m", price("3", "new")),
        ]
    }

    private static func ending(_ number: UInt64, _ storage: any Storage) async throws -> GenerationEnding {
        try #require(try await storage.generation(GenerationID(high: 0, low: number)).ending)
    }

    @Test("costs from a table and unknown ones with tokens change, all others stay", arguments: [1, 2, 500])
    func reprices(_ limit: Int) async throws {
        let storage = try await Self.filled()
        let before = try await Self.ending(3, storage)
        let outcome = try await Repricing(of: storage, by: Self.models(), limit: limit).run()
        #expect(outcome.seen == 6 && outcome.priced == 4 && outcome.changed == 2 && outcome.withoutPrice == 1)
        #expect(outcome.before.description == "0.254" && outcome.after.description == "0.257")
        for number: UInt64 in [1, 2] {
            let ending = try await Self.ending(number, storage)
            #expect(ending.cost == Money(dollars: "0.002"))
            #expect(ending.costSource == .table && ending.priceVersion == "new" && ending.costGap == nil)
        }
        #expect(try await Self.ending(3, storage) == before)
        #expect(try await Self.ending(4, storage).costGap == .noUsage)
        #expect(try await Self.ending(5, storage).cost == Money(dollars: "0.25"))
        #expect(try await Self.ending(6, storage).priceVersion == "old")
        let again = try await Repricing(of: storage, by: Self.models(), limit: limit).run()
        #expect(again.changed == 0 && again.before == again.after && again.after == outcome.after)
    }

    @Test("a rehearsal says the same, and writes nothing")
    func rehearsal() async throws {
        let storage = try await Self.filled()
        var told: [Int] = []
        let outcome = try await Repricing(of: storage, by: Self.models(), isRehearsal: true, limit: 2).run {
            told.append($0.seen)
        }
        #expect(outcome.changed == 2 && told.last == 6 && told.starts(with: [2, 4]))
        #expect(try await Self.ending(1, storage).priceVersion == "old")
        #expect(try await Self.ending(2, storage).costGap == .noPrice)
    }

    @Test("nothing is nothing")
    func empty() async throws {
        let outcome = try await Repricing(of: InMemoryStorage(), by: []).run()
        #expect(outcome == Repricing.Outcome())
    }
}
