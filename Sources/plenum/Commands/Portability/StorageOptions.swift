import ArgumentParser
import Foundation
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
    /// - Parameter isReading: whether only what is there matters, so that no empty database is made.
    func withEngine<Result>(
        isReading: Bool = false,
        _ body: (Engine) async throws -> Result
    ) async throws -> Result {
        let settings = try await Settings.load()
        let url = try settings.storageURL(self.storage)
        if isReading, case .sqlite(let path) = url, !FileManager.default.fileExists(atPath: path) {
            throw PlenumError(.notFound, "There is no database at \(path).")
        }
        var logger = Logger(label: "plenum", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let storage = try await settings.open(url)
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
