import HTTPTypes
import PlenumCore
import Testing

@testable import PlenumHTTP

@Suite("A list of models at the Chat Completions door")
struct FallbackRoutesTests {
    private func ask(_ model: String?, _ models: [String], stream: Bool = false) -> JSONValue {
        var body = JSONObject([
            ("models", .array(models.map { .string($0) })), ("stream", .bool(stream)),
            ("messages", [["role": "user", "content": "hello"]]),
        ])
        body["model"] = model.map { .string($0) }
        return .object(body)
    }

    @Test("is asked in order, with a model before it or without", arguments: ["sim-status429", nil])
    func whole(model: String?) async throws {
        try await DoorsUnderTest.run { doors async throws in
            let models = ["sim-status429", "sim-gap0-words5", "parrot"]
            let answer = try await doors.send(.post, "/v1/chat/completions", ask(model, models))
            #expect(answer.status == 200)
            #expect(answer.json["model"] == "simulated/sim-gap0-words5")
            let id = try #require(answer.headers[.generationID])
            let row = try await doors.send(.get, "/v1/generations/\(id)")
            #expect(row.json["attempt"] == 2 && row.json["requested_model"] == "sim-status429")
        }
    }

    @Test("names the model that answers in every chunk", arguments: ["sim-status500", "sim-gap0-reset4"])
    func stream(model: String) async throws {
        try await DoorsUnderTest.run { doors async throws in
            let text = try await doors.send(
                .post,
                "/v1/chat/completions",
                ask(model, ["sim-gap0-words5"], stream: true)
            ).text
            #expect(text.contains("word5") && text.hasSuffix("data: [DONE]\n\n"))
            #expect(!text.contains("simulated/\(model)"))
            #expect(text.contains("\"model\":\"simulated/sim-gap0-words5\""))
        }
    }

    @Test("of more than eight names, or with one that is no model's, is refused")
    func refused() async throws {
        try await DoorsUnderTest.run { doors async throws in
            let many = try await doors.send(.post, "/v1/chat/completions", ask("parrot", (1...9).map { "m\($0)" }))
            #expect(many.status == 400 && many.json["error"]?["param"] == "models")
            let unknown = try await doors.send(.post, "/v1/chat/completions", ask("parrot", ["parot"]))
            #expect(unknown.status == 404)
        }
    }

    @Test(
        "x-request-timeout is a number of seconds, two at least",
        arguments: [("x", 400), ("1.9", 400), ("-5", 400), ("nan", 400), ("2", 200), ("30.5", 200), ("1e9", 200)]
    )
    func timeout(text: String, status: Int) async throws {
        try await DoorsUnderTest.run { doors async throws in
            let name = try #require(HTTPField.Name("x-request-timeout"))
            let answer = try await doors.send(
                .post,
                "/v1/chat/completions",
                ask("sim-gap0-words5", []),
                headers: [name: text]
            )
            #expect(answer.status == status)
        }
    }
}
