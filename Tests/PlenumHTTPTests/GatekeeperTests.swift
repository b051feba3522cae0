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
        try await DoorsUnderTest.run(configuration: DoorConfiguration(masterKey: key, allowedHosts: [])) { doors in
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
