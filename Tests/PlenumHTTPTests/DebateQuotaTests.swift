import HTTPTypes
import PlenumCore
import PlenumEngine
import Testing

@testable import PlenumHTTP

@Suite("How many debates of a key go on at once")
struct DebateQuotaTests {
    private static let key = String(repeating: "k", count: 32)
    private static let own: HTTPFields = [.authorization: "Bearer \(key)"]
    private static let debate: JSONValue = [
        "kind": "debate", "input": "Is it so?", "models": ["sim-hang1-gap0-words5", "parrot"], "background": true,
        "debate": ["protocol": "talk"],
    ]

    /// Starts debates that do not end, until one is refused.
    private func fill(_ doors: DoorsUnderTest, headers: HTTPFields = own) async throws -> [String] {
        var runs: [String] = []
        while runs.count < 20 {
            let answer = try await doors.send(.post, "/v1/runs", Self.debate, headers: headers)
            guard answer.status == 202 else {
                #expect(answer.status == 429 && answer.headers[.retryAfter] == "10")
                #expect(answer.json["error"]?["code"] == "rate_limit_exceeded")
                #expect(answer.json["error"]?["message"]?.string?.contains("PLENUM_DEBATES_AT_ONCE") == true)
                break
            }
            runs.append(answer.json["id"]?.string ?? "")
        }
        return runs
    }

    @Test("four if nothing is said; another is refused until one has ended, and what is no debate is not counted")
    func standard() async throws {
        try await DoorsUnderTest.run(
            configuration: DoorConfiguration(
                keys: [try ClientKey(name: ClientKey.master, secret: Self.key)],
                allowedHosts: []
            )
        ) {
            doors async throws in
            let runs = try await fill(doors)
            #expect(runs.count == 4)
            let conversations = try await doors.engine.storage.count().conversations
            let panel: JSONValue = ["model": "plenum/vote", "messages": [["role": "user", "content": "Is it so?"]]]
            #expect(try await doors.send(.post, "/v1/chat/completions", panel, headers: Self.own).status == 429)
            #expect(try await doors.engine.storage.count().conversations == conversations, "nothing is left behind")
            let compare: JSONValue = ["input": "Is it so?", "models": ["sim-gap0-words5", "parrot"]]
            #expect(try await doors.send(.post, "/v1/runs", compare, headers: Self.own).status == 200)
            let cancelled = try await doors.send(.post, "/v1/runs/\(runs[0])/cancel", headers: Self.own)
            #expect(cancelled.status == 200)
            #expect(try await doors.send(.post, "/v1/runs", Self.debate, headers: Self.own).status == 202)
            let resumed = try await doors.send(.post, "/v1/runs/\(runs[0])/resume", headers: Self.own)
            #expect(resumed.status == 429, "one that is taken up again counts too")
            let paused = try await doors.send(.post, "/v1/runs/\(runs[1])/pause", headers: Self.own)
            #expect(paused.status == 200, "those that go on can be told anything")
        }
    }

    @Test("as many as are set, also without a key")
    func configured() async throws {
        try await DoorsUnderTest.run(configuration: DoorConfiguration(debatesAtOnce: 2)) { doors async throws in
            #expect(try await fill(doors, headers: [:]).count == 2)
        }
    }

    @Test("any number where there is no key and nothing is said")
    func keyless() async throws {
        try await DoorsUnderTest.run { doors async throws in
            #expect(try await fill(doors, headers: [:]).count == 20)
        }
    }
}
