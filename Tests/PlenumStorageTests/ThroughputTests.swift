import Foundation
import PlenumCore
import Synchronization
import Testing

@testable import PlenumStorage

/// A measurement, for a release build on a quiet machine: `PLENUM_MEASURE=1 swift test -c release --filter Throughput`.
@Suite("Throughput", .serialized, .enabled(if: ProcessInfo.processInfo.environment["PLENUM_MEASURE"] != nil))
struct ThroughputTests {
    @Test("16 callers store generations with 2 KB of words each", arguments: [StorageUnderTest.sqliteFile, .postgres])
    func generations(backend: StorageUnderTest) async throws {
        try await backend.with { storage in
            let content = GenerationContent(request: [UInt8](repeating: 65, count: 2048))
            let start = ContinuousClock.now
            let end = start + .seconds(3)
            let kept = try await withThrowingTaskGroup(of: Int.self) { group in
                for task: UInt64 in 0..<16 {
                    group.addTask {
                        var kept = 0
                        while ContinuousClock.now < end {
                            kept += 1
                            let generation = Samples.ended(Samples.generation(task << 24 | UInt64(kept)))
                            try await storage.commit([.createGeneration(generation, content)])
                        }
                        return kept
                    }
                }
                return try await group.reduce(0, +)
            }
            print("throughput: \(backend) \(kept / 3) commits a second")
            guard let sql = storage as? SQLStorage, let database = sql.database as? PostgresDatabase else { return }
            let tally = database.tally
            let transactions = tally.transactions.load(ordering: .relaxed)
            print(
                "throughput: \(tally.writes.load(ordering: .relaxed)) writes in \(transactions) transactions of",
                Double(tally.statements.load(ordering: .relaxed)) / Double(transactions),
                "statements"
            )
        }
    }
}
