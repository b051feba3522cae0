import Foundation
import PlenumCore

/// One recorded exchange with a provider.
struct Recording: Sendable {
    let file: String
    let provider: String
    let scenario: String
    let isStreamed: Bool
    let status: Int
    let headers: JSONValue
    let request: JSONValue
    let body: [UInt8]

    /// The scenario without `stream-`.
    var topic: String { scenario.hasPrefix("stream-") ? String(scenario.dropFirst(7)) : scenario }

    let dialect: Dialect

    /// Whether the provider is the one whose dialect it is.
    var isOriginal: Bool {
        ["anthropic", "openai-chat", "openai-responses", "azure-responses", "gemini"].contains(provider)
    }
}

/// The recordings, which stand beside the project: `PLENUM_SHARED`, or `../shared` as seen from the package.
enum Recordings {
    static let folder: URL = {
        if let shared = ProcessInfo.processInfo.environment["PLENUM_SHARED"] {
            return URL(fileURLWithPath: shared).appendingPathComponent("fixtures")
        }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
    }()

    static let arePresent: Bool = {
        let isThere = FileManager.default.fileExists(atPath: folder.path)
        if !isThere {
            print("conformance: SKIPPED, there are no recordings; set PLENUM_SHARED to the folder that has fixtures/")
        }
        return isThere
    }()

    private static let dialects: [String: Dialect] = [
        "anthropic": .anthropicMessages, "chat": .openAIChat, "responses": .openAIResponses, "gemini": .gemini,
    ]

    /// The recordings of every provider whose dialect is spoken here.
    static func load() throws -> [Recording] {
        let manifest = try String(contentsOf: folder.appendingPathComponent("MANIFEST.tsv"), encoding: .utf8)
        var all: [Recording] = []
        for line in manifest.split(whereSeparator: \.isNewline).dropFirst() {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard columns.count > 6 else { continue }
            let data = try Data(contentsOf: folder.appendingPathComponent(columns[0]))
            let tree = try JSONValue(parsing: Array(data))
            guard let dialect = tree["dialect"]?.string.flatMap({ dialects[$0] }) else { continue }
            guard let body = tree["response"]?["body"]?.string else {
                throw Complaint("\(columns[0]) has no response.body")
            }
            all.append(
                Recording(
                    file: columns[0],
                    provider: columns[1],
                    scenario: columns[2],
                    isStreamed: columns[3] == "y",
                    status: tree["response"]?["status"]?.int ?? 0,
                    headers: tree["response"]?["headers"] ?? [:],
                    request: tree["request"] ?? [:],
                    body: Array(body.utf8),
                    dialect: dialect
                )
            )
        }
        return all
    }
}

/// An error with a sentence.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
