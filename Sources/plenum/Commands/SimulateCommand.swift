import ArgumentParser
import Logging
import PlenumCore
import PlenumHTTP
import PlenumProviders
import ServiceLifecycle
import UnixSignals

/// `plenum simulate`
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve simulated models in the three dialects, as something to point a gateway at.",
        discussion: """
            A model's name says what it does: sim-wait200-gap20-words40 waits 200 ms, then says 40 words, one each 20 ms. \
            Faults: -status429, -cut5, -hang5, -html, -longline.
            """
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = 8090

    func run() async throws {
        let logger = Logger(label: "simulate", factory: { StreamLogHandler.standardError(label: $0) })
        let server = SimulatorServer.make(
            provider: SimulatedProvider(),
            models: SimulatedProvider.models(),
            host: host,
            port: port,
            fault: { model in
                let script = SimulationScript(model: model)
                return script.isHTML ? .webPage : script.isLongLine ? .longLine : nil
            },
            logger: logger
        ) { port in
            logger.notice("simulating", metadata: ["url": "http://\(host):\(port)"])
        }
        try await ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }
}
