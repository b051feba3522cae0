import ArgumentParser
import Foundation
import PlenumCore
import PlenumStorage

/// `plenum storage copy`
struct StorageCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy everything that is kept to another storage, of any kind.",
        discussion: """
            plenum storage copy sqlite:data/plenum.sqlite supabase

            Stop the server first: what it writes meanwhile may be missed. After a break run the same command again: it skips \
            what is there already. FROM's tables are brought up to date, and nothing else of it is changed. The exit status is 0 \
            only if both hold as much at the end.
            """
    )

    @Argument(help: "The storage that is read.")
    var from: String

    @Argument(help: "The storage that is written.")
    var to: String

    func run() async throws {
        let settings = try await Settings.load()
        let (source, target) = (try settings.storageURL(from), try settings.storageURL(to))
        guard try !Self.isSame(source, target) else {
            throw PlenumError(.invalidRequest, "FROM and TO are the same storage: name two.")
        }
        if case .sqlite(let path) = source, !FileManager.default.fileExists(atPath: path) {
            throw PlenumError(.notFound, "There is no database at \(path).")
        }
        if case .memory = target {
            Terminal.complain("memory forgets at the end: this only shows that FROM can be read")
        }
        if [.memory, .sqliteInMemory].contains(source) { Terminal.complain("memory is empty at every start") }
        switch source {
        case .postgres, .supabase:
            Terminal.complain("what a server adds to FROM while this runs may be missed: stop it first, or copy again")
        default: break
        }
        let outcome = try await copy(source, target, settings)
        Terminal.write(Self.table(outcome))
        guard outcome.isComplete else {
            Terminal.complain(
                "FROM and TO do not hold as much. Was TO empty, and is FROM at rest? Run the command again."
            )
            throw ExitCode(1)
        }
    }

    private func copy(
        _ source: StorageURL,
        _ target: StorageURL,
        _ settings: Settings
    ) async throws -> StorageCopy.Outcome {
        let reading = try await settings.open(source)
        do {
            let writing = try await settings.open(target)
            do {
                let progress = CopyProgress()
                let outcome = try await StorageCopy(from: reading, to: writing).run { progress.show($0) }
                progress.finish(outcome.progress)
                await writing.close()
                await reading.close()
                return outcome
            } catch {
                await writing.close()
                throw error
            }
        } catch {
            await reading.close()
            throw error
        }
    }

    /// Whether two settings mean one place; a file is the same by whatever path it is named.
    private static func isSame(_ left: StorageURL, _ right: StorageURL) throws -> Bool {
        guard case .sqlite(let one) = left, case .sqlite(let other) = right else {
            return left == right && left != .memory && left != .sqliteInMemory
        }
        func resolved(_ path: String) -> String {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        }
        return resolved(one) == resolved(other)
    }

    private static func table(_ outcome: StorageCopy.Outcome) -> String {
        var table = Table(columns: ["", "FROM", "TO", ""])
        let rows: [(String, KeyPath<StorageCounts, Int>)] = [
            ("conversations", \.conversations), ("messages", \.messages), ("runs", \.runs),
            ("run events", \.runEvents), ("generations", \.generations),
        ]
        for (name, count) in rows {
            let (source, target) = (outcome.source[keyPath: count], outcome.target[keyPath: count])
            table.add([name, source.grouped, target.grouped, source == target ? "same" : "DIFFERENT"])
        }
        return table.text
    }
}
