import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("SQLite does what the model does")
struct StoragePropertyTests {
    /// Fixed seeds, and one of the day's.
    static let seeds: [UInt64] = [1, 2, 3, 20_261_122, .random(in: 0...UInt64(UInt32.max))]

    @Test("random commits leave both with the same answers, and failing ones leave nothing", arguments: seeds)
    func agree(seed: UInt64) async throws {
        print("property: seed \(seed)")
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        let model = InMemoryStorage()
        var storage = try await SQLStorage.sqlite(path: path)
        var changes = RandomChanges(random: SeededGenerator(seed: seed))
        var failed = 0
        for step in 1...1500 {
            let commit = changes.commit()
            let expected = await outcome { () async throws(PlenumError) in try await model.commit(commit) }
            let found = await outcome { () async throws(PlenumError) in try await storage.commit(commit) }
            failed += expected == nil ? 0 : 1
            try #require(found?.code == expected?.code, "seed \(seed), step \(step): \(commit)")
            guard step % 100 == 0 else { continue }
            if step % 300 == 0 {
                await storage.close()
                storage = try await SQLStorage.sqlite(path: path)
            }
            if step % 700 == 0 {
                let time = Samples.time(Int64(step))
                let recoveries = (try await model.recover(at: time), try await storage.recover(at: time))
                #expect(recoveries.0 == recoveries.1)
            }
            let differences = await StorageSnapshot(of: model).differences(from: StorageSnapshot(of: storage))
            try #require(differences.isEmpty, "seed \(seed), step \(step): \(differences.first ?? "")")
        }
        #expect((200...1400).contains(failed), "a good part of the commits fails, and a good part does not")
        await storage.close()
    }

    private func outcome(_ body: () async throws(PlenumError) -> Void) async -> PlenumError? {
        do { try await body() } catch { return error }
        return nil
    }
}
