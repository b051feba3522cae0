import HTTPTypes
import PlenumCore
import Testing

@testable import PlenumHTTP

@Suite("Who may come in")
struct GatekeeperTests {
    @Test("a foreign origin is refused; the acceptance suite tries foreign host names with real sockets")
    func names() async throws {
        try await DoorsUnderTest.run { doors in
            let foreign = try await doors.send(.get, "/v1/models", headers: [.origin: "https://evil.example"])
            #expect(foreign.status == 403)
            let own = try await doors.send(.get, "/v1/models", headers: [.origin: "http://localhost:8080"])
            #expect(own.status == 200)
        }
    }

    @Test("the key is read where clients of each dialect put it")
    func keys() async throws {
        let key = String(repeating: "k", count: 32)
        try await DoorsUnderTest.run(
            configuration: DoorConfiguration(
                keys: [try ClientKey(name: ClientKey.master, secret: key)],
                allowedHosts: []
            )
        ) { doors in
            let holds6 = try await doors.send(.get, "/v1/models").status == 401
            #expect(holds6)
            let holds7 =
                try await doors.send(.get, "/v1/models", headers: [.authorization: "Bearer wrong"]).status == 401
            #expect(holds7)
            for name in ["x-api-key", "x-goog-api-key"] {
                let field = try #require(HTTPField.Name(name))
                let holds8 = try await doors.send(.get, "/v1/models", headers: [field: key]).status == 200
                #expect(holds8)
            }
            let holds9 =
                try await doors.send(.get, "/v1/models", headers: [.authorization: "Bearer \(key)"]).status == 200
            #expect(holds9)
            let holds10 = try await doors.send(.get, "/v1/models?key=\(key)").status == 200
            #expect(holds10)
            let holds11 = try await doors.send(.get, "/livez").status == 200
            #expect(holds11)
        }
    }

    @Test("the ledger knows each request by the name of its key, and an idempotency key is its owner's alone")
    func ledger() async throws {
        let secrets = ["anna", "ben"].map { (name: $0, secret: String(repeating: $0, count: 12)) }
        let keys = try secrets.map { try ClientKey(name: $0.name, secret: $0.secret) }
        try await DoorsUnderTest.run(configuration: DoorConfiguration(keys: keys, allowedHosts: [])) { doors in
            let chat: JSONValue = ["model": "parrot", "messages": [["role": "user", "content": "Hi."]]]
            var ids: Set<String> = []
            for (name, secret) in secrets {
                let headers: HTTPFields = [.authorization: "Bearer \(secret)", .idempotencyKey: "same"]
                let answer = try await doors.send(.post, "/v1/chat/completions", chat, headers: headers)
                #expect(answer.headers[.idempotentReplayed] == nil)
                let id = try #require(answer.headers[.generationID])
                ids.insert(id)
                let row = try await doors.send(.get, "/v1/generations/\(id)", headers: headers)
                #expect(row.json["key"]?.string == name)
            }
            #expect(ids.count == 2)
            let owner: HTTPFields = [.authorization: "Bearer \(secrets[0].secret)"]
            let body: JSONValue = ["input": "Hi.", "models": ["parrot", "parrot"]]
            #expect(try await doors.send(.post, "/v1/runs", body, headers: owner).json["settings"]?["key"] == "anna")
            let rows = try await doors.send(.get, "/v1/usage?group_by=key", headers: owner).json["data"]?.array ?? []
            #expect(rows.map { $0["key"]?.string } == ["anna", "ben"])
            #expect(rows.map { $0["requests"]?.int } == [3, 1])
        }
    }

    @Test("an unknown route is a JSON 404")
    func unknownRoute() async throws {
        try await DoorsUnderTest.run { doors in
            let answer = try await doors.send(.get, "/v1/nothing")
            #expect(answer.status == 404)
            #expect(answer.json["error"]?["message"]?.string != nil)
        }
    }

    @Test("models are searched, filtered and sorted")
    func models() async throws {
        try await DoorsUnderTest.run { doors in
            let holds12 = try await doors.send(.get, "/v1/models?q=PARROT").json["data"]?.array?.count == 1
            #expect(holds12)
            let holds13 = try await doors.send(.get, "/v1/models?provider=other").json["data"]?.array?.isEmpty == true
            #expect(holds13)
            let holds14 = try await doors.send(.get, "/v1/models/simulated/parrot").json["simulated"] == true
            #expect(holds14)
            let holds15 = try await doors.send(.get, "/v1/models?sort=beauty").status == 400
            #expect(holds15)
            let holds16 = try await doors.send(.get, "/v1/usage?group_by=model").json["object"] == "list"
            #expect(holds16)
        }
    }
}
