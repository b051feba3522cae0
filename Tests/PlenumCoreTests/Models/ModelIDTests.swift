import PlenumCore
import Testing

@Suite("ModelID")
struct ModelIDTests {
    @Test(
        "a name is taken apart at its first slash and put together again",
        arguments: [
            ("openai/gpt-6", "openai", "gpt-6"), ("router/meta/llama:free", "router", "meta/llama:free"),
            ("a//b", "a", "/b"),
        ]
    )
    func takesApart(_ text: String, _ provider: String, _ model: String) throws {
        let id = try #require(ModelID(text))
        #expect(id == ModelID(provider: provider, model: model))
        #expect(id.description == text)
    }

    @Test("a name without two sides is none", arguments: ["", "/", "gpt-6", "/gpt-6", "openai/"])
    func refuses(_ text: String) { #expect(ModelID(text) == nil) }

    @Test("a model goes by its id until it is told otherwise, and supports what is switched on")
    func modelDefaults() throws {
        let id = try #require(ModelID("a/b"))
        let model = Model(
            id: id,
            capabilities: ModelCapabilities(JSONObject([("tools", true), ("vision", false), ("effort", "high")]))
        )
        #expect(model.upstream == "b")
        #expect(model.name == "b")
        #expect(model.capabilities.says("tools"))
        #expect(
            !model.capabilities.says("vision") && !model.capabilities.says("effort")
                && !model.capabilities.says("audio")
        )
    }
}
