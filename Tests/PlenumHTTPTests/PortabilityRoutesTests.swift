import HTTPTypes
import PlenumCore
import Testing

@testable import PlenumHTTP

@Suite("Forking, exporting and importing over HTTP")
struct PortabilityRoutesTests {
    private let claude: JSONValue = [
        [
            "uuid": "c", "name": "Naïve/\u{0}..\\Name", "created_at": "2024-05-06T12:00:00Z",
            "chat_messages": [
                ["uuid": "1", "sender": "human", "text": "Hello"], ["uuid": "2", "sender": "assistant", "text": "Hi"],
            ],
        ]
    ]

    /// Makes a conversation of items and gives it.
    private func make(_ doors: DoorsUnderTest, _ texts: String...) async throws -> (id: String, items: [JSONValue]) {
        let items = texts.enumerated().map { index, text -> JSONValue in
            ["role": index % 2 == 0 ? "user" : "assistant", "content": .string(text)]
        }
        let made = try await doors.send(.post, "/v1/conversations", ["items": .array(items)])
        let id = try #require(made.json["id"]?.string)
        return (id, try await doors.send(.get, "/v1/conversations/\(id)/items").json["data"]?.array ?? [])
    }

    @Test("a conversation is forked at its leaf or at any message, and goes on from there")
    func fork() async throws {
        try await DoorsUnderTest.run { doors in
            let (id, items) = try await make(doors, "one", "two", "three")
            let whole = try await doors.send(.post, "/v1/conversations/\(id)/fork")
            #expect(whole.status == 200)
            #expect(whole.json["title"] == "one (fork)")
            let part = try await doors.send(
                .post,
                "/v1/conversations/\(id)/fork",
                ["message": items[1]["id"] ?? .null, "title": "Part"]
            )
            let forked = try #require(part.json["id"]?.string)
            #expect(part.json["title"] == "Part")
            #expect(part.json["metadata"]?["forked_from"]?["conversation"]?.string == id)
            #expect(part.json["metadata"]?["forked_from"]?["message"] == items[1]["id"])
            let copies = try await doors.send(.get, "/v1/conversations/\(forked)/items").json["data"]?.array ?? []
            #expect(copies.map { $0["content"]?.array?.first?["text"] } == ["one", "two"])
            #expect(copies[1]["parent"] == copies[0]["id"] && copies[1]["id"] != items[1]["id"])
            for body: JSONValue in [["message": "msg_x"], ["message": copies[0]["id"] ?? .null]] {
                let status = try await doors.send(.post, "/v1/conversations/\(id)/fork", body).status
                #expect(status == 404)
            }
        }
    }

    @Test("the leaf moves to any message of the conversation, and the next question goes on from there")
    func leaf() async throws {
        try await DoorsUnderTest.run { doors in
            let (id, items) = try await make(doors, "one", "two", "three", "four")
            let (_, others) = try await make(doors, "elsewhere")
            for index in [1, 3, 0] {
                let leaf = items[index]["id"] ?? .null
                let moved = try await doors.send(.post, "/v1/conversations/\(id)", ["leaf": leaf])
                #expect(moved.json["leaf"] == leaf)
            }
            let refused = try await doors.send(.post, "/v1/conversations/\(id)", ["leaf": others[0]["id"] ?? .null])
            #expect(refused.status == 404)
            let answer = try await doors.send(
                .post,
                "/v1/chat/completions",
                [
                    "model": "sim-gap0-words5", "conversation": .string(id),
                    "messages": [["role": "user", "content": "again"]],
                ]
            )
            #expect(answer.status == 200)
            let all = try await doors.send(.get, "/v1/conversations/\(id)/items").json["data"]?.array ?? []
            #expect(all.count == 6)
            #expect(all[4]["parent"] == items[0]["id"])
            let now = try await doors.send(.get, "/v1/conversations/\(id)").json["leaf"]
            #expect(now == all[5]["id"])
        }
    }

