import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("A database from before calls had anything in mind")
struct CallStateMigrationTests {
    private func check(_ storage: any Storage) async throws {
        #expect(try await storage.callStates(of: ["call_1"]) == [])
        let state = CallState(call: "call_1", parts: [.reasoning(Reasoning("Hm."))], createdAt: Samples.time(1))
        try await storage.commit([.keepCallState(state)])
        #expect(try await storage.callStates(of: ["call_1"]) == [state])
    }

    @Test("a file of SQLite takes it in")
    func sqlite() async throws { try await OldDatabase.openFile(of: 5, { _ in "" }, check) }

    @Test("and so does a database of PostgreSQL", .enabled(if: PostgresUnderTest.url != nil))
    func postgres() async throws { try await OldDatabase.openPostgres(of: 5, { _ in "" }, check) }
}
