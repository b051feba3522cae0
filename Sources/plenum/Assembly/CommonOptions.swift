import ArgumentParser
import Logging
import PlenumCore

/// Options that several commands share.
struct CommonOptions: ParsableArguments {
    @Option(
        help:
            "Where everything is kept: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE, supabase (at SUPABASE_DB_URL) or memory. (environment: PLENUM_STORAGE; default: sqlite:data/plenum.sqlite)"
    )
    var storage: String?

    @Option(help: "The file that names providers and models. (environment: PLENUM_PROVIDERS; default: providers.json)")
    var providers: String?

    @Flag(help: "Offer the three simulated models also when there are real ones.")
    var demo = false

    @Option(help: "How much to log: trace, debug, info, notice, warning, error. (environment: PLENUM_LOG_LEVEL)")
    var logLevel: String?

    /// Makes the logger, which writes to standard error.
    func logger(_ settings: Settings, default level: Logger.Level = .info) throws -> Logger {
        let name = logLevel ?? settings["PLENUM_LOG_LEVEL"]
        guard let level = name.map({ Logger.Level(rawValue: $0) }) ?? level else {
            throw PlenumError(.invalidRequest, "There is no log level \"\(name ?? "")\".")
        }
        var logger = Logger(label: "plenum", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = level
        return logger
    }

    /// Where everything is kept.
    func storageURL(_ settings: Settings) -> String {
        storage ?? settings["PLENUM_STORAGE"] ?? "sqlite:data/plenum.sqlite"
    }
}
