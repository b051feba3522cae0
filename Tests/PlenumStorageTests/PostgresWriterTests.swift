import PlenumCore
import Synchronization
import Testing

@testable import PlenumStorage

@Suite("PostgreSQL's writer merges what waits", .enabled(if: PostgresUnderTest.url != nil))
struct PostgresWriterTests {
    /// Lets a writer do commits as one batch, in the given order.
    private func commit(_ commits: [[StorageChange]], _ settings: PostgresSettings) async throws -> PostgresTally {
        let mailbox = Mailbox<PostgresWrite>(capacity: .max)
        let tally = PostgresTally()
        for changes in commits {
            let words = changes.map(SearchText.init(of:))
            let write = PostgresWrite(.usual) { session throws(PlenumError) in
                try session.apply(changes, words, as: nil)
            }
            _ = mailbox.put(write, weighing: 0)
        }
        mailbox.close()
        let fault = Outcome<PlenumError>()
        let worker = try Worker {
            let writer = PostgresWriter(settings, mailbox, PostgresHealth(), tally)
            do throws(PlenumError) { try writer.open() } catch { return fault.set(error) }
            writer.run()
        }
        await worker.end()
        if let fault = fault.value { throw fault }
        return tally
    }

    @Test(
        "a merged batch does what its commits do one after another",
        arguments: [1, 2, .random(in: 0...UInt64(UInt32.max))] as [UInt64]
    )
    func batches(seed: UInt64) async throws {
        print("batches: seed \(seed)")
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            let storage = try await SQLStorage.postgres(settings)
            let model = InMemoryStorage()
            var changes = RandomChanges(random: SeededGenerator(seed: seed))
            for round in 1...10 {
                let commits = (0..<16).map { _ in changes.commit() }
                for commit in commits { try? await model.commit(commit) }
                _ = try await self.commit(commits, settings)
                let differences = await StorageSnapshot(of: model).differences(from: StorageSnapshot(of: storage))
                try #require(differences.isEmpty, "seed \(seed), round \(round): \(differences.first ?? "")")
            }
            await storage.close()
        }
    }

    @Test("many commits of one kind are one transaction of few statements")
    func merging() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            let storage = try await SQLStorage.postgres(settings)
            let generations = (1...50).map { Samples.generation($0) }
            let content = GenerationContent(request: [1, 2, 3])
            let made = try await commit(generations.map { [.createGeneration($0, content)] }, settings)
            #expect(made.transactions.load(ordering: .relaxed) == 1 && made.statements.load(ordering: .relaxed) == 2)
            let ended = try await commit(
                generations.map { [.finishGeneration($0.id, Samples.ending(), reply: [4])] },
                settings
            )
            #expect(ended.transactions.load(ordering: .relaxed) == 1 && ended.statements.load(ordering: .relaxed) == 3)
            for generation in generations {
                #expect(
                    try await storage.content(of: generation.id) == GenerationContent(request: [1, 2, 3], reply: [4])
                )
                #expect(try await storage.generation(generation.id) == Samples.ended(generation))
            }
            await storage.close()
        }
    }

    @Test("many runs are changed, ended and reopened by a statement or two each")
    func runs() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            let storage = try await SQLStorage.postgres(settings)
            try await storage.createConversation(Samples.conversation(1))
            let runs = (1...50).map { Samples.run($0) }
            try await storage.commit(runs.map { .createRun($0) })
            var patch = RunPatch()
            patch.preference = Samples.preference
            for (change, count) in [
                ({ .updateRun($0, patch) }, 1), ({ .finishRun($0, Samples.runEnding()) }, 1),
                // The second one drops what was said to the run before.
                ({ .reopenRun($0) }, 2),
            ] as [((RunID) -> StorageChange, Int)] {
                let tally = try await commit(runs.map { [change($0.id)] }, settings)
                #expect(
                    tally.transactions.load(ordering: .relaxed) == 1
                        && tally.statements.load(ordering: .relaxed) == count
                )
            }
            for var run in runs {
                run.preference = Samples.preference
                #expect(try await storage.run(run.id) == run)
            }
            await storage.close()
        }
    }

    @Test("commits about one conversation keep their order, and its last leaf is the last one's")
    func oneConversation() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            let storage = try await SQLStorage.postgres(settings)
            let commits: [[StorageChange]] =
                [[.createConversation(Samples.conversation(1))]]
                + (1...20).map { [.appendMessage(Samples.question($0, at: Int64($0)), movesLeaf: true)] }
            let tally = try await commit(commits, settings)
            #expect(tally.transactions.load(ordering: .relaxed) == 1)
            let page = try await storage.messages(in: Samples.id(1), page: PageRequest(limit: 100, order: .ascending))
            #expect(page.elements.map(\.id) == (1...20).map { Samples.id($0) })
            let conversation = try await storage.conversation(Samples.id(1))
            #expect(conversation.leaf == Samples.id(20) && conversation.updatedAt == Samples.time(20))
            await storage.close()
        }
    }
}
