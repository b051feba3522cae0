import Foundation
import PlenumCore
import Testing

/// The file that ships, as the words of the core read it.
@Suite("providers.json")
struct CatalogueFileTests {
    private let catalogue: JSONValue
    private let providers: [JSONValue]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        catalogue = try JSONValue(parsing: Array(Data(contentsOf: root.appending(path: "providers.json"))))
        providers = try #require(catalogue["providers"]?.array)
    }

    @Test("every provider has an address, a format that is known, and the name of a variable in place of a key")
    func addresses() throws {
        #expect(providers.prefix(3).map { $0["id"]?.string } == Self.vendors)
        for provider in providers {
            #expect(provider["format"]?.string.flatMap(Dialect.init) != nil)
            #expect(provider["key"] == nil)
            // A server of this machine needs no key, and no encryption.
            if provider["keyEnv"] == nil {
                #expect(provider["baseURL"]?.string?.hasPrefix("http://127.0.0.1:") == true)
                #expect(provider["discover"] == true)
                continue
            }
            #expect(provider["baseURL"]?.string?.hasPrefix("https://") == true)
            #expect(provider["keyEnv"]?.string?.hasSuffix("_API_KEY") == true)
        }
    }

    /// Those whose models all have limits and prices.
    private static let vendors = ["anthropic", "openai", "google"]

    @Test("every model of the three great vendors has limits and a price, and each has an id of its own")
    func complete() throws {
        let models = providers.prefix(3).flatMap { $0["models"]?.array ?? [] }
        #expect(models.count > 50)
        for model in models {
            #expect(try #require(model["context"]?.int) > 0 && #require(model["maxOutput"]?.int) > 0)
            #expect(model["price"] != nil)
        }
        for provider in providers {
            let ids = (provider["models"]?.array ?? []).map { $0["id"] }
            #expect(Set(ids).count == ids.count)
        }
    }

    @Test("every price is read exactly")
    func prices() throws {
        for model in providers.flatMap({ $0["models"]?.array ?? [] }) {
            #expect(model["name"]?.string?.isEmpty == false)
            #expect(model["capabilities"]?.object != nil)
            guard let price = model["price"] else { continue }
            let tiers = price["tiers"]?.array ?? []
            for tier in tiers { #expect(try #require(tier["above"]?.int) > 0) }
            for rates in [price] + tiers {
                for field in ["input", "output", "cacheRead", "cacheWrite", "cacheWriteLong"] {
                    guard let text = rates[field]?.string else {
                        #expect(rates[field] == nil && field.hasPrefix("cache"))
                        continue
                    }
                    #expect(Price.Rate(perMillion: text)?.description == text)
                }
            }
        }
    }

    @Test("every alias stands for a model that is offered")
    func aliases() throws {
        let offered = Set(
            providers.flatMap { provider in
                (provider["models"]?.array ?? []).map { "\(provider["id"]?.string ?? "")/\($0["id"]?.string ?? "")" }
            }
        )
        let aliases = try #require(catalogue["aliases"]?.object)
        for alias in ["fast", "smart", "cheap"] { #expect(aliases[alias] != nil) }
        for (alias, target) in aliases.members { #expect(offered.contains(target.string ?? ""), "\(alias)") }
    }
}
