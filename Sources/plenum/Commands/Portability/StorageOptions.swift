import ArgumentParser
import Logging
import PlenumCore
import PlenumEngine
import PlenumStorage

/// Options of commands that read and write what is kept, and ask no model.
struct StorageOptions: ParsableArguments {
    @Option(
        help:
            "Where everything is kept: sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE, supabase (at SUPABASE_DB_URL) or memory. (environment: PLENUM_STORAGE; default: sqlite:data/plenum.sqlite)"
    )
    var storage: String?

    /// Lends an engine without models on the storage, and closes the storage afterwards.
    func withEngine<Result>(_ body: (Engine) async throws -> Result) async throws -> Result {
        let settings = try await Settings.load()
        var logger = Logger(label: "plenum", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let storage = try await settings.open(settings.storageURL(self.storage))
        do {
            let engine = Engine(catalogue: Catalogue([]), storage: storage, logger: logger)
            _ = try await engine.recover()
            let result = try await body(engine)
            await storage.close()
            return result
        } catch {
            await storage.close()
            throw error
        }
    }
}
