import ArgumentParser
import Logging
import PlenumCore
import PlenumEngine
import PlenumHTTP
import PlenumWeb
import ServiceLifecycle
import Synchronization
import UnixSignals

/// `plenum serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve every model over HTTP, and keep what is said.",
        discussion: """
            Without a key a server listens on this machine alone (127.0.0.1, ::1, localhost). For any other address set \
            PLENUM_MASTER_KEY, 32 characters or more, in the environment or in .env; clients then send it as their API key. \
            PLENUM_KEYS ("anna=KEY, ben=KEY") names more of them, so that the ledger can say whose request was what.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "The address to listen on. (environment: PLENUM_HOST; default: 127.0.0.1)")
    var host: String?

    @Option(help: "The port to listen on. (environment: PLENUM_PORT; default: 8080)")
    var port: Int?

    @Option(help: "For work on the page: read its files from this folder at each request, not from the program.")
    var page: String?

    @Option(
        help: ArgumentHelp(
            "How many debates may go on at once for one key. (environment: PLENUM_DEBATES_AT_ONCE; default: 4 with "
                + "PLENUM_MASTER_KEY or PLENUM_KEYS, else any number)"
        )
    )
    var debatesAtOnce: Int?

    func run() async throws {
        let settings = try await Settings.load()
        let logger = try common.logger(settings)
        let host = host ?? settings["PLENUM_HOST"] ?? "127.0.0.1"
        let port = try port ?? settings.number("PLENUM_PORT") ?? 8080
        let doors = try doors(settings, host: host)
        let assembly = try await Assembly.make(common, settings, logger: logger)
        for note in assembly.notes { logger.notice("\(note)") }
        if !EventLoopTasks.areHere {
            logger.warning("tasks do not run on event loops: expect half the speed")
        }
        let storageURL = common.storageURL(settings)
        let models = assembly.catalogue.models.count { $0.isAvailable }
        let server = PlenumServer.make(
            engine: assembly.engine,
            configuration: doors,
            host: host,
            port: port,
            logger: logger
        ) { port in
            logger.notice(
                "serving",
                metadata: [
                    "url": "http://\(host):\(port)", "storage": "\(Self.shown(storageURL))", "models": "\(models)",
                ]
            )
        }
        var services = ServiceGroupConfiguration(
            services: [
                .init(service: EngineService(engine: assembly.engine)),
                .init(service: DoorService(engine: assembly.engine, server: server)),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        services.maximumGracefulShutdownDuration = .seconds(25)
        services.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: services).run()
        } catch {
            await assembly.close()
            throw PlenumError(.unavailable, "The server stopped: \(error)")
        }
        await assembly.close()
        logger.notice("stopped")
    }

    private func doors(_ settings: Settings, host: String) throws -> DoorConfiguration {
        var doors = DoorConfiguration()
        doors.keys = try keys(settings)
        let isNumeric = host.allSatisfy { $0.isNumber || $0 == "." }
        let isLoopback = host == "localhost" || host == "::1" || (host.hasPrefix("127.") && isNumeric)
        guard isLoopback || settings["PLENUM_MASTER_KEY"] != nil else {
            throw PlenumError(
                .invalidRequest,
                "Others can reach \(host): set PLENUM_MASTER_KEY to a secret of 32 characters or more, for example "
                    + "with: echo PLENUM_MASTER_KEY=$(openssl rand -hex 24) >> .env"
            )
        }
        doors.allowedHosts.insert(host.lowercased())
        if let hosts = settings["PLENUM_ALLOWED_HOSTS"] {
            doors.allowedHosts.formUnion(hosts.split { $0 == "," || $0 == " " }.map { $0.lowercased() })
        } else if !doors.keys.isEmpty {
            doors.allowedHosts = []
        }
        doors.bodyLimit = try settings.number("PLENUM_BODY_LIMIT") ?? doors.bodyLimit
        doors.page = WebPage(folder: page)
        doors.keepsWords = try settings.flag("PLENUM_KEEP_WORDS") ?? true
        doors.debatesAtOnce = try debatesAtOnce ?? settings.number("PLENUM_DEBATES_AT_ONCE")
        guard doors.debatesAtOnce ?? 1 > 0 else {
            throw PlenumError(.invalidRequest, "--debates-at-once must be a whole number above 0.")
        }
        return doors
    }

    /// The keys that clients may come with.
    private func keys(_ settings: Settings) throws(PlenumError) -> [ClientKey] {
        var keys: [ClientKey] = []
        if let key = settings["PLENUM_MASTER_KEY"] {
            guard key.utf8.count >= ClientKey.shortest else {
                throw PlenumError(
                    .invalidRequest,
                    "PLENUM_MASTER_KEY has \(key.utf8.count) characters; it needs \(ClientKey.shortest) or more."
                )
            }
            keys.append(try ClientKey(name: ClientKey.master, secret: key))
        }
        guard let others = settings["PLENUM_KEYS"] else { return keys }
        do {
            return try ClientKey.list(others, besides: keys)
        } catch {
            throw PlenumError(.invalidRequest, "PLENUM_KEYS: \(error.message)")
        }
    }

    /// A database's address without its password.
    private static func shown(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@"), let scheme = url.firstRange(of: "://") else { return url }
        return url[..<scheme.upperBound] + "…" + url[at...]
    }
}

/// The engine's loop; it stops after the doors.
private struct EngineService: Service {
    let engine: Engine

    func run() async throws {
        await cancelWhenGracefulShutdown { await engine.run() }
    }
}

/// The doors; they refuse new work as soon as the server is asked to stop, and end what is under way.
private struct DoorService<Server: Service>: Service {
    let engine: Engine
    let server: Server

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await server.run()
        } onGracefulShutdown: {
            engine.stopAccepting()
            Watchdog.endProcess(after: 32)
        }
    }
}
