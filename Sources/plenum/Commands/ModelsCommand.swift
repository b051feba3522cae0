import ArgumentParser
import PlenumCore
import PlenumEngine
import PlenumTransport

/// `plenum models`
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models on offer, with what they cost."
    )

    @OptionGroup var common: CommonOptions

    @Flag(help: "Only those that can be asked now.")
    var available = false

    func run() async throws {
        let settings = try await Settings.load()
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let (catalogue, notes) = try await Assembly.catalogue(common, settings, transport)
        var table = Table(columns: ["model", "context", "$/M in", "$/M out", "state"])
        for deployment in catalogue.models where deployment.isAvailable || !available {
            let state =
                switch deployment.availability {
                case .available: deployment.isSimulated ? "simulated" : "available"
                case .missingKey(let variable): "set \(variable)"
                }
            let price = deployment.model.price?.base
            table.add([
                deployment.model.id.description, deployment.model.context.map { "\($0 / 1000)k" } ?? "?",
                price?.input.description ?? "?", price?.output.description ?? "?", state,
            ])
        }
        Terminal.write(table.text)
        for note in notes { Terminal.complain(note) }
    }
}
