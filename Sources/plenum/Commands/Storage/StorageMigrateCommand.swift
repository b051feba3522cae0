import ArgumentParser
import PlenumCore
import PlenumStorage

/// `plenum storage migrate`
struct StorageMigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the tables up to date, as every start of the server does by itself."
    )

    @Argument(help: "The storage. (default: the one that PLENUM_STORAGE or nothing means to `plenum serve`)")
    var storage: String?

    func run() async throws {
        let settings = try await Settings.load()
        let known = StorageStatus.knownSchema
        switch try await settings.storageURL(storage).migrate(environment: { settings[$0] }) {
        case known: Terminal.write("The schema is \(known) already: nothing was to be done.\n")
        case let found?: Terminal.write("The schema was \(found), and is \(known) now.\n")
        case nil: Terminal.write("There were no tables; they are made, with schema \(known).\n")
        }
    }
}
