import PlenumCore
import Testing

/// One promise of the port to several processes on one database, and how to see that it is kept.
struct SharedConformanceCase: Sendable, CustomTestStringConvertible {
    let promise: String
    let check: @Sendable (any Storage, any Storage) async throws -> Void

    init(_ promise: String, _ check: @escaping @Sendable (any Storage, any Storage) async throws -> Void) {
        self.promise = promise
        self.check = check
    }

    var testDescription: String { promise }
}

@Suite("Every storage keeps the port's promises to several processes")
struct SharedConformanceTests {
    @Test(
        "a backend keeps a promise to two processes",
        arguments: StorageUnderTest.available,
        SharedConformanceCase.all
    )
    func keeps(backend: StorageUnderTest, promise: SharedConformanceCase) async throws {
        try await backend.withTwo { try await promise.check($0, $1) }
    }

    @Test("the suite says how much it checks")
    func count() {
        for backend in StorageUnderTest.allCases {
            let isThere = StorageUnderTest.available.contains(backend)
            let count =
                isThere ? "\(SharedConformanceCase.all.count) cases" : "skipped: run scripts/postgres start first"
            print("shared conformance: \(backend.rawValue) \(count)")
        }
        #expect(Set(SharedConformanceCase.all.map(\.promise)).count == SharedConformanceCase.all.count)
    }
}
