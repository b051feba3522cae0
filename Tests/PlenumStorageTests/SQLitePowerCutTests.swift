import CSQLite
import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A power cut takes nothing that was committed", .serialized)
struct SQLitePowerCutTests {
    /// What had been acknowledged, and what a cut at that moment leaves of the files.
    private struct Cut: Sendable {
        var acknowledged: [UInt64]
        var database: [UInt8]
        var log: [UInt8]
    }

    @Test("what was never synchronised may be lost, and no acknowledged commit is among it")
    func powerCut() async throws {
        try #require(SyncedDisk.registration)
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        // Checkpoints come often, so that cuts fall into them too.
        var settings = SQLiteDatabase.Settings(path: folder.path + "/plenum.sqlite")
        settings.checkpointPages = 30
        settings.fileSystem = SyncedDisk.name
        let storage = try await SQLStorage(migrating: SQLiteDatabase(settings))
        let acknowledged = AcknowledgedCommits()
        let path = folder.path + "/plenum.sqlite"
        let cuts = try await withThrowingTaskGroup(of: [Cut].self) { group in
            for task: UInt64 in 1...4 {
                group.addTask {
                    for step: UInt64 in 1...60 {
                        let number = task * 1000 + step
                        let content = GenerationContent(request: [UInt8](repeating: UInt8(step), count: 700))
                        try await storage.recordGeneration(Samples.ended(Samples.generation(number)), content: content)
                        acknowledged.add(number)
                    }
                    return []
                }
            }
            group.addTask {
                var cuts: [Cut] = []
                while acknowledged.all.count < 240, cuts.count < 400 {
                    cuts.append(Self.cut(path, acknowledged))
                    try await Task.sleep(for: .microseconds(300))
                }
                return cuts + [Self.cut(path, acknowledged)]
            }
            var cuts: [Cut] = []
            for try await part in group { cuts += part }
            return cuts
        }
        await storage.close()
        var lost = 0
        for cut in cuts.enumerated().filter({ $0.offset % 4 == 0 || $0.offset == cuts.count - 1 }).map(\.element) {
            lost += try await losses(of: cut)
        }
        print("power cut: \(cuts.count / 4 + 1) cuts, \(SyncedDisk.shared.syncs) synchronisations, \(lost) lost")
        #expect(lost == 0 && cuts.count > 4)
    }

    /// The database is taken before the log and the acknowledgements before both; a checkpoint between the two has the
    /// log's pages in neither, so such a pair, which no disk ever held, is taken again.
    private static func cut(_ path: String, _ acknowledged: AcknowledgedCommits) -> Cut {
        while true {
            let before = acknowledged.all
            let database = SyncedDisk.shared.survivor(of: path)
            let log = SyncedDisk.shared.survivor(of: path + "-wal")
            if SyncedDisk.shared.survivor(of: path) == database {
                return Cut(acknowledged: before, database: database, log: log)
            }
        }
    }

    /// How many acknowledged commits a restart from what the cut left does not find.
    private func losses(of cut: Cut) async throws -> Int {
        guard !cut.acknowledged.isEmpty else { return 0 }
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try Data(cut.database).write(to: URL(fileURLWithPath: path))
        try Data(cut.log).write(to: URL(fileURLWithPath: path + "-wal"))
        let storage = try await SQLStorage.sqlite(path: path)
        var lost = 0
        for number in cut.acknowledged {
            let content = try? await storage.content(of: Samples.id(number))
            lost += content?.request.count == 700 ? 0 : 1
        }
        let checked = Outcome<[String]>()
        try await storage.database.write(weighing: 0) { session throws(PlenumError) in
            checked.set(try (session as? SQLiteConnection)?.column("PRAGMA integrity_check") ?? [])
        }
        #expect(checked.value == ["ok"])
        await storage.close()
        return lost
    }
}

/// The commits that callers were told of.
private final class AcknowledgedCommits: Sendable {
    private let numbers = Guarded<[UInt64]>([])

    var all: [UInt64] { numbers.withLock { $0 } }

    func add(_ number: UInt64) { numbers.withLock { $0.append(number) } }
}
