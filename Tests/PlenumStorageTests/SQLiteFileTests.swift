import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A file of SQLite is kept as promised, or refused with a sentence that helps")
struct SQLiteFileTests {
    /// Opens a file and expects to be refused.
    private func refusal(_ path: String) async -> PlenumError? {
        do {
            let storage = try await SQLStorage.sqlite(path: path)
            await storage.close()
        } catch { return error }
        return nil
    }

    /// Runs SQL on a file, past Plenum's opening of it.
    private func alter(_ path: String, _ sql: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let connection = try SQLiteConnection(path: path, isReader: false)
        try connection.execute(sql)
        connection.close()
    }

    @Test("the writer synchronises fully, checks foreign keys and never checkpoints by itself")
    func durability() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        let storage = try await SQLStorage.sqlite(path: path)
        let pragmas = Outcome<[String]>()
        try await storage.database.write(weighing: 0) { session throws(PlenumError) in
            guard let connection = session as? SQLiteConnection else { return }
            var values: [String] = []
            for name in ["synchronous", "journal_mode", "foreign_keys"] {
                values += try connection.column("PRAGMA \(name)")
            }
            pragmas.set(values)
        }
        #expect(pragmas.value == ["2", "wal", "1"])
        print("sqlite: \(SQLiteDatabase.libraryVersion)")
        await storage.close()
    }

    @Test("folder and files are made for this user alone")
    func modes() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/a/b/plenum.sqlite"
        let storage = try await SQLStorage.sqlite(path: path)
        try await storage.probe()
        func mode(_ path: String) throws -> Int {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
        }
        #expect(try mode(folder.path + "/a") == 0o700)
        #expect(try mode(folder.path + "/a/b") == 0o700)
        for name in ["", "-wal", "-shm", ".lock"] { #expect(try mode(path + name) == 0o600) }
        await storage.close()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"), "a closed database is one file")
    }

    @Test("a second opener is refused, and told who has the file")
    func lock() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        let storage = try await SQLStorage.sqlite(path: path)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/other", withDestinationPath: path)
        for name in [path, folder.path + "/./plenum.sqlite", folder.path + "/other"] {
            let error = await refusal(name)
            #expect(error?.code == .storage)
            #expect(error?.message.contains("in use by process \(getpid())") == true)
        }
        try await storage.probe()
        await storage.close()
        #expect(await refusal(path) == nil)
    }

    @Test("another program that holds the file for writing makes commits fail soon and together, and passes")
    func otherWriter() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        let storage = try await SQLStorage.sqlite(path: path)
        let other = try SQLiteConnection(path: path, isReader: false)
        try other.execute("BEGIN IMMEDIATE")
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for number: UInt64 in 1...20 {
                group.addTask {
                    await expect(.storage) { try await storage.createConversation(Samples.conversation(number)) }
                }
            }
        }
        // One after another they would take twenty times five seconds.
        #expect(ContinuousClock.now - start < .seconds(50))
        #expect(try await storage.conversations().elements == [])
        try other.execute("ROLLBACK")
        other.close()
        try await storage.createConversation(Samples.conversation(1))
        await storage.close()
    }

    @Test("a newer schema is refused and left alone")
    func newerSchema() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        #expect(await refusal(path) == nil)
        try alter(path, "UPDATE schema_version SET version = 99")
        let error = await refusal(path)
        #expect(error?.code == .storage && error?.isRetryable == false)
        #expect(error?.message.contains("schema 99") == true)
        try alter(path, "UPDATE schema_version SET version = \(SQLSchema.version)")
        #expect(await refusal(path) == nil)
    }

    @Test("what is no database, or another program's, is refused and left alone")
    func foreignFiles() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let text = Data("Dear diary, this is no database, and it is long enough to be read.\n".utf8)
        try text.write(to: URL(fileURLWithPath: folder.path + "/diary.txt"))
        let error = await refusal(folder.path + "/diary.txt")
        #expect(error?.code == .storage && error?.message.contains("is not a SQLite database") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/diary.txt")) == text)
        try alter(folder.path + "/other.sqlite", "CREATE TABLE bookmarks (a)")
        #expect(await refusal(folder.path + "/other.sqlite")?.message.contains("another program") == true)
    }

    @Test("a place that cannot be written is refused")
    func unwritable() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/file"))
        for path in [
            folder.path + "/file/plenum.sqlite", "/proc/plenum/plenum.sqlite", folder.path, folder.path + "/", "",
        ] {
            let error = await refusal(path)
            #expect(error?.code == .storage, "\(path)")
            #expect(error?.message.hasSuffix(".") == true, "\(error?.message ?? "")")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + ".lock"))
    }

    @Test("a read-only place is refused", .enabled(if: SmallDisk.isPossible, "needs root, to mount"))
    func readOnly() async throws {
        let disk = try SmallDisk(megabytes: 1)
        defer { withExtendedLifetime(disk) {} }
        #expect(await refusal(disk.path + "/plenum.sqlite") == nil)
        try disk.remount(readOnly: true)
        let error = await refusal(disk.path + "/plenum.sqlite")
        #expect(error?.code == .storage && error?.message.contains("Read-only file system") == true)
    }

    @Test(
        "a full disk refuses writes and goes on reading, and writes again when there is room",
        .enabled(if: SmallDisk.isPossible, "needs root, to mount")
    )
    func fullDisk() async throws {
        let disk = try SmallDisk(megabytes: 4)
        defer { withExtendedLifetime(disk) {} }
        let storage = try await SQLStorage.sqlite(path: disk.path + "/plenum.sqlite")
        let content = GenerationContent(request: [UInt8](repeating: 1, count: 50_000))
        var kept: [UInt64] = []
        var refusal: PlenumError?
        for number: UInt64 in 1...500 where refusal == nil {
            do {
                try await storage.recordGeneration(Samples.ended(Samples.generation(number)), content: content)
                kept.append(number)
            } catch { refusal = error }
        }
        #expect(refusal?.code == .storage)
        #expect(refusal?.message.contains("is full") == true, "\(refusal?.message ?? "") \(refusal?.cause ?? "")")
        for number in kept { #expect(try await storage.content(of: Samples.id(number)) == content) }
        try disk.remount(megabytes: 16)
        try await storage.recordGeneration(Samples.ended(Samples.generation(1000)), content: content)
        try await storage.probe()
        await storage.close()
        let again = try await SQLStorage.sqlite(path: disk.path + "/plenum.sqlite")
        for number in kept + [1000] { #expect(try await again.content(of: Samples.id(number)) == content) }
        #expect(try await again.usage(by: .model, since: nil).first?.requests == kept.count + 1)
        await again.close()
    }
}

/// A disk in memory of few megabytes, mounted while the value lives.
final class SmallDisk {
    static let isPossible = getuid() == 0 && (try? SmallDisk(megabytes: 1)) != nil

    let path: String
    private let folder: TemporaryFolder

    init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Self.run(["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    deinit { try? Self.run(["umount", "-l", path]) }

    func remount(readOnly: Bool) throws {
        try Self.run(["mount", "-o", readOnly ? "remount,ro" : "remount,rw", path])
    }

    func remount(megabytes: Int) throws { try Self.run(["mount", "-o", "remount,size=\(megabytes)m", path]) }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PlenumError(.internal, "\(arguments) failed.") }
    }
}
