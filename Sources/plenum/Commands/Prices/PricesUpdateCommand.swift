import ArgumentParser
import PlenumCore
import PlenumEngine
import PlenumProviders

/// `plenum prices update`
struct PricesUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Price all that was asked anew, by the prices of a providers' file.",
        discussion: """
            plenum prices update providers.json --dry-run

            Costs that come from a table change, and unknown ones whose tokens are known; what a provider itself said that it \
            cost stays, and so does what FILE has no price for. The file's "version" is kept with each cost that changes, or \
            the day on which it was changed last. Broken off, the same command goes on where it was.

            While a server runs on a SQLite file, nobody else may write to it: stop it first.
            """
    )

    @OptionGroup var options: StorageOptions

    @Flag(help: "Only say what would change.")
    var dryRun = false

    @Argument(help: "The providers' file whose prices count.")
    var file: String

    func run() async throws {
        guard let found = try ProvidersFile.read(file) else {
            throw PlenumError(.notFound, "There is no file \(file), or it cannot be read.")
        }
        let models = found.providers.flatMap(\.models)
        let isRehearsal = dryRun
        var shown = PortabilityProgress()
        let outcome = try await options.withEngine(isReading: true) { engine in
            try await Repricing(of: engine.storage, by: models, isRehearsal: isRehearsal).run { outcome in
                shown.show("\(outcome.seen.grouped) generations read")
            }
        }
        shown.finish("\(outcome.seen.grouped) generations read")
        Terminal.write(Self.text(outcome, isRehearsal: isRehearsal))
    }

    private static func text(_ outcome: Repricing.Outcome, isRehearsal: Bool) -> String {
        let verb = isRehearsal ? "would change" : "changed"
        return """
            costs that \(verb): \(outcome.changed.grouped) of \(outcome.priced.grouped)
            before: \(outcome.before) dollars, after: \(outcome.after) dollars
            without a price in the file, and so left as they are: \(outcome.withoutPrice.grouped)

            """
    }
}
