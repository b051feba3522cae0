import CSQLite
import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A power cut takes nothing that was committed", .serialized)
struct SQLitePowerCutTests {
    /// What had been acknowledged, and what a cut at that moment leaves of the files.
    private struct Cut: Sendable {
        /// Commits that somebody was told of, and what a reader was shown.
        var acknowledged: [UInt64]
        var database: [UInt8]
        var log: [UInt8]
    }

    @Test("what was never synchronised may be lost, and nothing that was acknowledged or shown is among it")
    func powerCut() async throws {
        let (lost, cuts, refused) = try await losses { _ in }
        print("power cut: \(cuts) cuts, \(SyncedDisk.shared.syncs) synchronisations, \(lost) lost")
        #expect(lost == 0 && cuts > 4 && refused == 0)
    }

    @Test("a disk that fails to synchronise now and then takes nothing that was acknowledged or shown")
    func failures() async throws {
        let before = SyncedDisk.shared.failures
        var refusals = 0
        for round in 1...4 {
            let (lost, _, refused) = try await losses { step in
                if step % 7 == 0 { SyncedDisk.shared.failOnce(after: step * round % 5) }
            }
            #expect(lost == 0)
            refusals += refused
        }
        let failures = SyncedDisk.shared.failures - before
        print("power cut: \(failures) synchronisations failed, \(refusals) commits refused, 0 lost of the others")
        #expect(failures > 0)
    }

    private static let writers: UInt64 = 16
    private static let steps: UInt64 = 15

    /// Writes and reads from many sides while power cuts are tried out.
    /// - Parameter disturb: called before each commit of the first writer.
    /// - Returns: how much a cut would have cost of what was acknowledged or shown, how many cuts there were, and how many
    ///   commits were refused.
    private func losses(
        _ disturb: @escaping @Sendable (Int) -> Void
    ) async throws -> (lost: Int, cuts: Int, refused: Int) {
        try #require(SyncedDisk.registration)
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        // Checkpoints come often, so that cuts fall into them too.
        var settings = SQLiteDatabase.Settings(path: path)
        settings.checkpointPages = 30
        settings.fileSystem = SyncedDisk.name
        let storage = try await SQLStorage(migrating: SQLiteDatabase(settings))
        let told = AcknowledgedCommits()
        let over = Guarded(0)
        let refused = Guarded(0)
        let cuts = try await withThrowingTaskGroup(of: [Cut].self) { group in
            for writer in 1...Self.writers {
                group.addTask {
                    for step in 1...Self.steps {
                        if writer == 1 { disturb(Int(step)) }
                        if try await Self.write(writer * 1000 + step, to: storage) {
                            told.add(writer * 1000 + step)
                        } else {
                            refused.withLock { $0 += 1 }
                        }
                    }
                    over.withLock { $0 += 1 }
                    return []
                }
            }
            group.addTask {
                // What is shown counts like what is acknowledged.
                while over.withLock({ $0 }) < Int(Self.writers) {
                    let number = UInt64.random(in: 1...Self.writers) * 1000 + .random(in: 1...Self.steps)
                    if (try? await storage.generation(Samples.id(number))) != nil { told.add(number) }
                }
                return []
            }
            group.addTask {
                var cuts: [Cut] = []
                while over.withLock({ $0 }) < Int(Self.writers), cuts.count < 400 {
                    cuts.append(Self.cut(path, told))
                    try await Task.sleep(for: .microseconds(300))
                }
                return cuts + [Self.cut(path, told)]
            }
            var cuts: [Cut] = []
            for try await part in group { cuts += part }
            return cuts
        }
        SyncedDisk.shared.failNoMore()
        await storage.close()
        var lost = 0
        let some = cuts.enumerated().filter { $0.offset % 4 == 0 || $0.offset == cuts.count - 1 }
        for cut in some { lost += try await losses(of: cut.element) }
        return (lost, some.count, refused.withLock { $0 })
    }

    /// Commits a generation; `false` if the disk did not take it, or may not have.
    private static func write(_ number: UInt64, to storage: SQLStorage) async throws -> Bool {
        let content = GenerationContent(request: [UInt8](repeating: UInt8(number % 1000), count: 700))
        do throws(PlenumError) {
            try await storage.recordGeneration(Samples.ended(Samples.generation(number)), content: content)
            return true
        } catch {
            guard error.code == .storage else { throw error }
            return false
        }
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
    private let numbers = Guarded<Set<UInt64>>([])

    var all: [UInt64] { numbers.withLock { Array($0) } }

    func add(_ number: UInt64) { _ = numbers.withLock { $0.insert(number) } }
}
