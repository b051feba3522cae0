import ArgumentParser
import Logging
import PlenumCore
import PlenumEngine
import PlenumHTTP
import PlenumStorage
import ServiceLifecycle
import UnixSignals

/// What all commands that carry out a run are told.
struct RunOptions: ParsableArguments {
    @Option(
        help:
            "A running server to ask. (environment: PLENUM_SERVER; default: the one at PLENUM_HOST and PLENUM_PORT, if one runs there)"
    )
    var server: String?

    @Flag(help: "Print the finished run as JSON.")
    var json = false

    @Flag(help: "Print the finished run as Markdown.")
    var markdown = false

    /// Whether nothing is shown until the end.
    var isSilent: Bool { json || markdown }
}

/// Carries out runs for the commands: at a server that runs, or in this process.
struct RunClient {
    let common: CommonOptions
    let options: RunOptions

    /// What is wanted of a run.
    enum Wish {
        /// Begin one, as the API would be asked.
        case start(JSONObject)
        /// Follow one that was begun before, and take it up again if it broke off.
        case follow(String, resumes: Bool)
    }

    /// Finds the server that is to be asked; `nil` if this process is to do it.
    private func server(_ settings: Settings) async throws -> RemoteServer? {
        let named = options.server ?? settings["PLENUM_SERVER"]
        // Who names a storage or providers means those, not the server's.
        let isOwn = common.storage != nil || common.providers != nil || common.demo
        guard named != nil || !isOwn else { return nil }
        let usual = "http://\(settings["PLENUM_HOST"] ?? "127.0.0.1"):\(settings["PLENUM_PORT"] ?? "8080")"
        return try await RemoteServer.find(named, usual: usual, key: settings["PLENUM_MASTER_KEY"])
    }

    /// Does what is wanted and shows it.
    /// - Parameter make: makes the wish, given the first model that can be asked.
    func carryOut(_ renderer: any EventRenderer, _ make: (String?) throws -> Wish) async throws {
        let settings = try await Settings.load()
        if let remote = try await server(settings) {
            try await carryOut(try make(try await remote.firstModel()), at: remote, renderer)
        } else {
            try await carryOutHere(settings, renderer, make)
        }
        try renderer.finish()
    }

    private func carryOut(_ wish: Wish, at remote: RemoteServer, _ renderer: any EventRenderer) async throws {
        let run = RunName()
        let isCutOff = try await untilInterrupted {
            switch wish {
            case .start(var body):
                body["stream"] = true
                try await remote.follow(body, run, renderer)
            case .follow(let id, let resumes):
                run.set(id)
                if resumes { try await remote.post("/v1/runs/\(id)/resume") }
                try await remote.follow(id, renderer)
            }
        }
        if isCutOff {
            Terminal.complain("\nthe run goes on at the server. Follow it: plenum follow \(run.value ?? "")")
            throw ExitCode(130)
        }
        if options.isSilent, let id = run.value { try show(try JSONValue(parsing: try await remote.run(id))) }
    }

    private func carryOutHere(
        _ settings: Settings,
        _ renderer: any EventRenderer,
        _ make: (String?) throws -> Wish
    ) async throws {
        let logger = try common.logger(settings, default: .error)
        let assembly = try await Assembly.make(common, settings, logger: logger)
        for note in assembly.notes where note.contains("SIMULATED") { Terminal.complain(note) }
        let engine = assembly.engine
        let first = engine.catalogue.deployments.first(where: \.isAvailable)?.model.id.description
        let wish = try make(first)
        let name = RunName()
        let isCutOff = try await untilInterrupted {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await engine.run() }
                let id = try await Self.begin(wish, engine)
                name.set(id.description)
                for try await batch in try await engine.events(ofRun: id, after: 0) {
                    for event in batch { renderer.show(event.data) }
                }
                group.cancelAll()
            }
        }
        let run = name.value.flatMap { RunID($0) }
        if !isCutOff, options.isSilent, let run { try show(RunView.of(try await engine.record(of: run))) }
        await assembly.close()
        if isCutOff {
            Terminal.complain(
                "\nthe run was interrupted with what it had. Take it up: plenum follow --resume \(name.value ?? "")"
            )
            throw ExitCode(130)
        }
    }

    private static func begin(_ wish: Wish, _ engine: Engine) async throws -> RunID {
        switch wish {
        case .start(let body): return try await engine.start(try RunBody.read(body)).id
        case .follow(let text, let resumes):
            guard let id = RunID(text) else { throw PlenumError(.notFound, "There is no run \"\(text)\".") }
            return resumes ? try await engine.tell(id, .resume).id : id
        }
    }

    private func show(_ run: JSONValue) throws {
        Terminal.write((options.json ? run.text : RunMarkdown.text(of: run)) + "\n")
    }

    /// Does work until it is done or somebody presses Ctrl-C.
    /// - Returns: whether somebody did.
    private func untilInterrupted(_ work: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        let signals = await UnixSignalsSequence(trapping: .sigint)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return false
            }
            group.addTask {
                for await _ in signals { return true }
                return false
            }
            defer { group.cancelAll() }
            do {
                return try await group.next() ?? false
            } catch is CancellationError {
                return true
            }
        }
    }
}
