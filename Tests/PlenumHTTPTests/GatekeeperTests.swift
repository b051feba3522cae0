import HTTPTypes
import PlenumCore
import Testing

@testable import PlenumHTTP

@Suite("Who may come in")
struct GatekeeperTests {
    @Test("a foreign host name and a foreign origin are refused")
    func names() async throws {
        try await DoorsUnderTest.run { doors in
            #expect(try await doors.send(.get, "/v1/models", headers: [.host: "evil.example"]).status == 403)
            #expect(try await doors.send(.get, "/v1/models", headers: [.host: "127.0.0.1:8080"]).status == 200)
            #expect(try await doors.send(.get, "/v1/models", headers: [.host: "[::1]:8080"]).status == 200)
            #expect(try await doors.send(.get, "/v1/models", headers: [.origin: "https://evil.example"]).status == 403)
            #expect(try await doors.send(.get, "/v1/models", headers: [.origin: "http://localhost:8080"]).status == 200)
        }
    }

    @Test("the key is read where clients of each dialect put it")
    func keys() async throws {
        let key = String(repeating: "k", count: 32)
        try await DoorsUnderTest.run(configuration: DoorConfiguration(masterKey: key, allowedHosts: [])) { doors in
            #expect(try await doors.send(.get, "/v1/models").status == 401)
            #expect(try await doors.send(.get, "/v1/models", headers: [.authorization: "Bearer wrong"]).status == 401)
            for name in ["x-api-key", "x-goog-api-key"] {
                let field = try #require(HTTPField.Name(name))
                #expect(try await doors.send(.get, "/v1/models", headers: [field: key]).status == 200)
            }
            #expect(try await doors.send(.get, "/v1/models", headers: [.authorization: "Bearer \(key)"]).status == 200)
            #expect(try await doors.send(.get, "/v1/models?key=\(key)").status == 200)
            #expect(try await doors.send(.get, "/livez").status == 200)
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
            #expect(try await doors.send(.get, "/v1/models?q=PARROT").json["data"]?.array?.count == 1)
            #expect(try await doors.send(.get, "/v1/models?provider=other").json["data"]?.array?.isEmpty == true)
            #expect(try await doors.send(.get, "/v1/models/simulated/parrot").json["simulated"] == true)
            #expect(try await doors.send(.get, "/v1/models?sort=beauty").status == 400)
            #expect(try await doors.send(.get, "/v1/usage?group_by=model").json["object"] == "list")
        }
    }
}