    @Test("a file is imported once, and comes back as an export under a safe name")
    func importAndExport() async throws {
        try await DoorsUnderTest.run { doors in
            let report = try await doors.send(.post, "/v1/import", claude)
            #expect(report.status == 200)
            #expect(report.json["object"] == "import")
            #expect(report.json["format"] == "claude")
            #expect(report.json["conversations"] == ["added": 1, "updated": 0, "unchanged": 0, "failed": 0])
            #expect(report.json["messages"] == ["added": 2, "skipped": 0])
            #expect(report.json["errors"] == [])
            let again = try await doors.send(.post, "/api/v1/import", claude)
            #expect(again.json["messages"] == ["added": 0, "skipped": 2])
            let listed = try await doors.send(.get, "/v1/conversations").json["data"]?.array ?? []
            let id = try #require(listed.first?["id"]?.string)
            let json = try await doors.send(.get, "/v1/conversations/\(id)/export")
            #expect(json.status == 200)
            #expect(json.headers[.contentType] == "application/json")
            let name = "attachment; filename=\"plenum-Na-ve-Name.json\"; filename*=UTF-8''plenum-Na%C3%AFve-Name.json"
            #expect(json.headers[.contentDisposition] == name)
            #expect(json.json["conversations"]?.array?.first?["items"]?.array?.count == 2)
            let whole = try await doors.send(.get, "/v1/export?format=json")
            #expect(whole.json == json.json)
            let markdown = try await doors.send(.get, "/v1/conversations/\(id)/export?format=markdown")
            #expect(markdown.headers[.contentType] == "text/markdown; charset=utf-8")
            let back = try await doors.send(.post, "/v1/import", whole.json)
            #expect(back.json["format"] == "plenum")
            #expect(back.json["conversations"]?["unchanged"] == 1)
        }
    }

    @Test(
        "mistakes are told",
        arguments: [
            ("/v1/export?format=markdown", 400), ("/v1/export?format=xml", 400),
            ("/v1/conversations/conv_x/export", 404),
            ("/v1/conversations/conv_" + String(repeating: "0", count: 32) + "/export?format=markdown", 404),
        ]
    )
    func mistakes(_ path: String, _ status: Int) async throws {
        try await DoorsUnderTest.run { doors in
            let answer = try await doors.send(.get, path)
            #expect(answer.status == status)
            #expect(answer.json["error"]?["message"]?.string?.hasSuffix(".") == true)
        }
    }

    @Test("a file over the limit is refused before it is read, and one of no known shape with the shapes that are")
    func refused() async throws {
        try await DoorsUnderTest.run(configuration: DoorConfiguration(bodyLimit: 1000)) { doors in
            let large = try await doors.send(
                .post,
                "/v1/import",
                .array([.string(String(repeating: "x", count: 1000))])
            )
            #expect(large.status == 413)
            let strange = try await doors.send(.post, "/v1/import", ["hello": "there"])
            #expect(strange.status == 400)
            let message = strange.json["error"]?["message"]?.string ?? ""
            #expect(
                message.contains("mapping") && message.contains("chat_messages") && message.contains("plenum.export")
            )
        }
    }

    @Test(
        "a title becomes a file's name that every system takes",
        arguments: [
            ("Birds & bees", "attachment; filename=\"plenum-Birds-bees.md\""),
            ("../../etc/passwd\r\nX: y", "attachment; filename=\"plenum-etc-passwd-X-y.md\""),
            ("\"; \u{202E}", "attachment; filename=\"plenum-conv_1.md\""),
            ("日本", "attachment; filename=\"plenum-export.md\"; filename*=UTF-8''plenum-%E6%97%A5%E6%9C%AC.md"),
        ]
    )
    func names(_ title: String, _ disposition: String) {
        #expect(ExportFileName(title, spare: "conv_1", ending: "md").disposition == disposition)
    }
}
