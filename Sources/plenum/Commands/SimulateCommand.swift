import ArgumentParser
import Foundation
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
        abstract: "Serve simulated models in the four dialects, as something to point a gateway at.",
        discussion: """
            A model's name says what it does: sim-wait200-gap20-words40 waits 200 ms, then says 40 words, one each 20 ms. \
            Its parts, in any order:

              -waitN, -gapN, -wordsN        milliseconds before the answer and between words; words in all
              -callsN                       N tool calls in one turn
              -thinkN                       N words of thoughts before the answer, with the dialect's state
              -strict                       refuses what the real provider would refuse
              -failN                        only the first N calls of this name fail as it says, later ones do not
              -statusN                      refuses with this HTTP status
              -quota, -toolong              refuses: nothing left on the account (429), prompt too long (400)
              -retryafterN, -retryaftermsN, -shouldretry0, -shouldretry1
                                            headers of a refusal
              -errorN [-afterN]             status 200, and then an error of status N: at once, or after N words
              -cutN, -endN, -hangN          after N words: closes, ends without the terminator, falls silent
              -resetP, -stallP              at point P: closes hard, falls silent
              -html, -longline              answers with a web page, with one line of 10 MB

            Points: 1 before the request is read, 2 before the head, 3 after it, 4 after the preamble, 5 after the first \
            content, 6 in the middle of an event, 7 before the terminator.

            A script says what is answered to what; the first rule that fits counts, each member may be left out:

              {"rules": [{"model": "name or pattern*", "contains": "in the prompt" or ["all", "of these"], "turn": 1,
                          "answer": "text" or ["first call", "second call and later"], "words_gap_ms": 5,
                          "fault": "status500-fail2"}]}

            GET /simulator/calls lists the last 10,000 calls, DELETE forgets them.
            """
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = 8090

    @Option(help: "A file of rules: what is answered to what.")
    var script: String?

    func run() async throws {
        let logger = Logger(label: "simulate", factory: { StreamLogHandler.standardError(label: $0) })
        let provider = SimulatedProvider(script: try rules())
        let server = SimulatorServer.make(
            answering: provider.call,
            models: SimulatedProvider.models(),
            host: host,
            port: port,
            logger: logger
        ) { port in
            logger.notice("simulating", metadata: ["url": "http://\(host):\(port)"])
        }
        try await ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }

    private func rules() throws -> SimulationRules {
        guard let script else { return SimulationRules() }
        guard let bytes = FileManager.default.contents(atPath: script) else {
            throw PlenumError(.invalidRequest, "The script \(script) cannot be read.")
        }
        return try SimulationRules(parsing: Array(bytes))
    }
}
