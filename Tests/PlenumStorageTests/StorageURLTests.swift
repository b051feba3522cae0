import PlenumCore
import Testing

@testable import PlenumStorage

@Suite("The storage setting")
struct StorageURLTests {
    @Test("names a backend")
    func reads() throws {
        #expect(try StorageURL("memory") == .memory)
        #expect(try StorageURL("sqlite:data/plenum.sqlite") == .sqlite(path: "data/plenum.sqlite"))
        #expect(try StorageURL("sqlite::memory:") == .sqliteInMemory)
        #expect(try StorageURL("supabase") == .supabase)
        #expect(try StorageURL("postgres://u:p@h/d") == .postgres("postgres://u:p@h/d"))
        #expect(try StorageURL("postgresql://h/d") == .postgres("postgresql://h/d"))
    }

    @Test(
        "that is nothing known is refused without repeating a password",
        arguments: ["", "sqlite:", "mysql://u:secret@h"]
    )
    func refuses(text: String) async {
        await expect(.invalidRequest) { _ = try StorageURL(text) }
        do { _ = try StorageURL(text) } catch { #expect(!error.message.contains("secret")) }
    }

    @Test("opens what there is, and says what is missing")
    func opens() async throws {
        for text in ["memory", "sqlite::memory:"] {
            let storage = try await StorageURL(text).open()
            try await storage.probe()
            await storage.close()
        }
        await expect(.invalidRequest) { _ = try await StorageURL("supabase").open() }
    }

    @Test("reaches Supabase at the address in the environment, and verifies who answers")
    func supabase() throws {
        let environment = ["SUPABASE_DB_URL": "postgres://u:p@h/d"]
        let settings = try StorageURL.supabase { environment[$0] }
        #expect(settings.url == "postgres://u:p@h/d")
        #expect(settings.defaults["sslmode"] == "verify-full")
        #expect(settings.defaults["sslrootcert"] == "/etc/ssl/certs/ca-certificates.crt")
        let given = environment.merging(["SUPABASE_CA_FILE": "/ca.crt"]) { $1 }
        #expect(try StorageURL.supabase { given[$0] }.defaults["sslrootcert"] == "/ca.crt")
        // What the address says comes later, and wins.
        let names = settings.parameters.map(\.name)
        let places = (try #require(names.firstIndex(of: "sslmode")), try #require(names.firstIndex(of: "dbname")))
        #expect(places.0 < places.1)
    }

    @Test(
        "days of the calendar are written right",
        arguments: [
            (0, "1970-01-01"), (58, "1970-02-28"), (59, "1970-03-01"), (789, "1972-02-29"), (19_782, "2024-02-29"),
            (20_779, "2026-11-22"), (47_540, "2100-02-28"), (47_541, "2100-03-01"), (-1, "1969-12-31"),
        ] as [(Int64, String)]
    )
    func days(number: Int64, text: String) {
        #expect(CalendarDay(number: number).text == text)
    }
}
