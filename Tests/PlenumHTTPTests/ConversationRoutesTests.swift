import HTTPTypes
import PlenumCore
import Testing

@Suite("Conversations")
struct ConversationRoutesTests {
    @Test("a conversation is made, renamed, pinned, listed, searched and deleted")
    func life() async throws {
        try await DoorsUnderTest.run { doors in
            let made = try await doors.send(
                .post,
                "/v1/conversations",
                ["items": [["role": "user", "content": "How do birds navigate?"]], "metadata": ["a": "b"]]
            )
            let id = try #require(made.json["id"]?.string)
            #expect(made.json["title"] == "How do birds navigate?")
            let renamed = try await doors.send(.post, "/v1/conversations/\(id)", ["title": "Birds", "pinned": true])
            #expect(renamed.json["title"] == "Birds")
            #expect(renamed.json["pinned"] == true)
            #expect(renamed.json["metadata"]?["a"] == "b")
            let found = try await doors.send(.get, "/v1/conversations?q=bird")
            #expect(found.json["data"]?.array?.count == 1)
            let holds1 = try await doors.send(.get, "/v1/conversations?q=fish").json["data"]?.array?.isEmpty == true
            #expect(holds1)
            let holds2 = try await doors.send(.delete, "/v1/conversations/\(id)").json["deleted"] == true
            #expect(holds2)
            let holds3 = try await doors.send(.get, "/v1/conversations/\(id)").status == 404
            #expect(holds3)
        }
    }

    @Test("items are added, paged in both directions, read and deleted")
    func items() async throws {
        try await DoorsUnderTest.run { doors in
            let id = try #require(try await doors.send(.post, "/v1/conversations").json["id"]?.string)
            for number in 1...5 {
                let added = try await doors.send(
                    .post,
                    "/v1/conversations/\(id)/items",
                    ["items": [["role": "user", "content": .string("message \(number)")]]]
                )
                #expect(added.status == 200)
            }
            let first = try await doors.send(.get, "/v1/conversations/\(id)/items?limit=2")
            #expect(first.json["has_more"] == true)
            let last = try #require(first.json["last_id"]?.string)
            let second = try await doors.send(.get, "/v1/conversations/\(id)/items?limit=10&after=\(last)")
            #expect(second.json["data"]?.array?.count == 3)
            let newest = try await doors.send(.get, "/v1/conversations/\(id)/items?limit=1&order=desc")
            let item = try #require(newest.json["data"]?.array?.first)
            #expect(item["content"]?.array?.first?["text"] == "message 5")
            let path = "/v1/conversations/\(id)/items/\(item["id"]?.string ?? "")"
            let holds4 = try await doors.send(.get, path).json["parent"] == second.json["data"]?.array?[1]["id"]
            #expect(holds4)
            let holds5 = try await doors.send(.delete, path).status == 200
            #expect(holds5)
            let holds6 = try await doors.send(.get, path).status == 404
            #expect(holds6)
        }
    }

    @Test("a completion in a conversation remembers what was said")
    func remembers() async throws {
        try await DoorsUnderTest.run { doors in
            let id = try #require(try await doors.send(.post, "/v1/conversations").json["id"]?.string)
            for stream in [false, true] {
                try await doors.send(
                    .post,
                    "/v1/chat/completions",
                    [
                        "model": "sim-gap0-words5", "conversation": .string(id), "stream": .bool(stream),
                        "messages": [["role": "user", "content": "hello"]],
                    ]
                )
            }
            let items = try await doors.send(.get, "/v1/conversations/\(id)/items")
            let data = try #require(items.json["data"]?.array)
            #expect(data.map { $0["role"]?.string } == ["user", "assistant", "user", "assistant"])
            #expect(data[3]["model"] == "simulated/sim-gap0-words5")
            #expect(data[3]["parent"] == data[2]["id"])
            #expect(data[3]["usage"]?["output_tokens"] == 5)
        }
    }

    @Test("a question without a model goes to the conversation's own")
    func defaultModel() async throws {
        try await DoorsUnderTest.run { doors in
            let made = try await doors.send(.post, "/v1/conversations", ["model": "sim-gap0-words5"])
            let answer = try await doors.send(
                .post,
                "/v1/chat/completions",
                ["conversation": made.json["id"] ?? .null, "messages": [["role": "user", "content": "hello"]]]
            )
            #expect(answer.json["model"] == "simulated/sim-gap0-words5")
        }
    }

    @Test(
        "mistakes are told",
        arguments: [
            ("/v1/conversations", #"{"title": 5}"#, 400), ("/v1/conversations", #"{"model": "nobody"}"#, 404),
            ("/v1/conversations", #"{"items": [{"role": "user"}]}"#, 400),
            ("/v1/conversations/conv_zz", "{}", 404),
            ("/v1/conversations/conv_" + String(repeating: "0", count: 32), "{}", 404),
        ]
    )
    func mistakes(_ path: String, _ body: String, _ status: Int) async throws {
        try await DoorsUnderTest.run { doors in
            let json = try JSONValue(parsing: body)
            let holds7 = try await doors.send(.post, path, json).status == status
            #expect(holds7)
        }
    }
}
