import PlenumCore
import Testing

/// One promise of the port, and how to see that it is kept.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    let promise: String
    let check: @Sendable (any Storage) async throws -> Void

    init(_ promise: String, _ check: @escaping @Sendable (any Storage) async throws -> Void) {
        self.promise = promise
        self.check = check
    }

    var testDescription: String { promise }

    static let all =
        conversations + messages + progress + generations + prices + reports + runs + steps + runChanges + runLists
        + commands + callStates + claims + recovery + atomicity + search + words
}

@Suite("Every storage keeps the port's promises")
struct StorageConformanceTests {
    @Test("a backend keeps a promise", arguments: StorageUnderTest.available, ConformanceCase.all)
    func keeps(backend: StorageUnderTest, promise: ConformanceCase) async throws {
        try await backend.with { try await promise.check($0) }
    }

    @Test("the suite says how much it checks")
    func count() {
        for backend in StorageUnderTest.allCases {
            let isThere = StorageUnderTest.available.contains(backend)
            let count = isThere ? "\(ConformanceCase.all.count) cases" : "skipped: run scripts/postgres start first"
            print("conformance: \(backend.rawValue) \(count)")
        }
        #expect(Set(ConformanceCase.all.map(\.promise)).count == ConformanceCase.all.count)
    }
}
