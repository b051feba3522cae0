import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A crash takes nothing that was committed")
struct SQLiteCrashTests {
    /// What the child does until it is killed: conversations with replies in progress, each written down in a journal
    /// once it is committed.
    private static func work(in folder: String, seed: UInt64) async throws {
        let storage = try await SQLStorage.sqlite(path: folder + "/plenum.sqlite")
        let journal = open(folder + "/journal", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var random = SeededGenerator(seed: seed)
        let moment = UInt32.random(in: 1_000...120_000, using: &random)
        // One reply is acknowledged before the clock starts, so that there is something to lose on a busy machine too.
        var first: UInt64 = 1
        try await reply(first, storage)
        write(journal, &first, 8)
        Thread.detachNewThread {
            usleep(moment)
            kill(getpid(), SIGKILL)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task: UInt64 in 1...8 {
                group.addTask {
                    for step: UInt64 in 0..<100_000 {
                        let number = task * 1_000_000 + step
                        try await reply(number, storage)
                        var entry = number
                        write(journal, &entry, 8)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func reply(_ number: UInt64, _ storage: SQLStorage) async throws {
        try await storage.commit([
            .createConversation(Samples.conversation(number)),
            .appendMessage(Samples.answer(number, in: number), movesLeaf: true),
            .createGeneration(Samples.generation(number, making: number), GenerationContent(request: [1, 2, 3])),
        ])
        let progress = Progress(sequence: 0, text: "text \(number)", reasoning: "")
        try await storage.checkpoint([(Samples.id(number), progress)])
    }

    @Test(
        "a process that is killed at any moment leaves all it had acknowledged",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func killed(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seed = seed as UInt64] in
            try await Self.work(in: path, seed: seed)
        }
        let journal = try Data(contentsOf: URL(fileURLWithPath: path + "/journal"))
        let acknowledged = journal.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
        #expect(acknowledged.first == 1)
        try await check(path, acknowledged)
        print("crash: seed \(seed), \(acknowledged.count) acknowledged, 0 lost")
    }

    /// Every acknowledged reply is there with its text, and recovery leaves nothing in progress.
    private func check(_ folder: String, _ acknowledged: [UInt64]) async throws {
        let storage = try await SQLStorage.sqlite(path: folder + "/plenum.sqlite")
        let recovery = try await storage.recover(at: Samples.time(1000))
        #expect(recovery.messages >= acknowledged.count && recovery.generations == recovery.messages)
        for number in acknowledged {
            let message = try await storage.message(Samples.id(number))
            #expect(message.status == .interrupted && message.text == "text \(number)")
            #expect(try await storage.generation(Samples.id(number)).status == .interrupted)
        }
        #expect(try await storage.recover(at: Samples.time(2000)) == Recovery())
        await storage.close()
    }

    @Test("a copy of the files at any moment, its log torn anywhere, holds whole commits up to some point")
    func tornLog() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let storage = try await SQLStorage.sqlite(path: folder.path + "/plenum.sqlite")
        var random = SeededGenerator(seed: 7)
        var number: UInt64 = 0
        for copy in 1...20 {
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                number += 1
                try await Self.reply(number, storage)
            }
            let torn = try TemporaryFolder()
            defer { withExtendedLifetime(torn) {} }
            // Copied by another process: closing a file here would let go of SQLite's own locks on it.
            try Self.copy(folder.path, to: torn.path)
            let log = torn.path + "/plenum.sqlite-wal"
            let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
            let kept = copy % 4 == 0 ? size : Int.random(in: 0...size, using: &random)
            truncate(log, kept)
            try await checkPrefix(torn.path, of: number, isWhole: kept == size)
        }
        await storage.close()
    }

    private static func copy(_ folder: String, to other: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/cp")
        process.arguments = ["\(folder)/plenum.sqlite", "\(folder)/plenum.sqlite-wal", other]
        try process.run()
        process.waitUntilExit()
    }

    /// The commits that are there are the first ones, each of them whole.
    private func checkPrefix(_ folder: String, of last: UInt64, isWhole: Bool) async throws {
        let storage = try await SQLStorage.sqlite(path: folder + "/plenum.sqlite")
        var isOver = false
        for number in 1...last {
            do throws(PlenumError) {
                let message = try await storage.message(Samples.id(number))
                #expect(!isOver, "\(number) is there, though one before it is not")
                #expect(try await storage.conversation(Samples.id(number)).leaf == message.id)
                #expect(try await storage.content(of: Samples.id(number))?.request == [1, 2, 3])
                #expect(message.text == "text \(number)" || message.text.isEmpty)
                #expect(!isWhole || message.text == "text \(number)")
            } catch {
                #expect(error.code == .notFound && !isWhole)
                isOver = true
            }
        }
        await storage.close()
    }
}
