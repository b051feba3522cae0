import PlenumCore
import Testing

extension ConformanceCase {
    static let generations: [ConformanceCase] = [
        ConformanceCase("a generation reads as it was made, in progress and ended") { storage in
            var generation = Samples.generation(1)
            generation.conversation = Samples.id(1)
            generation.message = Samples.id(2)
            generation.run = Samples.id(3)
            generation.seat = 1
            generation.group = Samples.id(9)
            generation.attempt = 2
            try await storage.recordGeneration(generation, content: nil)
            #expect(try await storage.generation(generation.id) == generation)
            #expect(try await storage.content(of: generation.id) == nil)
            var ending = Samples.ending(.failed)
            ending.error = RecordedError(code: "overloaded", message: "busy", isRetryable: true)
            ending.usage?.reportedCost = Money(nanoDollars: 3)
            ending.costSource = .provider
            let ended = Samples.ended(Samples.generation(2), ending)
            let content = GenerationContent(request: Array(0...255), reply: Array("ok".utf8))
            try await storage.recordGeneration(ended, content: content)
            #expect(try await storage.generation(ended.id) == ended)
            #expect(try await storage.content(of: ended.id) == content)
            var bare = Samples.ended(Samples.generation(3), GenerationEnding(status: .cancelled, duration: 0))
            bare.dialect = nil
            bare.door = nil
            try await storage.recordGeneration(bare, content: GenerationContent(request: []))
            #expect(try await storage.generation(bare.id) == bare)
            #expect(try await storage.content(of: bare.id) == GenerationContent(request: []))
        },
        ConformanceCase("an ending's status counts, and a terminal status needs an ending") { storage in
            var generation = Samples.generation(1)
            generation.ending = Samples.ending(.incomplete)
            try await storage.recordGeneration(generation, content: nil)
            #expect(try await storage.generation(generation.id).status == .incomplete)
            var endless = Samples.generation(2)
            endless.status = .completed
            await expect(.invalidRequest) { [endless] in try await storage.recordGeneration(endless, content: nil) }
        },
        ConformanceCase("a generation's id is used once, and one that is not there is not found") { storage in
            try await storage.recordGeneration(Samples.generation(1), content: nil)
            await expect(.conflict) {
                try await storage.recordGeneration(Samples.generation(1), content: GenerationContent(request: [1]))
            }
            #expect(try await storage.content(of: Samples.id(1)) == nil)
            await expect(.notFound) { _ = try await storage.generation(Samples.id(2)) }
            await expect(.notFound) { _ = try await storage.content(of: Samples.id(2)) }
            await expect(.notFound) {
                try await storage.commit([.finishGeneration(Samples.id(2), Samples.ending(), reply: nil)])
            }
        },
        ConformanceCase("a generation ends once, and its reply is kept if its request was") { storage in
            try await storage.recordGeneration(Samples.generation(1), content: GenerationContent(request: [1]))
            try await storage.recordGeneration(Samples.generation(2), content: nil)
            for number: UInt64 in [1, 2] {
                try await storage.commit([.finishGeneration(Samples.id(number), Samples.ending(), reply: [2])])
                await expect(.conflict) {
                    try await storage.commit([.finishGeneration(Samples.id(number), Samples.ending(), reply: [3])])
                }
                #expect(
                    try await storage.generation(Samples.id(number)) == Samples.ended(Samples.generation(number))
                )
            }
            #expect(try await storage.content(of: Samples.id(1)) == GenerationContent(request: [1], reply: [2]))
            #expect(try await storage.content(of: Samples.id(2)) == nil)
        },
        ConformanceCase("large words come back whole") { storage in
            let content = GenerationContent(
                request: (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) },
                reply: (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
            )
            try await storage.recordGeneration(Samples.ended(Samples.generation(1)), content: content)
            #expect(try await storage.content(of: Samples.id(1)) == content)
        },
        ConformanceCase("the probe writes") { storage in
            try await storage.probe()
            try await storage.probe()
        },
        ConformanceCase("a closed storage refuses everything, and may be closed again") { storage in
            await storage.close()
            await expect(.storage) { try await storage.probe() }
            await expect(.storage) { try await storage.createConversation(Samples.conversation(1)) }
            await expect(.storage) { _ = try await storage.conversation(Samples.id(1)) }
            await expect(.storage) { _ = try await storage.recover(at: Samples.time(0)) }
            await storage.close()
        },
    ]

    static let reports: [ConformanceCase] = [
        ConformanceCase(
            "the usage report sums what has ended, by model, provider, day and client, in the order of keys"
        ) {
            storage in
            var unpriced = Samples.ending()
            unpriced.cost = nil
            unpriced.usage?.reportedCost = Money(nanoDollars: 11)
            let day: Int64 = 86_400_000
            var annas = Samples.generation(1, model: "beta/two")
            annas.key = "anna"
            try await storage.commit([
                .createGeneration(Samples.ended(annas), nil),
                .createGeneration(Samples.ended(Samples.generation(2, model: "alpha/one"), unpriced), nil),
                .createGeneration(Samples.ended(Samples.generation(3, at: day, model: "alpha/one")), nil),
                .createGeneration(
                    Samples.ended(
                        Samples.generation(4, at: day, model: "alpha/Zwei"),
                        GenerationEnding(status: .failed, duration: 1)
                    ),
                    nil
                ),
                .createGeneration(Samples.generation(5), nil),
            ])
            let models = try await storage.usage(by: .model, since: nil)
            #expect(models.map(\.key) == ["alpha/Zwei", "alpha/one", "beta/two"])
            #expect(models.map(\.requests) == [1, 2, 1] && models.map(\.failures) == [1, 0, 0])
            #expect(models.map(\.unpriced) == [0, 1, 0])
            #expect(models.map(\.duration.count) == [1, 2, 1] && models[1].duration.mean == Samples.ending().duration)
            #expect(models[0].cost == nil && models[0].usage == Usage())
            #expect(models[1].cost == Money(nanoDollars: 1_234_567_890) && models[1].usage.output == 100)
            #expect(models[1].usage.reportedCost == Money(nanoDollars: 11) && models[2].usage.reportedCost == nil)
            #expect(try await storage.usage(by: .provider, since: nil).map(\.requests) == [3, 1])
            let days = try await storage.usage(by: .day, since: nil)
            #expect(days.map(\.key) == ["2026-09-21", "2026-09-22"] && days.map(\.requests) == [2, 2])
            let clients = try await storage.usage(by: .key, since: nil)
            #expect(clients.map(\.key) == ["", "anna"] && clients.map(\.requests) == [3, 1])
            let late = try await storage.usage(by: .provider, since: Samples.time(day))
            #expect(late.map(\.key) == ["alpha"] && late.map(\.requests) == [2])
        },
        ConformanceCase("nonsense in a provider's numbers does not break the report") { storage in
            var ending = Samples.ending()
            ending.usage = Usage(inputUncached: .max, output: .max)
            ending.cost = Money(nanoDollars: .max)
            for number: UInt64 in 1...3 {
                try await storage.recordGeneration(Samples.ended(Samples.generation(number), ending), content: nil)
            }
            #expect(try await storage.generation(Samples.id(1)).ending == ending)
            let rows = try await storage.usage(by: .model, since: nil)
            #expect(rows[0].usage.output == 3_000_000_000_000)
            #expect(rows[0].cost == Money(nanoDollars: 3_000_000_000_000_000))
        },
        ConformanceCase("an empty ledger gives an empty report") { storage in
            for grouping in UsageRow.Grouping.allCases {
                let rows = try await storage.usage(by: grouping, since: nil)
                #expect(rows.isEmpty)
            }
        },
    ]
}
