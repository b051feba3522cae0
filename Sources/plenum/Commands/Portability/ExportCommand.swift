import ArgumentParser
import Foundation
import PlenumCore
import PlenumEngine

/// `plenum export`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all conversations, or one of them, to a file to take along.",
        discussion: """
            plenum export all.json
            plenum export --conversation conv_… --format markdown talk.md

            JSON holds everything that was said, with all branches, models, costs and times, and can be imported by any Plenum. \
            Markdown is for reading: the path to the leaf of one conversation. Keys and settings are in neither. The file \
            appears under its name when it is whole.
            """
    )

    @OptionGroup var options: StorageOptions

    @Option(help: "Only this conversation.")
    var conversation: String?

    @Option(help: "json or markdown.")
    var format = PortableFormat.json.rawValue

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @Argument(help: "The file; - for standard output.")
    var file: String

    func validate() throws {
        guard let format = PortableFormat(rawValue: format) else {
            throw ValidationError("The format must be json or markdown.")
        }
        if format == .markdown, conversation == nil {
            throw ValidationError("Markdown is for one conversation: name it with --conversation.")
        }
    }

    func run() async throws {
        let target = try ExportTarget(file, replaces: force)
        do {
            try await options.withEngine(isReading: true) { engine in try await write(engine, to: target) }
            try target.finish()
        } catch {
            target.abandon()
            throw error
        }
    }

    private func write(_ engine: Engine, to target: ExportTarget) async throws {
        var shown = PortabilityProgress()
        guard let conversation else {
            var count = 0
            try await engine.exportAll {
                try target.write($0)
            } report: {
                count = $0
                shown.show("\(count.grouped) conversations")
            }
            return shown.finish("\(count.grouped) conversations written")
        }
        guard let id = ConversationID(conversation) else {
            throw PlenumError(.notFound, "There is no conversation \"\(conversation)\".")
        }
        let found = try await engine.storage.conversation(id)
        try await engine.export(found, as: PortableFormat(rawValue: format) ?? .json) { try target.write($0) }
        shown.finish("1 conversation written")
    }
}
