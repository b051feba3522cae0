import ArgumentParser
import PlenumCore
import PlenumEngine
import PlenumProviders
import PlenumStorage
import PlenumTransport
import Synchronization

/// `plenum doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is configured, what answers, and which libraries are in use."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try await Settings.load()
        var failures = 0
        Terminal.write("plenum   \(Versions.plenum)\n")
        Terminal.write("libcurl  \(CurlTransport.libraryVersion)\n")
        Terminal.write("sqlite   \(StorageLibraries.sqlite)\n")
        Terminal.write("libpq    \(StorageLibraries.postgres)\n")
        Terminal.write(
            "tasks    \(Runtime.isOnEventLoops.load(ordering: .relaxed) ? "on event loops" : "on Dispatch (slower)")\n"
        )
        failures += await storage(settings) ? 0 : 1
        failures += await providers(settings) ? 0 : 1
        if failures > 0 { throw ExitCode(1) }
    }

    private func storage(_ settings: Settings) async -> Bool {
        let url = common.storageURL(settings)
        do throws(PlenumError) {
            let storage = try await StorageURL(url).open { settings[$0] }
            try await storage.probe()
            await storage.close()
            Terminal.write("storage  \(url): writes and keeps\n")
            return true
        } catch {
            Terminal.write("storage  \(url): \(error.message)\n")
            return false
        }
    }

    private func providers(_ settings: Settings) async -> Bool {
        do {
            let transport = try CurlTransport()
            defer { transport.shutdown() }
            let (catalogue, notes) = try await Assembly.catalogue(common, settings, transport)
            let names = catalogue.deployments.reduce(into: [String]()) {
                if !$0.contains($1.providerName) { $0.append($1.providerName) }
            }
            for name in names {
                let models = catalogue.deployments.filter { $0.providerName == name }
                guard let first = models.first else { continue }
                let state =
                    switch first.availability {
                    case .available: "\(models.count) models can be asked"
                    case .missingKey(let variable): "\(models.count) models wait for \(variable)"
                    }
                Terminal.write("provider \(name): \(state)\n")
            }
            for note in notes { Terminal.write("note     \(note)\n") }
            return true
        } catch {
            Terminal.write("provider \((error as? PlenumError)?.message ?? "\(error)")\n")
            return false
        }
    }
}
