import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A storage tells itself as changes that recreate it in any other")
struct StorageExportTests {
    /// Each backend and the two that follow it in a ring: so each is copied from and to, within its kind and across.
    static let pairs = {
        let all = StorageUnderTest.available
        return all.indices.flatMap { from in [1, 2].map { (all[from], all[(from + $0) % all.count]) } }
    }()

    /// Commits an export page by page, and gives how many pages there were.
    @discardableResult
    private func copy(_ from: any Storage, to: any Storage, limit: Int) async throws -> Int {
        var pages = 0
        var cursor: ExportCursor?
        repeat {
            let page = try await from.export(after: cursor, limit: limit)
            #expect(page.changes.count <= limit)
            try await to.commit(page.changes)
            cursor = page.next
            pages += 1
        } while cursor != nil
        return pages
    }

    private func fill(_ storage: any Storage, seed: UInt64, commits: Int = 600) async {
        var changes = RandomChanges(random: SeededGenerator(seed: seed))
        for _ in 0..<commits { try? await storage.commit(changes.commit()) }
        // Whatever the chances were, there is one of each.
        try? await storage.createConversation(Samples.conversation(1))
        try? await storage.commit([.createRun(Samples.run(1))])
        try? await storage.appendEvents([Samples.event(30)], to: Samples.id(1))
    }

    @Test("an import gives the same answers to every question", arguments: pairs)
    func roundTrip(from: StorageUnderTest, to: StorageUnderTest) async throws {
        for (seed, limit) in [(UInt64(7), 3), (8, 1000), (.random(in: 0...UInt64(UInt32.max)), 10)] {
            try await from.with { source in
                try await to.with { copied in
                    await fill(source, seed: seed)
                    let counts = try await source.count()
                    #expect(counts.total > 20 && counts.runEvents > 0, "there is something to tell")
                    try await copy(source, to: copied, limit: limit)
                    let after = await StorageSnapshot(of: copied)
                    let differences = await StorageSnapshot(of: source).differencesOfCopy(from: after)
                    #expect(differences.isEmpty, "seed \(seed): \(differences.first ?? "")")
                    #expect(try await copied.count() == counts)
                }
            }
        }
    }

    @Test("what is in progress goes on in the copy, from the same checkpoints", arguments: StorageUnderTest.available)
    func progress(backend: StorageUnderTest) async throws {
        try await backend.with { source in
            try await source.createConversation(Samples.conversation(1))
            try await source.beginReply(
                question: Samples.question(1),
                answer: Samples.answer(2, parent: 1),
                generation: Samples.generation(3, making: 2),
                content: GenerationContent(request: [1, 2, 3])
            )
            for number in 0..<3 {
                try await source.checkpoint([
                    (Samples.id(3), Progress(sequence: number, text: "t\(number)", reasoning: ""))
                ])
            }
            let copied = InMemoryStorage()
            try await copy(source, to: copied, limit: 2)
            #expect(try await copied.message(Samples.id(2)).text == "t0t1t2")
            #expect(try await copied.message(Samples.id(2)).status == .inProgress)
            #expect(try await copied.conversation(Samples.id(1)).leaf == Samples.id(2))
            try await copied.checkpoint([(Samples.id(3), Progress(sequence: 3, text: "!", reasoning: ""))])
            #expect(try await copied.message(Samples.id(2)).text == "t0t1t2!")
            let more = Progress(sequence: 2, text: "", reasoning: "")
            await expect(.conflict) { try await copied.checkpoint([(Samples.id(3), more)]) }
        }
    }

    @Test("only what is not there yet is left to be committed", arguments: StorageUnderTest.available)
    func absent(backend: StorageUnderTest) async throws {
        try await backend.with { target in
            let source = InMemoryStorage()
            await fill(source, seed: 13)
            var cursor: ExportCursor?
            var committed = 0
            // Half of each page is there, and then every page comes again whole.
            repeat {
                let page = try await source.export(after: cursor, limit: 50)
                #expect(try await target.absent(from: page.changes) == page.changes)
                try await target.commit(Array(page.changes.prefix(page.changes.count / 2)))
                let left = try await target.absent(from: page.changes)
                try await target.commit(left)
                committed += left.count
                #expect(try await target.absent(from: page.changes).isEmpty)
                cursor = page.next
            } while cursor != nil
            #expect(committed > 10)
            let after = await StorageSnapshot(of: target)
            let differences = await StorageSnapshot(of: source).differencesOfCopy(from: after)
            #expect(differences.isEmpty, "\(differences.first ?? "")")
        }
    }

    @Test("events that are there are left out one by one", arguments: StorageUnderTest.available)
    func absentEvents(backend: StorageUnderTest) async throws {
        try await backend.with { target in
            try await target.commit([
                .createConversation(Samples.conversation(1)), .createRun(Samples.run(1)),
                .appendRunEvents(Samples.id(1), [2, 4].map(Samples.event)),
            ])
            let page: [StorageChange] = [
                .appendRunEvents(Samples.id(1), (1...5).map(Samples.event)),
                .appendRunEvents(Samples.id(2), [Samples.event(2)]),
            ]
            let left = try await target.absent(from: page)
            #expect(
                left == [
                    .appendRunEvents(Samples.id(1), [1, 3, 5].map(Samples.event)),
                    .appendRunEvents(Samples.id(2), [Samples.event(2)]),
                ]
            )
        }
    }

    @Test("a page ends before it grows too large", arguments: StorageUnderTest.available)
    func pages(backend: StorageUnderTest) async throws {
        try await backend.with { source in
            try await source.createConversation(Samples.conversation(1))
            for number: UInt64 in 1...5 {
                var message = Samples.question(number)
                message.parts = [.text(String(repeating: "x", count: 400_000))]
                try await source.addMessage(message)
            }
            #expect(try await sizes(of: .messages, source) == [2, 2, 1])
        }
    }

    @Test("and so does one of runs that came to much", arguments: StorageUnderTest.available)
    func pagesOfRuns(backend: StorageUnderTest) async throws {
        try await backend.with { source in
            try await source.createConversation(Samples.conversation(1))
            let long = JSONValue.string(String(repeating: "x", count: 200_000))
            for number: UInt64 in 1...5 {
                var run = Samples.run(number)
                run.settings = JSONObject([("k", long)])
                run.result = JSONObject([("k", [long])])
                try await source.commit([.createRun(run)])
            }
            #expect(try await sizes(of: .runs, source) == [2, 2, 1])
        }
    }

    /// How many changes the pages of a stage have that have any.
    private func sizes(of stage: ExportCursor.Stage, _ source: any Storage) async throws -> [Int] {
        var sizes: [Int] = []
        var cursor: ExportCursor? = ExportCursor(stage: stage)
        while let place = cursor, place.stage == stage {
            let page = try await source.export(after: place, limit: 1000)
            sizes.append(page.changes.count)
            cursor = page.next
        }
        return sizes.filter { $0 > 0 }
    }
}
