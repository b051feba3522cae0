import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("Databases do what the model does")
struct StoragePropertyTests {
    /// Fixed seeds, and one of the day's.
    static let seeds: [UInt64] = [1, 2, 3, 20_261_122, .random(in: 0...UInt64(UInt32.max))]

    @Test("random commits leave SQLite with the model's answers, and failing ones leave nothing", arguments: seeds)
    func sqlite(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await agree(seed: seed, steps: 1500) { () async throws(PlenumError) in
            try await .sqlite(path: folder.path + "/plenum.sqlite")
        }
    }

    @Test(
        "and PostgreSQL, itself and behind a pooler",
        arguments: [PostgresUnderTest.url, PostgresUnderTest.poolerURL].compactMap(\.self),
        [1, .random(in: 0...UInt64(UInt32.max))] as [UInt64]
    )
    func postgres(url: String, seed: UInt64) async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(url, database: name))
            try await agree(seed: seed, steps: 700) { () async throws(PlenumError) in try await .postgres(settings) }
        }
    }

    private func agree(
        seed: UInt64,
        steps: Int,
        _ open: () async throws(PlenumError) -> SQLStorage
    ) async throws {
        print("property: seed \(seed)")
        let model = InMemoryStorage()
        var storage = try await open()
        var changes = RandomChanges(random: SeededGenerator(seed: seed))
        var failed = 0
        for step in 1...steps {
            let commit = changes.commit()
            let expected = await outcome { () async throws(PlenumError) in try await model.commit(commit) }
            let found = await outcome { () async throws(PlenumError) in try await storage.commit(commit) }
            failed += expected == nil ? 0 : 1
            try #require(found?.code == expected?.code, "seed \(seed), step \(step): \(commit)")
            guard step % 100 == 0 else { continue }
            if step % 300 == 0 {
                await storage.close()
                storage = try await open()
            }
            if step % 700 == 0 {
                let time = Samples.time(Int64(step))
                let recoveries = (try await model.recover(at: time), try await storage.recover(at: time))
                #expect(recoveries.0 == recoveries.1)
            }
            let differences = await StorageSnapshot(of: model).differences(from: StorageSnapshot(of: storage))
            try #require(differences.isEmpty, "seed \(seed), step \(step): \(differences.first ?? "")")
        }
        #expect(
            failed > steps / 8 && steps - failed > steps / 30,
            "a good part of the commits fails, and a good part does not"
        )
        await storage.close()
    }

    private func outcome(_ body: () async throws(PlenumError) -> Void) async -> PlenumError? {
        do { try await body() } catch { return error }
        return nil
    }
}
