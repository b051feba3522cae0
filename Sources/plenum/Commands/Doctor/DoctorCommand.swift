import ArgumentParser
import PlenumCore
import PlenumStorage
import PlenumTransport
import Synchronization

/// `plenum doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is configured, what answers, and what is wrong.",
        discussion: """
            Nothing is changed, and no secret is printed. Providers with a key are asked for their models, which costs nothing. \
            The exit status is 0 if all is fine, 1 if something is wrong.
            """
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try await Settings.load()
        Terminal.write("plenum   \(Versions.plenum)\n")
        Terminal.write("libcurl  \(CurlTransport.libraryVersion)\n")
        Terminal.write("sqlite   \(StorageLibraries.sqlite)\n")
        Terminal.write("libpq    \(StorageLibraries.postgres)\n")
        Terminal.write(
            "tasks    \(EventLoopTasks.areHere ? "on event loops" : "on Dispatch (slower)")\n"
        )
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let storage = await StorageExamination(settings: settings, transport: transport).examine(common)
        show("storage", storage)
        let providers = await ProviderExamination(settings: settings, transport: transport).examine(common)
        show("provider", providers)
        if max(storage.worst, providers.worst) == .problem { throw ExitCode(1) }
    }

    private func show(_ subject: String, _ diagnosis: StorageDiagnosis) {
        for finding in diagnosis.findings {
            let mark =
                switch finding.level {
                case .fine: "ok      "
                case .warning: "warning "
                case .problem: "PROBLEM "
                }
            let name = subject + String(repeating: " ", count: max(0, 9 - subject.count))
            Terminal.write("\(name)\(mark)\(Terminal.harmless(finding.sentence))\n")
        }
    }
}
