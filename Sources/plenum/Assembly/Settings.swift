import Configuration
import PlenumCore
import PlenumStorage
import SystemPackage

/// What the environment and `.env` say; a variable of the environment comes first.
struct Settings: Sendable {
    private let environment: EnvironmentVariablesProvider
    private let file: EnvironmentVariablesProvider

    /// Reads the environment and the file `.env` of the current folder, if there is one.
    static func load() async throws -> Settings {
        do {
            let file = try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true)
            return Settings(environment: EnvironmentVariablesProvider(), file: file)
        } catch {
            throw PlenumError(.invalidRequest, "The file .env cannot be read: \(error)")
        }
    }

    /// The value of a variable; an empty one counts as absent.
    subscript(name: String) -> String? {
        if let value = try? environment.environmentValue(forName: name), !value.isEmpty { return value }
        guard let written = try? file.environmentValue(forName: name) else { return nil }
        let value = Self.unquoted(written)
        return value.isEmpty ? nil : value
    }

    /// A value of the file without the quotes around it: a shell would take them off, and so do people expect it.
    private static func unquoted(_ text: String) -> String {
        guard text.count > 1, let quote = text.first, quote == "\"" || quote == "'", text.last == quote else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    /// Where everything is kept: what was named, else `PLENUM_STORAGE`, else a file in `data`.
    func storageURL(_ named: String?) throws(PlenumError) -> StorageURL {
        try StorageURL(named ?? self["PLENUM_STORAGE"] ?? "sqlite:data/plenum.sqlite")
    }

    /// Opens a storage with the settings that it asks for.
    func open(_ url: StorageURL) async throws(PlenumError) -> any Storage {
        try await url.open { self[$0] }
    }

    /// A whole number.
    func number(_ name: String) throws(PlenumError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), number > 0 else {
            throw PlenumError(.invalidRequest, "\(name) must be a whole number above 0; it is \"\(text)\".")
        }
        return number
    }

    /// A switch: `true` or `false`, `1` or `0`, `yes` or `no`, `on` or `off`.
    func flag(_ name: String) throws(PlenumError) -> Bool? {
        switch self[name]?.lowercased() {
        case nil: return nil
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        case let word?: throw PlenumError(.invalidRequest, "\(name) must be true or false; it is \"\(word)\".")
        }
    }
}
