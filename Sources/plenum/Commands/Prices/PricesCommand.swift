import ArgumentParser

/// `plenum prices`
struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Reckon what was asked in the past by other prices.",
        subcommands: [PricesUpdateCommand.self]
    )
}
