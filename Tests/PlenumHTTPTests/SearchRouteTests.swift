import HTTPTypes
import PlenumCore
import Testing

@Suite("Searching conversations")
struct SearchRouteTests {
    /// Makes a conversation of one message and gives its id.
    private func add(_ text: String, _ title: String? = nil, to doors: DoorsUnderTest) async throws -> String {
        var body: JSONObject = JSONObject([("items", [["role": "user", "content": .string(text)]])])
        body["title"] = title.map { .string($0) }
        return try #require(try await doors.send(.post, "/v1/conversations", .object(body)).json["id"]?.string)
    }

    @Test("a search gives each conversation once, with the newest place of the words to highlight")
    func hits() async throws {
        try await DoorsUnderTest.run { doors in
            let first = try await add("How do birds navigate?", "Wings", to: doors)
            let second = try await add("Birds, bees & trees", "A bird", to: doors)
            let found = try await doors.send(.get, "/v1/conversations?q=BIRD").json
            let data = try #require(found["data"]?.array)
            #expect(data.map { $0["id"]?.string } == [second, first])
            let snippet = try #require(data.last?["snippet"])
            #expect(snippet["text"] == "How do birds navigate?")
            #expect(snippet["matches"] == [[7, 5]])
            let message = try #require(snippet["message"]?.string)
            let item = try await doors.send(.get, "/v1/conversations/\(first)/items/\(message)")
            #expect(item.status == 200)
            #expect(found["first_id"]?.string?.hasPrefix("msg_") == true)
            #expect(found["last_id"]?.string == message)
            #expect(found["has_more"] == false)
            let title = try await doors.send(.get, "/v1/conversations?q=wing").json
            #expect(title["data"]?.array?.first?["snippet"]?["message"] == .null)
            #expect(title["last_id"]?.string == first)
        }
    }

    @Test("the last id of a page is where the next goes on")
    func pages() async throws {
        try await DoorsUnderTest.run { doors in
            for number in 0..<5 { _ = try await add("needle \(number)", "title", to: doors) }
            var texts: [String] = []
            var after = ""
            for _ in 0..<3 {
                let page = try await doors.send(.get, "/v1/conversations?q=needle&limit=2\(after)").json
                texts += (page["data"]?.array ?? []).compactMap { $0["snippet"]?["text"]?.string }
                #expect(page["has_more"]?.bool == (texts.count < 5))
                after = "&after=\(page["last_id"]?.string ?? "")"
            }
            #expect(texts == (0..<5).reversed().map { "needle \($0)" })
        }
    }

    @Test("a search knows what is archived, and a query without words finds nothing")
    func filters() async throws {
        try await DoorsUnderTest.run { doors in
            let id = try await add("needle", to: doors)
            _ = try await doors.send(.post, "/v1/conversations/\(id)", ["archived": true])
            for (query, count) in [
                ("needle", 1), ("needle&archived=true", 1), ("needle&archived=false", 0), ("%25", 0),
            ] {
                let found = try await doors.send(.get, "/v1/conversations?q=\(query)").json
                #expect(found["data"]?.array?.count == count, "\(query)")
            }
            let all = try await doors.send(.get, "/v1/conversations?q=").json
            #expect(all["data"]?.array?.count == 1, "an empty field is no search")
            let list = try await doors.send(.delete, "/v1/conversations/\(id)").status == 200
            #expect(list)
            let gone = try await doors.send(.get, "/v1/conversations?q=needle").json["data"]?.array?.isEmpty == true
            #expect(gone)
        }
    }

    @Test(
        "what a search cannot mean is refused with a sentence",
        arguments: [
            ("q=a&limit=0", 400), ("q=a&limit=101", 400), ("q=a&limit=x", 400), ("q=a&order=asc", 400),
            ("q=a&after=nonsense", 400), ("q=a&after=msg_01990000000070008000000000000001", 404),
            ("q=" + String(repeating: "a", count: 201), 400),
            ("q=1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17", 400),
        ]
    )
    func refusals(query: String, status: Int) async throws {
        try await DoorsUnderTest.run { doors in
            let answer = try await doors.send(.get, "/v1/conversations?\(query)")
            #expect(answer.status == status)
            #expect(answer.json["error"]?["message"]?.string?.hasSuffix(".") == true)
        }
    }
}
