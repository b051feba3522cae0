import Foundation
import PlenumCore
import PlenumProviders
import Testing

@Suite("providers.json")
struct ProvidersFileTests {
    @Test("the file that ships is read, with every model priced and no key in it")
    func shipped() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try ProvidersFile(parsing: Array(Data(contentsOf: root.appending(path: "providers.json"))))
        #expect(file.providers.map(\.id).starts(with: ["anthropic", "openai", "google"]))
        let models = file.providers.flatMap(\.models)
        #expect(models.count >= 50)
        for model in models { #expect(model.price != nil, "\(model.id) has no price") }
        let names = Set(models.map(\.id.description))
        for target in file.aliases.values { #expect(names.contains(target), "alias to \(target)") }
    }

    @Test("a provider may be waited for longer or shorter than others")
    func timeouts() throws {
        let file = #"""
            {"providers": [{"id": "x", "format": "gemini", "baseURL": "https://x",
                            "timeouts": {"firstContent": 0.5, "total": 900}}]}
            """#
        let patience = try ProvidersFile(parsing: Array(file.utf8)).providers[0].patience
        #expect(patience.firstContent == .milliseconds(500) && patience.total == .seconds(900))
        #expect(patience.head == Patience().head && patience.connect == Patience().connect)
    }

    @Test(
        "a mistake is told with its place",
        arguments: [
            ("{", "line 1"),
            (#"{"providers": 1}"#, "providers.json.providers must be a list"),
            (#"{"providers": [{"name": "x"}]}"#, "providers.json.providers[0] has no \"id\""),
            (#"{"providers": [{"id": "x", "format": "smtp", "baseURL": "https://x"}]}"#, "format must be one of"),
            (#"{"providers": [{"id": "x", "format": "gemini", "baseURL": "ftp://x"}]}"#, "baseURL must begin"),
            (#"{"providers": [], "modles": []}"#, "\"modles\", which is not known"),
            (
                #"{"providers": [{"id": "x", "format": "gemini", "baseURL": "https://x", "models": [{"id": "m", "price": {"input": "dear", "output": "1"}}]}]}"#,
                "providers[0].models[0].price.input must be a price"
            ),
            (
                #"{"providers": [{"id": "x", "format": "gemini", "baseURL": "https://x", "quirks": {"odd": 1}}]}"#,
                "quirks is not understood"
            ),
            (
                #"{"providers": [{"id": "x", "format": "gemini", "baseURL": "https://x", "timeouts": {"head": 0}}]}"#,
                "timeouts.head must be a number of seconds"
            ),
        ]
    )
    func mistakes(_ text: String, _ complaint: String) {
        let error = #expect(throws: PlenumError.self) { _ = try ProvidersFile(parsing: Array(text.utf8)) }
        #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    }
}
