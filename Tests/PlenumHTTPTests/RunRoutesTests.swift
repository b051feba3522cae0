import HTTPTypes
import PlenumCore
import Testing

@Suite("Runs over HTTP")
struct RunRoutesTests {
    @Test("a finished run shows every seat with its model, message, usage and attempts")
    func whole() async throws {
        try await DoorsUnderTest.run { doors in
            let run = try await doors.send(
                .post,
                "/v1/runs",
                ["models": ["sim-gap0-words5", "sim-status500"], "input": "Which?"]
            )
            #expect(run.status == 200)
            #expect(run.json["kind"] == "compare")
            #expect(run.json["status"] == "incomplete")
            let seats = try #require(run.json["seats"]?.array)
            #expect(seats[0]["message"]?["content"]?.array?.first?["text"] == "word1 word2 word3 word4 word5 ")
            #expect(seats[0]["usage"]?["output_tokens"] == 5)
            #expect(seats[0]["attempts"]?.array?.count == 1)
            #expect(seats[1]["status"] == "failed")
            #expect(seats[1]["error"]?["code"] == "unavailable")
            let id = run.json["id"]?.string ?? ""
            let holds1 = try await doors.send(.get, "/v1/runs/\(id)").json == run.json
            #expect(holds1)
        }
    }

    @Test("a streamed run is events with names, numbers and seats")
    func stream() async throws {
        try await DoorsUnderTest.run { doors in
            let text = try await doors.send(
                .post,
                "/v1/runs",
                ["models": ["sim-gap0-words5", "parrot"], "input": "Which?", "stream": true]
            ).text
            #expect(text.hasPrefix("event: run.created\nid: 1\ndata: {\"type\":\"run.created\",\"seq\":1,"))
            #expect(text.contains("event: seat.delta\n"))
            #expect(text.contains("event: run.completed\n"))
        }
    }

    @Test("a background run is answered at once, and cancelled on request")
    func background() async throws {
        try await DoorsUnderTest.run { doors in
            let run = try await doors.send(
                .post,
                "/v1/runs",
                ["models": ["sim-hang1-gap0-words5"], "input": "x", "background": true]
            )
            #expect(run.status == 202)
            #expect(run.json["status"] == "in_progress")
            let id = run.json["id"]?.string ?? ""
            let ended = try await doors.send(.post, "/v1/runs/\(id)/cancel")
            #expect(ended.json["status"] == "cancelled")
            let holds2 = try await doors.send(.post, "/v1/runs/\(id)/cancel").json["status"] == "cancelled"
            #expect(holds2)
        }
    }

    @Test("a member that would be ignored is refused")
    func unknownMember() async throws {
        try await DoorsUnderTest.run { doors in
            let refused = try await doors.send(
                .post,
                "/v1/runs",
                ["models": ["parrot"], "input": "x", "max_costs": "0.10"]
            )
            #expect(refused.status == 400)
            #expect(refused.json["error"]?["param"] == "max_costs")
        }
    }

    @Test(
        "simulated models bring debates to results, so that there is something to see without a key",
        arguments: [
            ("vote", "plurality"), ("revise", "plurality"), ("sides", "judge"), ("council", "chair"),
            ("fusion", "fusion"),
            ("talk", "summary"),
        ]
    )
    func simulatedDebates(_ name: String, _ method: String) async throws {
        try await DoorsUnderTest.run { doors in
            let isTalk = name == "talk"
            let models: JSONValue = name == "sides" ? ["parrot", "oracle"] : ["parrot", "oracle", "sphinx"]
            let run = try await doors.send(
                .post,
                "/v1/runs",
                [
                    "kind": "debate", "input": "Tabs or spaces?", "models": models,
                    "debate": isTalk
                        ? ["protocol": "talk", "turns": 2, "summary": true]
                        : ["protocol": .string(name), "always_debate": true],
                ]
            )
            #expect(run.json["status"] == "completed")
            #expect(run.json["result"]?["method"] == .string(method))
        }
    }
}
