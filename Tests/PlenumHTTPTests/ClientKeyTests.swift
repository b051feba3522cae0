import PlenumCore
import PlenumHTTP
import Testing

@Suite("Keys by name")
struct ClientKeyTests {
    private static let secret = String(repeating: "s", count: 31)

    @Test("a list is read with commas or white space between")
    func list() throws {
        let keys = try ClientKey.list(" anna=\(Self.secret)a,ben=\(Self.secret)=\n\tc.d-e_1=\(Self.secret)c ,")
        #expect(keys.map(\.name) == ["anna", "ben", "c.d-e_1"])
        #expect(keys.map(\.secret) == ["a", "=", "c"].map { Self.secret + $0 })
        #expect(try ClientKey.list(" , ") == [])
    }

    @Test(
        "what is wrong is said, but for the key",
        arguments: [
            ("\(secret)a", "\"=\""), ("=\(secret)a", "name"), ("ä=\(secret)a", "name"), ("anna=\(secret)", "31"),
            ("master=\(secret)a", "PLENUM_MASTER_KEY"), ("a=\(secret)a b=\(secret)a", "twice"),
            ("a=\(secret)a a=\(secret)b", "twice"), ("b=\(secret)m", "twice"),
        ]
    )
    func refusals(text: String, word: String) throws {
        let known = [try ClientKey(name: ClientKey.master, secret: Self.secret + "m")]
        let error = try #require(throws: PlenumError.self) { try ClientKey.list(text, besides: known) }
        #expect(error.message.contains(word) && !error.message.contains(Self.secret))
    }
}
