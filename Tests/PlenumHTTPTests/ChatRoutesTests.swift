import HTTPTypes
import PlenumCore
import PlenumEngine
import Testing

@testable import PlenumHTTP

@Suite("Chat Completions door")
struct ChatRoutesTests {
    private func ask(_ model: String, stream: Bool = false) -> JSONValue {
        ["model": .string(model), "stream": .bool(stream), "messages": [["role": "user", "content": "hello"]]]
    }

    @Test("a whole answer has OpenAI's shape and the id of its row of the ledger")
    func whole() async throws {
        try await DoorsUnderTest.run { doors in
            let answer = try await doors.send(.post, "/v1/chat/completions", ask("sim-gap0-words5"))
            #expect(answer.status == 200)
            #expect(answer.json["object"] == "chat.completion")
            #expect(answer.json["model"] == "simulated/sim-gap0-words5")
            #expect(answer.json["choices"]?.array?.first?["message"]?["content"] == "word1 word2 word3 word4 word5 ")
            let id = try #require(answer.headers[.generationID])
            let row = try await doors.send(.get, "/v1/generations/\(id)")
            #expect(row.json["status"] == "completed")
            #expect(row.json["door"] == "openai-chat")
            let again = try await doors.send(.get, "/api/v1/generation?id=\(id)")
            #expect(again.json == row.json)
        }
    }

    @Test("a stream ends with [DONE]")
    func stream() async throws {
        try await DoorsUnderTest.run { doors in
            let text = try await doors.send(.post, "/v1/chat/completions", ask("sim-gap0-words5", stream: true)).text
            #expect(text.hasSuffix("data: [DONE]\n\n"))
            #expect(text.contains("word5"))
        }
    }

    @Test("a stream that breaks says so, and does not pretend to have ended well")
    func broken() async throws {
        try await DoorsUnderTest.run { doors in
            let text = try await doors.send(.post, "/v1/chat/completions", ask("sim-gap0-cut2-words5", stream: true))
                .text
            #expect(text.contains("\"error\""))
            #expect(!text.contains("\"finish_reason\":\"stop\""))
        }
    }

    @Test(
        "bad requests are refused with the place of the mistake",
        arguments: [
            (#"{"model": "parrot""#, 400, "byte"), (#"{"messages": []}"#, 400, "model"),
            (#"{"model": "parot", "messages": [{"role":"user","content":"x"}]}"#, 404, "simulated/parrot"),
            (#"{"model": "parrot", "messages": 5}"#, 400, "messages"), ("[]", 400, "object"),
            (#"{"model": "parrot", "messages": [{"role":"clown","content":"x"}]}"#, 400, "role"),
        ]
    )
    func refused(_ body: String, _ status: Int, _ word: String) async throws {
        try await DoorsUnderTest.run { doors in
            let answer = try await doors.server.send(.post, "/v1/chat/completions", Array(body.utf8))
            #expect(answer.status == status)
            let message = answer.json["error"]?["message"]?.string
            #expect(message?.contains(word) == true, "\(message ?? "")")
        }
    }

    @Test("deep nesting is refused, and the server lives on")
    func nesting() async throws {
        try await DoorsUnderTest.run { doors in
            let bomb = String(repeating: "[", count: 100_000)
            let refused = try await doors.server.send(.post, "/v1/chat/completions", Array(bomb.utf8)).status == 400
            #expect(refused)
            let holds1 = try await doors.send(.get, "/livez").status == 200
            #expect(holds1)
        }
    }

    @Test("a body over the limit is 413")
    func tooLarge() async throws {
        try await DoorsUnderTest.run(configuration: DoorConfiguration(bodyLimit: 1000)) { doors in
            let big = JSONValue.object(JSONObject([("model", .string(String(repeating: "a", count: 2000)))]))
            let holds2 = try await doors.send(.post, "/v1/chat/completions", big).status == 413
            #expect(holds2)
        }
    }

    @Test("a provider's refusals keep their meaning", arguments: [("sim-status429", 429), ("sim-status500", 503)])
    func refusals(_ model: String, _ status: Int) async throws {
        try await DoorsUnderTest.run { doors in
            let holds3 = try await doors.send(.post, "/v1/chat/completions", ask(model)).status == status
            #expect(holds3)
        }
    }

    @Test("store: false keeps the numbers and drops the words")
    func withoutWords() async throws {
        try await DoorsUnderTest.run { doors in
            let body: JSONValue = [
                "model": "sim-gap0-words5", "store": false, "messages": [["role": "user", "content": "secret"]],
            ]
            let answer = try await doors.send(.post, "/v1/chat/completions", body)
            let id = try #require(answer.headers[.generationID].flatMap { GenerationID($0) })
            let holds4 = try await doors.engine.storage.content(of: id) == nil
            #expect(holds4)
            let holds5 = try await doors.engine.storage.generation(id).ending?.usage != nil
            #expect(holds5)
        }
    }
}
