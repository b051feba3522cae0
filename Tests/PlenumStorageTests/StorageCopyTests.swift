import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A copy has everything, also when it was broken off")
struct StorageCopyTests {
    private func filled(_ storage: any Storage, seed: UInt64) async {
        var changes = RandomChanges(random: SeededGenerator(seed: seed))
        for _ in 0..<500 { try? await storage.commit(changes.commit()) }
    }

    @Test("a copy goes on after a break, and skips what is there", arguments: StorageExportTests.pairs)
    func resumes(from: StorageUnderTest, to: StorageUnderTest) async throws {
        try await from.with { source in
            try await to.with { target in
                await filled(source, seed: 5)
                let total = try await source.count().total
                var cursor: ExportCursor?
                var there = 0
                // A copy that died: it got about half way.
                while there < total / 2 {
                    let page = try await source.export(after: cursor, limit: 7)
                    try await target.commit(page.changes)
                    cursor = page.next
                    there = try await target.count().total
                }
                var reports: [StorageCopy.Progress] = []
                let outcome = try await StorageCopy(from: source, to: target, limit: 5).run { reports.append($0) }
                #expect(outcome.isComplete)
                #expect(outcome.progress.skipped == there)
                #expect(outcome.progress.done == total)
                #expect(outcome.progress.total == total)
                #expect(reports.map(\.done) == reports.map(\.done).sorted())
                let after = await StorageSnapshot(of: target)
                let differences = await StorageSnapshot(of: source).differencesOfCopy(from: after)
                #expect(differences.isEmpty, "\(differences.first ?? "")")
            }
        }
    }

    @Test("a copy of what is there already changes nothing", arguments: StorageUnderTest.available)
    func again(backend: StorageUnderTest) async throws {
        try await backend.with { target in
            let source = InMemoryStorage()
            await filled(source, seed: 6)
            _ = try await StorageCopy(from: source, to: target).run { _ in }
            let before = await StorageSnapshot(of: target)
            let outcome = try await StorageCopy(from: source, to: target).run { _ in }
            #expect(outcome.isComplete && outcome.progress.copied == 0)
            #expect(await StorageSnapshot(of: target) == before)
        }
    }

    @Test("a target that held something else is told apart from a complete copy")
    func different() async throws {
        let (source, target) = (InMemoryStorage(), InMemoryStorage())
        try await source.createConversation(Samples.conversation(1))
        try await target.createConversation(Samples.conversation(2))
        let outcome = try await StorageCopy(from: source, to: target).run { _ in }
        #expect(!outcome.isComplete)
        #expect(outcome.source.conversations == 1 && outcome.target.conversations == 2)
    }
}
