import Foundation
import PlenumCore
import PlenumProviders

extension ProvidersFile {
    /// Reads a file of the disk; `nil` if it cannot be read. Prices without a version have the day on which it changed last.
    static func read(_ path: String) throws(PlenumError) -> ProvidersFile? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let day = (attributes?[.modificationDate] as? Date).map { String($0.formatted(.iso8601).prefix(10)) }
        return try ProvidersFile(parsing: Array(bytes), date: day)
    }
}
