import Foundation

/// A Swift file as the rules see it.
struct SourceFile: Sendable {
    /// Its path from the root, as `Sources/PlenumCore/JSON/JSONKey.swift`.
    let path: String
    /// Its lines as written.
    let lines: [String]
    /// Its lines without what stands in comments and strings.
    let code: [String]

    init(_ path: String, _ text: String) {
        self.path = path
        self.lines = Self.lines(text)
        self.code = Self.lines(CodeMask.masked(text))
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The folders and the file's name.
    var components: [Substring] { path.split(separator: "/") }

    /// The target it belongs to: the folder below `Sources` or `Tests`.
    var target: String { components.count > 2 ? String(components[1]) : "" }

    /// Whether it is part of the program.
    var isSource: Bool { path.hasPrefix("Sources/") }
}

/// The files of this repository.
enum Repository {
    /// The folder that holds the manifest, found from where this file was compiled.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below `Sources` and `Tests`.
    static func swiftFiles() throws -> [SourceFile] {
        try paths().filter { $0.hasSuffix(".swift") }.map { SourceFile($0, try text($0)) }
    }

    /// Every path below `Sources` and `Tests`, sorted.
    static func paths() throws -> [String] {
        try ["Sources", "Tests"].flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path).map {
                "\(folder)/\($0)"
            }
        }.sorted()
    }

    /// A file's text.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
