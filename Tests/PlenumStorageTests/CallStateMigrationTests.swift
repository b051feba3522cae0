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
    func sqlite() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/plenum.sqlite"
        try OldDatabase.make(5, path, "")
        let storage = try await SQLStorage.sqlite(path: path)
        try await check(storage)
        await storage.close()
    }

    @Test("and so does a database of PostgreSQL", .enabled(if: PostgresUnderTest.url != nil))
    func postgres() async throws {
        try await PostgresUnderTest.withDatabase { name in
            try PostgresUnderTest.run(
                "CREATE SCHEMA plenum; SET search_path TO plenum;\n" + OldDatabase.tables(ofVersion: 5, .postgres),
                in: name
            )
            let storage = try await SQLStorage.postgres(
                PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            )
            try await check(storage)
            await storage.close()
        }
    }
}
