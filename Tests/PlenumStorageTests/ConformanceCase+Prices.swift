import PlenumCore
import Testing

extension ConformanceCase {
    /// A conversation with an answer that a generation made.
    private static func answered(_ storage: any Storage) async throws {
        var question = Samples.generation(1)
        question.message = Samples.id(2)
        var ending = Samples.messageEnding()
        ending.generation = Samples.id(1)
        ending.cost = Samples.ending().cost
        try await storage.commit([
            .createConversation(Samples.conversation(1)),
            .appendMessage(Samples.answer(2), movesLeaf: true),
            .createGeneration(question, nil), .finishGeneration(Samples.id(1), Samples.ending(), reply: nil),
            .finishMessage(Samples.id(2), ending),
        ])
    }

    static let prices: [ConformanceCase] = [
        ConformanceCase("a generation that has ended can be given another cost, which its message shows too") {
            storage in
            try await answered(storage)
            let cost = Money(nanoDollars: 77)
            try await storage.commit([.reprice(Samples.id(1), cost, .table, priceVersion: "new\u{0}er")])
            var ending = Samples.ending()
            (ending.cost, ending.priceVersion) = (cost, "new\u{FFFD}er")
            #expect(try await storage.generation(Samples.id(1)).ending == ending)
            #expect(try await storage.message(Samples.id(2)).cost == cost)
            try await storage.commit([.reprice(Samples.id(1), nil, nil, priceVersion: nil)])
            let unknown = try await storage.generation(Samples.id(1)).ending
            #expect(unknown?.cost == nil && unknown?.costSource == nil && unknown?.priceVersion == nil)
            #expect(unknown?.costGap == .noPrice)
            #expect(try await storage.message(Samples.id(2)).cost == nil)
        },
        ConformanceCase("a message keeps its cost when it was made by another attempt, or is not at its end") {
            storage in
            try await answered(storage)
            var failed = Samples.ended(Samples.generation(3))
            failed.message = Samples.id(2)
            var early = Samples.ended(Samples.generation(4))
            early.message = Samples.id(5)
            var pending = Samples.answer(5, parent: 2)
            pending.generation = Samples.id(4)
            try await storage.commit([
                .createGeneration(failed, nil), .appendMessage(pending, movesLeaf: false),
                .createGeneration(early, nil),
            ])
            for id: UInt64 in [3, 4] {
                try await storage.commit([.reprice(Samples.id(id), .zero, .table, priceVersion: "v")])
                #expect(try await storage.generation(Samples.id(id)).ending?.cost == .zero)
            }
            #expect(try await storage.message(Samples.id(2)).cost == Samples.ending().cost)
            #expect(try await storage.message(Samples.id(5)).cost == nil)
        },
        ConformanceCase("one in progress gets no cost, and one that is not there is not found") { storage in
            try await storage.recordGeneration(Samples.generation(1), content: nil)
            await expect(.conflict) {
                try await storage.commit([.reprice(Samples.id(1), .zero, .table, priceVersion: nil)])
            }
            await expect(.notFound) {
                try await storage.commit([.reprice(Samples.id(2), .zero, .table, priceVersion: nil)])
            }
            #expect(try await storage.generation(Samples.id(1)) == Samples.generation(1))
        },
        ConformanceCase("several costs change in one commit, and one that cannot takes all back") { storage in
            for id: UInt64 in [1, 2] {
                try await storage.recordGeneration(Samples.ended(Samples.generation(id)), content: nil)
            }
            let changes = [1, 2].map {
                StorageChange.reprice(Samples.id($0), Money(nanoDollars: Int64($0)), .table, priceVersion: "v2")
            }
            await expect(.notFound) {
                try await storage.commit(changes + [.reprice(Samples.id(3), nil, nil, priceVersion: nil)])
            }
            #expect(try await storage.generation(Samples.id(1)).ending?.priceVersion == "2026-11-22")
            try await storage.commit(changes)
            #expect(try await storage.generation(Samples.id(1)).ending?.cost == Money(nanoDollars: 1))
            #expect(try await storage.generation(Samples.id(2)).ending?.cost == Money(nanoDollars: 2))
        },
    ]
}
