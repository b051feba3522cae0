import Foundation
import PlenumCore
import PlenumProviders
import PlenumWire
import Testing

@Suite("providers.json")
struct ProvidersFileTests {
    private func shippedFile() throws -> ProvidersFile {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ProvidersFile(parsing: Array(Data(contentsOf: root.appending(path: "providers.json"))))
    }

    @Test("the file that ships is read, with every model of the three great vendors priced and no key in it")
    func shipped() throws {
        let file = try shippedFile()
        let vendors = ["anthropic", "openai", "google"]
        #expect(file.providers.map(\.id).starts(with: vendors))
        let models = file.providers.flatMap(\.models)
        #expect(models.count >= 50)
        for model in models where vendors.contains(model.id.provider) {
            #expect(model.price != nil, "\(model.id) has no price")
        }
        let names = Set(models.map(\.id.description))
        for target in file.aliases.values { #expect(names.contains(target), "alias to \(target)") }
    }

    @Test("the vendors that imitate OpenAI are entries with quirks, and local servers need no key")
    func vendors() throws {
        let file = try shippedFile()
        let byID = Dictionary(grouping: file.providers, by: \.id)
        for id in ["groq", "mistral", "deepseek", "xai", "openrouter"] {
            let provider = try #require(byID[id]?.first)
            #expect(provider.format == .openAIChat && provider.quirks != Quirks())
            #expect(provider.keyVariable == "\(id.uppercased())_API_KEY")
            #expect(!provider.models.isEmpty && provider.discovers)
        }
        for (id, quirks) in Quirks.servers {
            let provider = try #require(byID[id]?.first)
            #expect(provider.quirks == quirks, "an entry that is like a server has its quirks")
            #expect(provider.keyVariable == nil && provider.discovers)
        }
        #expect(byID["mistral"]?.first?.quirks.idLength == 9)
        #expect(byID["deepseek"]?.first?.quirks.reasoningControl == .thinking)
    }

    @Test("local servers that are found have the quirks of the entries in the file")
    func localServers() throws {
        let file = try shippedFile()
        for server in ModelDiscovery.localServers {
            let entry = try #require(file.providers.first { $0.baseURL == server.baseURL })
            #expect(entry.id == server.id && entry.quirks == server.quirks && entry.name == server.name)
        }
    }

    @Test("OpenAI's newer models say that their tools are called at Responses")
    func responses() throws {
        let models = try shippedFile().providers.first { $0.id == "openai" }?.models ?? []
        let needing = models.filter { $0.capabilities[.toolsNeedResponses] == true }.map(\.id.model)
        #expect(needing.contains("gpt-5.4") && needing.contains("gpt-6.1-sol"))
        #expect(!needing.contains("gpt-5.2") && !needing.contains("gpt-4.1"))
    }

    @Test("a model may speak another format than its provider")
    func formats() throws {
        let file = #"""
            {"providers": [{"id": "x", "format": "openai-chat", "baseURL": "https://x", "models": [
                {"id": "a"}, {"id": "b", "upstream": "b-1", "format": "gemini"}]}]}
            """#
        let provider = try ProvidersFile(parsing: Array(file.utf8)).providers[0]
        #expect(provider.formats == ["b-1": .gemini])
        let wrong = file.replacing("gemini", with: "smtp")
        let error = #expect(throws: PlenumError.self) { _ = try ProvidersFile(parsing: Array(wrong.utf8)) }
        #expect(error?.message.contains("models[1].format must be one of") == true)
    }

    @Test("each price knows the version of the file that it stands in", arguments: [nil, "2026-11-22"])
    func version(_ version: String?) throws {
        let member = version.map { "\"version\": \"\($0)\"," } ?? ""
        let file = """
            {\(member) "providers": [{"id": "x", "format": "gemini", "baseURL": "https://x", "models": [
                {"id": "priced", "price": {"input": "1", "output": "2"}}, {"id": "unknown"}]}]}
            """
        let models = try ProvidersFile(parsing: Array(file.utf8)).providers[0].models
        #expect(models[0].price?.version == version && models[0].price?.base.input.description == "1")
        #expect(models[1].price == nil)
        let dated = try ProvidersFile(parsing: Array(file.utf8), date: "2026-01-02")
        #expect(dated.providers[0].models[0].price?.version == version ?? "2026-01-02")
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
                #"{"providers": [{"id": "x", "format": "gemini", "baseURL": "https://x", "quirks": {"like": "none"}}]}"#,
                "one of llamacpp, ollama, vllm was expected"
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
