import PlenumCore
import Synchronization
import Testing

@testable import PlenumStorage

@Suite("The writer shares transactions")
struct SQLiteWriterTests {
    private func open(
        _ folder: TemporaryFolder,
        _ change: (inout SQLiteDatabase.Settings) -> Void = { _ in }
    ) async throws -> (SQLStorage, SQLiteDatabase) {
        var settings = SQLiteDatabase.Settings(path: folder.path + "/plenum.sqlite")
        change(&settings)
        let database = try await SQLiteDatabase(settings)
        return (try await SQLStorage(migrating: database), database)
    }

    @Test("commits that wait at the same moment are one transaction")
    func groupCommit() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (storage, database) = try await open(folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task: UInt64 in 0..<32 {
                group.addTask {
                    for step: UInt64 in 1...50 {
                        try await storage.recordGeneration(Samples.generation(task * 100 + step), content: nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        let transactions = database.tally.transactions.load(ordering: .relaxed)
        let writes = database.tally.writes.load(ordering: .relaxed)
        print("group commit: \(writes) commits in \(transactions) transactions")
        #expect(writes == 1601 && transactions < writes / 2)
        await storage.close()
    }

    @Test("callers are turned away when too much waits, and nothing that was accepted is lost")
    func overload() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (storage, _) = try await open(folder) { $0.capacity = 100_000 }
        let content = GenerationContent(request: [UInt8](repeating: 7, count: 40_000))
        let accepted = await withTaskGroup(of: UInt64?.self) { group in
            for number: UInt64 in 1...300 {
                group.addTask {
                    do throws(PlenumError) {
                        try await storage.recordGeneration(Samples.ended(Samples.generation(number)), content: content)
                        return number
                    } catch {
                        #expect(error.code == .storage && error.retryAfter == .seconds(1))
                        return nil
                    }
                }
            }
            var accepted: [UInt64] = []
            for await number in group { accepted += number.map { [$0] } ?? [] }
            return accepted
        }
        #expect(!accepted.isEmpty)
        for number in accepted { #expect(try await storage.content(of: Samples.id(number)) == content) }
        #expect(try await storage.usage(by: .model, since: nil).first?.requests == accepted.count)
        await storage.close()
    }

    @Test("the log is brought into the database by the writer, and readers see everything meanwhile")
    func checkpoints() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (storage, database) = try await open(folder) { $0.checkpointPages = 50 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task: UInt64 in 0..<4 {
                group.addTask {
                    for step: UInt64 in 1...200 {
                        let number = task * 1000 + step
                        let content = GenerationContent(request: [UInt8](repeating: UInt8(step), count: 2000))
                        try await storage.recordGeneration(Samples.ended(Samples.generation(number)), content: content)
                        #expect(try await storage.content(of: Samples.id(number)) == content)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(database.tally.checkpoints.load(ordering: .relaxed) > 5)
        #expect(try await storage.usage(by: .model, since: nil).first?.requests == 800)
        await storage.close()
    }

    @Test("what was accepted before the close is kept")
    func closeFinishes() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (storage, _) = try await open(folder)
        let kept = await withTaskGroup(of: Int.self) { group in
            for number: UInt64 in 1...200 {
                group.addTask {
                    let generation = Samples.ended(Samples.generation(number))
                    let isKept: Void? = try? await storage.recordGeneration(generation, content: nil)
                    return isKept == nil ? 0 : 1
                }
            }
            await Task.yield()
            await storage.close()
            return await group.reduce(0, +)
        }
        let (again, _) = try await open(folder)
        #expect(try await again.usage(by: .model, since: nil).first?.requests ?? 0 == kept)
        await again.close()
    }

    @Test("no statement of the request path goes through a whole table")
    func queryPlans() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (storage, _) = try await open(folder)
        let plans = Outcome<[String]>()
        try await storage.database.write(weighing: 0) { session throws(PlenumError) in
            guard let connection = session as? SQLiteConnection else { return }
            var lines: [String] = []
            for statement in SQLStatement.allCases {
                let text = statement.text(in: .sqlite)
                for line in try connection.column("EXPLAIN QUERY PLAN \(text)", column: 3) {
                    lines.append("\(statement): \(line)")
                }
            }
            plans.set(lines)
        }
        // The report and the clearing of checkpoints after a death mean everything; the list goes along its index, and
        // of processes there are few.
        let whole = ["usageByModel", "usageByProvider", "usageByDay", "deleteEndedProgress", "schemaVersion"]
        let scans = (plans.value ?? []).filter { line in
            line.contains("SCAN") && !line.contains("SCAN path") && !line.contains("SCAN (subquery")
                && !line.contains("CONSTANT ROW") && !line.contains("USING INDEX message_unfinished")
                && !line.contains("generation_unfinished") && !line.contains("run_unfinished")
                && !line.contains("USING INDEX run_to_stop") && !line.hasSuffix("SCAN process")
                && !whole.contains { line.hasPrefix("\($0):") }
        }
        #expect(plans.value?.isEmpty == false)
        #expect(scans == [])
        let sorts = (plans.value ?? []).filter { $0.contains("TEMP B-TREE") && $0.contains("ORDER BY") }
        #expect(sorts.filter { !$0.hasPrefix("thread:") && !$0.hasPrefix("usage") } == [])
        await storage.close()
    }
}
