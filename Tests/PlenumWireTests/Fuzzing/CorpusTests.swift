import Foundation
import PlenumCore
import Testing

/// The fuzzer's inputs, each given to the code it was made for.
@Suite("Inputs of the fuzzer")
struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("scripts/fuzz")

    /// The files in a folder; none if it is not there.
    private static func files(_ kind: String, _ name: String) throws -> [URL] {
        let place = folder.appendingPathComponent(kind).appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: place.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    @Test("show nothing that does not hold", arguments: FuzzTarget.all.map(\.name))
    func inputs(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Self.files("corpus", target.corpus)
        #expect(!corpus.isEmpty, "\(name) has inputs to begin with")
        for file in try corpus + Self.files("regressions", name) {
            let bytes = Array(try Data(contentsOf: file))
            do {
                try target.check(bytes)
            } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test("are small, and each folder is a target's", arguments: ["corpus", "regressions"])
    func folders(kind: String) throws {
        var names: Set<String> = ["sse", "json"]
        for dialect in Dialect.allCases {
            for part in ["request", "reply", "translate"] { names.insert("\(part)-\(dialect.rawValue)") }
        }
        for place in try Self.files(kind, "") where place.hasDirectoryPath {
            let name = place.lastPathComponent
            #expect(names.contains(name), "\(kind)/\(name) is nobody's")
            for file in try Self.files(kind, name) {
                #expect(try Data(contentsOf: file).count <= 2048, "\(file.lastPathComponent) of \(name) is small")
            }
        }
    }

    @Test("are cut into pieces that together are the whole")
    func cuts() {
        for seed in UInt8.min...UInt8.max {
            let cuts = Cuts([seed] + Array(0..<200))
            #expect(cuts.pieces.flatMap(\.self) == cuts.body)
            #expect(cuts.pieces.allSatisfy { 1...Int(seed) + 1 ~= $0.count })
        }
        #expect(Cuts([]).pieces.isEmpty)
    }
}
