import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("What is wrong with a database of PostgreSQL is said, and what to do")
struct StorageDiagnosisTests {
    private static let pooler =
        "postgres://postgres.abcdef:p%40ss%2Fword@aws-0-eu-central-1.pooler.supabase.com:5432/postgres?sslmode=verify-full"

    private var healthy: PostgresFacts {
        var facts = PostgresFacts()
        facts.version = "15.8"
        facts.bytes = 10_000_000
        facts.time = Samples.time(0)
        facts.schema = SQLSchema.version
        facts.tables = ["message", "schema_version"].map {
            PostgresFacts.Table(name: $0, hasRowSecurity: true, isForced: true)
        }
        facts.exposed = ["public", "graphql_public"]
        return facts
    }

    private func diagnosis(
        _ facts: PostgresFacts,
        _ address: String = pooler,
        at now: Timestamp = Samples.time(900)
    ) throws -> StorageDiagnosis {
        let diagnosis = StorageDiagnosis(of: facts, at: try PostgresAddress(address), now: now)
        for finding in diagnosis.findings {
            let isSentence = finding.sentence.hasSuffix(".") || finding.sentence.hasSuffix(";")
            #expect(isSentence, "\(finding.sentence)")
            #expect(!finding.sentence.contains("p@ss") && !finding.sentence.contains("p%40"), "no secret is said")
        }
        return diagnosis
    }

    /// The findings that are not fine.
    private func faults(_ diagnosis: StorageDiagnosis) -> [StorageFinding] {
        diagnosis.findings.filter { $0.level != .fine }
    }

    @Test("a healthy one has no fault")
    func fine() throws {
        let found = try diagnosis(healthy)
        #expect(faults(found).isEmpty && found.worst == .fine)
        #expect(found.findings.contains { $0.sentence.contains("session pooler") })
    }

    @Test("a table without forced row-level security, and every right of an outsider, is a problem")
    func open() throws {
        var facts = healthy
        facts.tables[0].isForced = false
        facts.grants = [.init(role: "anon", object: "message"), .init(role: "PUBLIC", object: "the schema")]
        facts.exposed.insert("plenum")
        let found = faults(try diagnosis(facts))
        #expect(found.count == 4 && found.allSatisfy { $0.level == .problem })
        #expect(found.contains { $0.sentence.contains("REVOKE ALL ON plenum.message FROM anon;") })
        #expect(found.contains { $0.sentence.contains("REVOKE ALL ON SCHEMA plenum FROM PUBLIC;") })
        #expect(found.contains { $0.sentence.contains("FORCE ROW LEVEL SECURITY") })
    }

    @Test("a database that grows towards the free plan's end is a warning, one that only reads a problem")
    func room() throws {
        var facts = healthy
        facts.bytes = 450_000_000
        #expect(faults(try diagnosis(facts)).map(\.level) == [.warning])
        #expect(faults(try diagnosis(facts, "postgres://a@127.0.0.1/b")).isEmpty, "elsewhere there is no such end")
        facts.isReadOnly = true
        #expect(try diagnosis(facts).worst == .problem)
    }

    @Test("a schema that is missing, older or newer, and a clock that is wrong, are told")
    func versions() throws {
        var facts = healthy
        facts.schema = SQLSchema.version - 1
        #expect(try diagnosis(facts).worst == .warning)
        facts.schema = SQLSchema.version + 1
        #expect(try diagnosis(facts).worst == .problem)
        facts.schema = nil
        #expect(try diagnosis(facts).worst == .warning)
        #expect(faults(try diagnosis(healthy, at: Samples.time(60_000))).map(\.level) == [.warning])
    }

    @Test(
        "how well the connection is guarded is judged by what libpq does",
        arguments: [
            ("sslmode=verify-full", "example.org", StorageFinding.Level.fine),
            ("sslmode=verify-ca", "example.org", .warning), ("sslmode=require", "example.org", .warning),
            ("", "example.org", .problem), ("sslmode=disable", "example.org", .problem), ("", "127.0.0.1", .fine),
        ]
    )
    func encryption(parameters: String, host: String, level: StorageFinding.Level) throws {
        #expect(try diagnosis(healthy, "postgres://a:b@\(host)/c?\(parameters)").worst == level)
    }

    @Test("an address is shown without its password, and tells what stands there")
    func addresses() throws {
        let address = try PostgresAddress(Self.pooler)
        #expect(address.shown == "postgres://postgres.abcdef@aws-0-eu-central-1.pooler.supabase.com:5432/postgres")
        #expect(address.hasPassword && address.endpoint == .sessionPooler && address.isSupabase)
        func endpoint(_ place: String) throws -> PostgresAddress.Endpoint {
            try PostgresAddress("postgresql://u:p@\(place)/postgres").endpoint
        }
        #expect(try endpoint("aws-1-us-east-2.pooler.supabase.com:6543") == .transactionPooler)
        #expect(try endpoint("db.abcdef.supabase.co:5432") == .supabaseDirect)
        #expect(try endpoint("db.abcdef.supabase.co:6543") == .transactionPooler)
        #expect(try endpoint("127.0.0.1:6543") == .other)
        #expect(try PostgresAddress("postgres://h/d", defaults: ["sslmode": "verify-full"]).sslmode == "verify-full")
    }

    @Test("an address that cannot be read is refused without a word of its password")
    func unreadable() throws {
        do {
            _ = try PostgresAddress("postgres://user:se%cret@host/db")
            Issue.record("libpq took it")
        } catch {
            #expect(error.code == .invalidRequest && error.message.contains("%40"))
            #expect(!error.message.contains("cret@") && !(error.cause ?? "").contains("cret"))
        }
    }
}
