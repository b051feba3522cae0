import Foundation
import Testing

/// Texts that are kept in files beside the tests, to be read by people when they change.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")

    /// Compares a text with the one that is kept; writes it where PLENUM_UPDATE_GOLDENS is set.
    static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: "\(name).txt")
        if ProcessInfo.processInfo.environment["PLENUM_UPDATE_GOLDENS"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        guard kept != text else { return }
        let (ours, theirs) = (text.split(separator: "\n"), (kept ?? "").split(separator: "\n"))
        let line =
            zip(ours, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            ?? min(ours.count, theirs.count)
        Issue.record(
            """
            \(name).txt differs from line \(line + 1) on. Set PLENUM_UPDATE_GOLDENS=1 to write it anew, and read the change.
            is:     \(line < ours.count ? String(ours[line]) : "(the end)")
            should: \(line < theirs.count ? String(theirs[line]) : "(the end)")
            """,
            sourceLocation: sourceLocation
        )
    }
}
