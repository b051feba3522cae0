import PlenumCore
import Synchronization
import Testing

@testable import PlenumStorage

@Suite("PostgreSQL may fail", .enabled(if: PostgresUnderTest.url != nil && PostgresUnderTest.poolerURL != nil))
struct PostgresServerTests {
    @Test("an address that leads nowhere is answered with what to do, and never with the password")
    func addresses() async throws {
        let url = try PostgresUnderTest.url()
        let cases: [(String, String)] = [
            (try PostgresUnderTest.url(password: "wrong-secret"), "password"),
            (try PostgresUnderTest.url(PostgresUnderTest.poolerURL, password: "wrong-secret"), "password"),
            (try PostgresUnderTest.url(user: "nobody", password: "wrong-secret"), "password"),
            (try PostgresUnderTest.url(database: "nowhere"), "no such database"),
            (try PostgresUnderTest.url(port: 1), "start PostgreSQL"),
            ("postgres://u:wrong-secret@plenum.invalid/d", "host"),
            ("postgres://u:wrong-secret@[::1/d", "address"),
            (url + "?sslmode=verify-full&sslrootcert=/dev/null", "certificate"),
        ]
        let secrets = [try PostgresUnderTest.password(), "wrong-secret"]
        for (url, words) in cases {
            do throws(PlenumError) {
                let storage = try await SQLStorage.postgres(PostgresUnderTest.patient(url))
                await storage.close()
                Issue.record("opened where \(words) was expected")
            } catch {
                #expect(error.code == .storage && error.message.contains(words), "\(error) \(error.cause ?? "")")
                for secret in secrets { #expect(!"\(error) \(error.cause ?? "")".contains(secret)) }
            }
        }
    }

    @Test("two processes that start at once migrate once, and a newer schema is refused")
    func migration() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number: UInt64 in 1...4 {
                    group.addTask {
                        let storage = try await SQLStorage.postgres(settings)
                        try await storage.commit([.createConversation(Samples.conversation(number))])
                        await storage.close()
                    }
                }
                try await group.waitForAll()
            }
            let versions = try PostgresUnderTest.column("SELECT version::text FROM plenum.schema_version", in: name)
            #expect(versions == ["\(SQLSchema.version)"])
            let kept = try PostgresUnderTest.column("SELECT count(*)::text FROM plenum.conversation", in: name)
            #expect(kept == ["4"])
            try PostgresUnderTest.run("UPDATE plenum.schema_version SET version = 999", in: name)
            await expect(.storage) { _ = try await SQLStorage.postgres(settings) }
        }
    }

    @Test("connections that the server ends come back, and nothing that was acknowledged is lost")
    func terminations() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(database: name))
            let database = try await PostgresDatabase(settings)
            let storage = try await SQLStorage(migrating: database)
            let kept = await withTaskGroup(of: [UInt64].self) { group in
                let isOver = Flag()
                for task: UInt64 in 0..<8 {
                    group.addTask { await Self.commit(from: task * 100_000, to: storage, until: isOver) }
                }
                for _ in 0..<12 {
                    try? await Task.sleep(for: .milliseconds(80))
                    let kill: StaticString = """
                        SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """
                    _ = try? PostgresUnderTest.column(kill, in: name)
                }
                isOver.raise()
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(kept.count > 8 && database.tally.connections.load(ordering: .relaxed) > 2)
            for number in kept { _ = try await storage.generation(Samples.id(number)) }
            print("terminations: \(kept.count) acknowledged, none lost")
            await storage.close()
        }
    }

    /// Commits generations until it is over, and gives the numbers of those that were acknowledged.
    private static func commit(from first: UInt64, to storage: SQLStorage, until isOver: Flag) async -> [UInt64] {
        var kept: [UInt64] = []
        var number = first
        while !isOver.isRaised {
            number += 1
            let content = GenerationContent(request: [UInt8](repeating: 1, count: 500))
            do throws(PlenumError) {
                try await storage.commit([.createGeneration(Samples.generation(number), content)])
                kept.append(number)
            } catch {
                #expect(error.code == .storage && error.isRetryable)
            }
        }
        return kept
    }

    @Test("a server that falls silent fails every call until it speaks again")
    func silence() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let proxy = try FreezingProxy(to: try PostgresUnderTest.port())
            let url = try PostgresUnderTest.url(database: name, port: proxy.port) + "?sslmode=disable"
            let storage = try await open(url)
            try await storage.commit([.createConversation(Samples.conversation(1))])
            _ = try await storage.conversation(Samples.id(1))
            proxy.freeze()
            // All of these end while nothing moves: nobody waits for the thaw.
            await withTaskGroup(of: Void.self) { group in
                for number: UInt64 in 2...20 {
                    group.addTask {
                        await expect(.storage) {
                            try await storage.commit([.createConversation(Samples.conversation(number))])
                        }
                        await expect(.storage) { _ = try await storage.conversation(Samples.id(1)) }
                    }
                }
            }
            await expect(.storage) { try await storage.probe() }
            proxy.thaw()
            try await untilItWorks { try await storage.probe() }
            _ = try await storage.conversation(Samples.id(1))
            await storage.close()
            await proxy.close()
        }
    }

    @Test("a server that is gone fails every call, and is found again without a request")
    func absence() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let proxy = try FreezingProxy(to: try PostgresUnderTest.port())
            let url = try PostgresUnderTest.url(database: name, port: proxy.port) + "?sslmode=disable"
            let database = try await PostgresDatabase(PostgresUnderTest.patient(url))
            let storage = try await SQLStorage(migrating: database)
            try await storage.commit([.createConversation(Samples.conversation(1))])
            await proxy.close()
            for number: UInt64 in 2...5 {
                await expect(.storage) { try await storage.commit([.createConversation(Samples.conversation(number))]) }
                await expect(.storage) { _ = try await storage.conversation(Samples.id(1)) }
            }
            #expect(database.health.fault?.retryAfter == .seconds(1))
            let again = try FreezingProxy(to: try PostgresUnderTest.port(), at: proxy.port)
            try await untilItWorks { if let fault = database.health.fault { throw fault } }
            #expect(try await storage.conversation(Samples.id(1)) == Samples.conversation(1))
            try await storage.commit([.createConversation(Samples.conversation(2))])
            await storage.close()
            await again.close()
        }
    }

    @Test("a connection that is cut in a commit costs nothing: the commit is looked up, and done again if it was not")
    func doubt() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let proxy = try FreezingProxy(to: try PostgresUnderTest.port())
            let url = try PostgresUnderTest.url(database: name, port: proxy.port) + "?sslmode=disable"
            let database = try await PostgresDatabase(PostgresUnderTest.patient(url))
            let storage = try await SQLStorage(migrating: database)
            for (number, cut) in [(1, .before), (2, .after)] as [(UInt64, FreezingProxy.Cut)] {
                let connections = database.tally.connections.load(ordering: .relaxed)
                proxy.cutNextCommit(cut)
                try await storage.commit([.createGeneration(Samples.generation(number), nil)])
                #expect(database.tally.connections.load(ordering: .relaxed) == connections + 1)
            }
            // Only now: reads commit too, and would have been cut.
            for number: UInt64 in 1...2 {
                #expect(try await storage.generation(Samples.id(number)) == Samples.generation(number))
            }
            await storage.close()
            await proxy.close()
        }
    }

    @Test("a commit of which nobody can know is told as that, and may have been kept")
    func unknown() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let proxy = try FreezingProxy(to: try PostgresUnderTest.port())
            let url = try PostgresUnderTest.url(database: name, port: proxy.port) + "?sslmode=disable"
            let storage = try await SQLStorage.postgres(PostgresUnderTest.patient(url))
            proxy.cutNextCommit(.after)
            proxy.closesWithCut()
            do throws(PlenumError) {
                try await storage.commit([.createGeneration(Samples.generation(1), nil)])
                Issue.record("a commit was acknowledged that nobody has heard of")
            } catch {
                #expect(error.code == .storage && error.message.contains("look before you send it again"), "\(error)")
            }
            await storage.close()
            await proxy.close()
            let later = try await open(try PostgresUnderTest.url(database: name))
            #expect(try await later.generation(Samples.id(1)) == Samples.generation(1))
            await later.close()
        }
    }

    @Test("a caller that leaves does not hold the reader up")
    func cancellation() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let proxy = try FreezingProxy(to: try PostgresUnderTest.port())
            let url = try PostgresUnderTest.url(database: name, port: proxy.port) + "?sslmode=disable"
            var settings = PostgresUnderTest.patient(url)
            settings.readers = 1
            let storage = try await SQLStorage.postgres(settings)
            _ = try await storage.usage(by: .model, since: nil)
            proxy.freeze()
            let read = Task { await expect(.cancelled) { _ = try await storage.usage(by: .model, since: nil) } }
            try await Task.sleep(for: .milliseconds(20))
            read.cancel()
            await read.value
            proxy.thaw()
            #expect(try await storage.usage(by: .model, since: nil).isEmpty)
            await storage.close()
            await proxy.close()
        }
    }

    @Test("Supabase's outsiders see and change nothing, even where somebody grants them rights")
    func outsiders() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let storage = try await open(try PostgresUnderTest.url(database: name))
            try await storage.commit([.createConversation(Samples.conversation(1))])
            await storage.close()
            let tables = try PostgresUnderTest.column(
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'plenum'",
                in: name
            )
            #expect(tables.count >= 9)
            for role in ["anon", "authenticated"] {
                for table in tables {
                    let read = "SET ROLE \(role); SELECT * FROM plenum.\(table)"
                    #expect(sqlState(of: read, in: name) == "42501")
                }
            }
            let grants = "GRANT USAGE ON SCHEMA plenum TO anon; GRANT ALL ON ALL TABLES IN SCHEMA plenum TO anon"
            try PostgresUnderTest.run(grants, in: name)
            for table in tables {
                let count = "SET ROLE anon; DO $$ BEGIN ASSERT (SELECT count(*) FROM plenum.\(table)) = 0; END $$"
                #expect(sqlState(of: count, in: name) == nil)
            }
            let insert = "SET ROLE anon; INSERT INTO plenum.probe (number, count) VALUES (7, 7)"
            #expect(sqlState(of: insert, in: name) == "42501")
        }
    }

    private func sqlState(of script: String, in database: String) -> String? {
        do { try PostgresUnderTest.run(script, in: database, as: "authenticator") } catch let fault as PostgresFault {
            if case .refused(let state) = fault.kind { return state }
            return "\(fault.kind)"
        } catch { return "\(error)" }
        return nil
    }

    @Test("several processes share a pooler that has two connections")
    func pooler() async throws {
        try await PostgresUnderTest.withDatabase { name in
            let url = try PostgresUnderTest.url(PostgresUnderTest.poolerURL, database: name)
            let storages = [try await open(url), try await open(url), try await open(url)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task: UInt64 in 0..<24 {
                    let storage = storages[Int(task) % 3]
                    let other = storages[Int(task + 1) % 3]
                    group.addTask {
                        for step: UInt64 in 1...10 {
                            let generation = Samples.generation(task * 100 + step)
                            let content = GenerationContent(request: Array("\(task) \(step)".utf8))
                            try await storage.commit([.createGeneration(generation, content)])
                            #expect(try await other.content(of: generation.id) == content)
                        }
                    }
                }
                try await group.waitForAll()
            }
            for storage in storages { await storage.close() }
        }
    }

    private func open(_ url: String) async throws -> SQLStorage {
        var settings = PostgresUnderTest.patient(url)
        // Silence is told from slowness here, by the usual measure.
        if url.contains("sslmode=disable") {
            settings.stallPatience = 500
            settings.readPatience = 300
        }
        return try await .postgres(settings)
    }

    private func untilItWorks(_ body: () async throws -> Void) async throws {
        for _ in 0..<300 {
            if (try? await body()) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        try await body()
    }
}

/// Something that is raised once.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .relaxed) }

    func raise() { state.store(true, ordering: .relaxed) }
}
