import ArgumentParser
import Foundation
import PlenumCore
import PlenumEngine
import PlenumHTTP

/// `plenum import`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring in conversations from a file of Plenum, ChatGPT or Claude.",
        discussion: """
            plenum import conversations.json

            Whose file it is, is known by its shape; of an archive of ChatGPT or Claude, unpack conversations.json. All branches \
            are kept. What is here already stays as it is: import the same file again after a break, or a newer one, and only \
            what is new is added. The report is printed as JSON; the exit status is 0 if no conversation failed.

            While a server runs on a SQLite file, nobody else may write to it: then send the file to POST /v1/import.
            """
    )

    @OptionGroup var options: StorageOptions

    @Argument(help: "The file.")
    var file: String

    func run() async throws {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw PlenumError(.notFound, "There is no file \(file), or it cannot be read.")
        }
        var shown = PortabilityProgress()
        let report = try await options.withEngine { engine in
            try await engine.importConversations(Array(bytes), digest: .sha256) { progress in
                shown.show(Self.text(progress))
            }
        }
        let messages = report.messages
        shown.finish(
            "\(report.conversations.total.grouped) conversations read, \(messages.added.grouped) messages added"
        )
        Terminal.write(report.json.text + "\n")
        if report.conversations.failed > 0 { throw ExitCode(1) }
    }

    private static func text(_ progress: ImportProgress) -> String {
        let share = progress.total > 0 ? progress.bytes * 100 / progress.total : 100
        let report = progress.report
        return "\(share) %  \(report.conversations.total.grouped) conversations, "
            + "\(report.messages.added.grouped) messages added"
    }
}
