import Foundation
import PlenumCore

/// Where an export goes: standard output, or a file that appears when it is whole, for its owner alone to read.
struct ExportTarget {
    private let path: String?
    private let part: String
    private let handle: FileHandle

    /// Opens a target.
    /// - Throws: `conflict` for a file that is there already and must stay.
    init(_ file: String, replaces: Bool) throws(PlenumError) {
        guard file != "-" else {
            (path, part, handle) = (nil, "", FileHandle.standardOutput)
            return
        }
        guard replaces || !FileManager.default.fileExists(atPath: file) else {
            throw PlenumError(.conflict, "There is a file \(file) already: name another one, or add --force.")
        }
        (path, part) = (file, file + ".part")
        let isMade = FileManager.default.createFile(
            atPath: part,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade, let handle = FileHandle(forWritingAtPath: part) else {
            throw PlenumError(.storage, "The file \(part) cannot be written.")
        }
        self.handle = handle
    }

    /// Writes some bytes more.
    func write(_ bytes: [UInt8]) throws { try handle.write(contentsOf: Data(bytes)) }

    /// Gives the file its name.
    func finish() throws {
        guard let path else { return }
        try handle.synchronize()
        try handle.close()
        guard rename(part, path) == 0 else {
            throw PlenumError(.storage, "The file \(part) cannot be renamed to \(path).")
        }
    }

    /// Removes what there is of a file that will not become whole.
    func abandon() {
        guard path != nil else { return }
        try? handle.close()
        try? FileManager.default.removeItem(atPath: part)
    }
}
