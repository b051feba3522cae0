import ArgumentParser
import Logging
import PlenumCore
import PlenumEngine
import PlenumHTTP
import PlenumStorage

/// `plenum ask`
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Ask one model or several at once, and keep the answers.",
        discussion: """
            plenum ask -m anthropic/claude-opus-5-5 -m openai/gpt-6.2-sol "Which is the better sort?"

            The answers are stored like any run. While a server runs at its usual place (PLENUM_HOST, PLENUM_PORT), the question \
            is put to it, unless --storage, --providers or --demo is given.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(name: [.short, .customLong("model")], help: "A model to ask; give it several times to compare.")
    var models: [String] = []

    @Option(help: "System text for every model.")
    var system: String?

    @Option(help: "The conversation to go on with.")
    var conversation: String?

    @Option(
        help:
            "A running server to ask. (environment: PLENUM_SERVER; default: the one at PLENUM_HOST and PLENUM_PORT, if one runs there)"
    )
    var server: String?

    @Flag(help: "Print the finished run as JSON.")
    var json = false

    @Flag(name: .customLong("in-turn"), help: "Print the answers one after another, not side by side.")
    var inTurn = false

    @Argument(help: "What to ask.")
    var prompt: [String]

    func run() async throws {
        let settings = try await Settings.load()
        let renderer = RunRenderer(columns: !inTurn && !json && Terminal.isInteractive, isSilent: json)
        let named = server ?? settings["PLENUM_SERVER"]
        // Who names a storage or providers means those, not the server's.
        let isOwn = common.storage != nil || common.providers != nil || common.demo
        let usual = "http://\(settings["PLENUM_HOST"] ?? "127.0.0.1"):\(settings["PLENUM_PORT"] ?? "8080")"
        if named != nil || !isOwn,
            let remote = try await RemoteServer.find(named, usual: usual, key: settings["PLENUM_MASTER_KEY"])
        {
            try await ask(remote, renderer)
        } else {
            try await askInProcess(settings, renderer)
        }
    }

    private func ask(_ remote: RemoteServer, _ renderer: RunRenderer) async throws {
        var seats = models
        if seats.isEmpty, let first = try await remote.firstModel() { seats = [first] }
        var body = JSONObject([
            ("kind", .string(seats.count > 1 ? "compare" : "chat")), ("input", .string(text)), ("stream", true),
            (
                "seats",
                .array(
                    seats.map { model in
                        var seat = JSONObject([("model", .string(model))])
                        seat["system"] = system.map { .string($0) }
                        return .object(seat)
                    }
                )
            ),
        ])
        body["conversation"] = conversation.map { .string($0) }
        let run = try await remote.follow(body, renderer)
        if json, let run { Terminal.write(try await remote.run(run) + "\n") }
        try renderer.finish()
    }

    private func askInProcess(_ settings: Settings, _ renderer: RunRenderer) async throws {
        let logger = try common.logger(settings, default: .error)
        let assembly = try await Assembly.make(common, settings, logger: logger)
        for note in assembly.notes where note.contains("SIMULATED") { Terminal.complain(note) }
        let engine = assembly.engine
        let asked = try ask(engine)
        let run: RunID? = try await withThrowingTaskGroup(of: RunID?.self) { group in
            group.addTask {
                await engine.run()
                return nil
            }
            let run = try await engine.start(asked)
            for try await batch in try await engine.events(ofRun: run.id, after: 0) {
                for event in batch { renderer.show(event.data) }
            }
            group.cancelAll()
            return run.id
        }
        if json, let run {
            let record = try await engine.storage.run(run)
            Terminal.write(try await RunView.of(record, in: engine.storage).text + "\n")
        }
        await assembly.close()
        try renderer.finish()
    }

    private var text: String { prompt.joined(separator: " ") }

    private func ask(_ engine: Engine) throws -> RunAsk {
        var names = models
        if names.isEmpty, let first = engine.catalogue.deployments.first(where: \.isAvailable) {
            names = [first.model.id.description]
        }
        var place: ConversationPlace?
        if let conversation {
            guard let id = ConversationID(conversation) else {
                throw PlenumError(.notFound, "There is no conversation \"\(conversation)\".")
            }
            place = ConversationPlace(conversation: id)
        }
        return RunAsk(
            kind: names.count > 1 ? .compare : .chat,
            input: [.text(text)],
            seats: names.map { RunAsk.Seat(model: $0, system: system) },
            place: place
        )
    }
}
