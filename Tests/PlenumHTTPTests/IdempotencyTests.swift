import HTTPTypes
import PlenumCore
import PlenumEngine
import Testing

@testable import PlenumHTTP

@Suite("Idempotency keys over HTTP")
struct IdempotencyTests {
    private func send(
        _ doors: DoorsUnderTest,
        _ path: String = "/v1/chat/completions",
        key: String,
        _ body: JSONValue
    ) async throws -> AnswerUnderTest {
        try await doors.send(.post, path, body, headers: [.idempotencyKey: key])
    }

    private func ask(_ model: String, _ text: String = "hello", stream: Bool? = nil) -> JSONValue {
        var members: [JSONObject.Member] = [
            ("model", .string(model)), ("messages", [["role": "user", "content": .string(text)]]),
        ]
        if let stream { members.append(("stream", .bool(stream))) }
        return .object(JSONObject(members))
    }

    private func attempts(_ doors: DoorsUnderTest) async throws -> Int {
        try await doors.engine.storage.usage(by: .model, since: nil).reduce(0) { $0 + $1.requests }
    }

    @Test("the same key gets the same bytes, whole and streamed", arguments: [false, true])
    func replay(stream: Bool) async throws {
        try await DoorsUnderTest.run { doors in
            let body = self.ask("sim-gap0-words5", stream: stream)
            let first = try await self.send(doors, key: "k1", body)
            #expect(first.status == 200 && !first.isReplayed)
            let again = try await self.send(doors, "/api/v1/chat/completions", key: "k1", body)
            #expect(again.isReplayed && again.status == 200)
            #expect(again.body == first.body && first.text.contains("word5"))
            #expect(again.headers[.generationID] == first.headers[.generationID])
            #expect(again.headers[.contentType] == first.headers[.contentType])
            let attempts = try await self.attempts(doors)
            #expect(attempts == 1)
            let other = try await self.send(doors, key: "k2", body)
            #expect(!other.isReplayed && other.headers[.generationID] != first.headers[.generationID])
        }
    }

    @Test("the order of members and white space ask nothing new, and another word does")
    func fingerprint() async throws {
        try await DoorsUnderTest.run { doors in
            _ = try await self.send(doors, key: "k", self.ask("sim-gap0-words5"))
            let shuffled: JSONValue = [
                "messages": [["content": "hello", "role": "user"]], "stream": false, "model": "sim-gap0-words5",
                "stream_options": ["include_usage": true],
            ]
            let same = try await self.send(doors, key: "k", shuffled)
            #expect(same.isReplayed)
            let other = try await self.send(doors, key: "k", self.ask("sim-gap0-words5", "hullo"))
            #expect(other.status == 422 && other.headers[.shouldRetry] == "false")
            #expect(other.json["error"]?["code"] == "idempotency_key_reused")
            let attempts = try await self.attempts(doors)
            #expect(attempts == 1)
        }
    }

    @Test("the other form of an answer is refused in words")
    func otherForm() async throws {
        try await DoorsUnderTest.run { doors in
            _ = try await self.send(doors, key: "k", self.ask("sim-gap0-words5", stream: true))
            let refused = try await self.send(doors, key: "k", self.ask("sim-gap0-words5"))
            #expect(refused.status == 422 && refused.json["error"]?["param"] == "stream")
        }
    }

    @Test("a refusal before anything began stores nothing, and a provider's refusal gives the key back")
    func released() async throws {
        try await DoorsUnderTest.run { doors in
            let unknown = try await self.send(doors, key: "k", self.ask("parot"))
            #expect(unknown.status == 404)
            let refused = try await self.send(doors, key: "k", self.ask("sim-status429"))
            #expect(refused.status == 429)
            let done = try await self.send(doors, key: "k", self.ask("sim-gap0-words5"))
            #expect(done.status == 200 && !done.isReplayed)
        }
    }

    @Test("an answer that broke off is given again as it was, and not asked again")
    func broken() async throws {
        try await DoorsUnderTest.run { doors in
            let body = self.ask("sim-gap0-cut2-words5", stream: true)
            let first = try await self.send(doors, key: "k", body)
            #expect(first.text.contains("word2") && first.text.contains("\"error\""))
            let again = try await self.send(doors, key: "k", body)
            #expect(again.isReplayed && again.body == first.body)
            let attempts = try await self.attempts(doors)
            #expect(attempts == 1)
        }
    }

    @Test("while the first is being answered the second is told to come back, and after a crash to use a new key")
    func inProgressAndCrash() async throws {
        try await DoorsUnderTest.run { doors in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let body = self.ask("sim-hang1-gap0-words5", stream: true)
                group.addTask { _ = try? await self.send(doors, key: "k", body) }
                let key = IdempotencyKey.hash("k", route: "POST /chat/completions")
                for _ in 0..<200 where try await doors.engine.storage.claim(key) == nil {
                    try await Task.sleep(for: .milliseconds(20))
                }
                let busy = try await self.send(doors, key: "k", body)
                #expect(busy.status == 409 && busy.json["error"]?["code"] == "idempotency_in_progress")
                #expect(busy.headers[.retryAfter] == "1" && busy.headers[.shouldRetry] == nil)
                _ = try await doors.engine.storage.recover(at: doors.engine.clock.now())
                let lost = try await self.send(doors, key: "k", body)
                #expect(lost.status == 409 && lost.json["error"]?["code"] == "idempotency_not_replayable")
                #expect(lost.headers[.shouldRetry] == "false")
                #expect(lost.json["error"]?["message"]?.string?.contains("stopped in the middle") == true)
                group.cancelAll()
            }
        }
    }

    @Test("a key that is none is refused", arguments: [" ", "a b", String(repeating: "x", count: 256), "schlüssel"])
    func badKey(key: String) async throws {
        try await DoorsUnderTest.run { doors in
            for path in ["/v1/chat/completions", "/v1/runs"] {
                let body: JSONValue =
                    path.hasSuffix("runs") ? ["models": ["parrot"], "input": "x"] : self.ask("parrot")
                let refused = try await self.send(doors, path, key: key, body)
                #expect(refused.status == 400 && refused.text.contains("1 to 255 visible ASCII"))
            }
        }
    }

    @Test("what is not to be kept is not given again")
    func withoutWords() async throws {
        try await DoorsUnderTest.run { doors in
            let body: JSONValue = [
                "model": "sim-gap0-words5", "store": false, "messages": [["role": "user", "content": "secret"]],
            ]
            _ = try await self.send(doors, key: "k", body)
            let refused = try await self.send(doors, key: "k", body)
            #expect(refused.status == 409 && refused.json["error"]?["code"] == "idempotency_not_replayable")
        }
    }

    @Test("a run's key gives the run again, whole, by its events and under way")
    func runs() async throws {
        try await DoorsUnderTest.run { doors in
            let body: JSONValue = ["models": ["sim-gap0-words5", "sim-status500"], "input": "Which?"]
            let first = try await self.send(doors, "/v1/runs", key: "k", body)
            #expect(first.status == 200 && !first.isReplayed)
            let again = try await self.send(doors, "/v1/runs", key: "k", body)
            #expect(again.isReplayed && again.body == first.body)
            var streamed = try #require(body.object)
            streamed["stream"] = true
            let events = try await self.send(doors, "/v1/runs", key: "k", .object(streamed))
            #expect(events.isReplayed && events.text.hasPrefix("event: run.created\nid: 1\n"))
            #expect(events.text.contains("event: run.completed\n"))
            let attempts = try await self.attempts(doors)
            #expect(attempts == 3, "the seat that was refused was tried twice")
            let other = try await self.send(doors, "/v1/runs", key: "k", ["models": ["parrot"], "input": "Else?"])
            #expect(other.status == 422)
            let chat = try await self.send(doors, key: "k", self.ask("sim-gap0-words5"))
            #expect(!chat.isReplayed && chat.status == 200, "a key of one route means nothing to another")
        }
    }

    @Test("many askers with one key follow one run")
    func concurrentRuns() async throws {
        try await DoorsUnderTest.run { doors in
            let body: JSONValue = ["models": ["sim-gap0-words5"], "input": "Which?", "stream": true]
            let answers = try await withThrowingTaskGroup(of: AnswerUnderTest.self) { group in
                for _ in 0..<20 { group.addTask { try await self.send(doors, "/v1/runs", key: "k", body) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { !$0.isReplayed }.count == 1)
            for answer in answers {
                #expect(answer.text.hasPrefix("event: run.created\n") && answer.text.contains("event: run.completed\n"))
            }
            let attempts = try await self.attempts(doors)
            #expect(attempts == 1)
        }
    }

    @Test("a run that was deleted with its conversation is not begun again")
    func deletedRun() async throws {
        try await DoorsUnderTest.run { doors in
            let body: JSONValue = ["models": ["sim-gap0-words5"], "input": "Which?"]
            let first = try await self.send(doors, "/v1/runs", key: "k", body)
            let conversation = try #require(first.json["conversation"]?.string)
            try await doors.send(.delete, "/v1/conversations/\(conversation)")
            let again = try await self.send(doors, "/v1/runs", key: "k", body)
            #expect(again.status == 409 && again.headers[.shouldRetry] == "false")
        }
    }
}

extension AnswerUnderTest {
    fileprivate var isReplayed: Bool { headers[.idempotentReplayed] == "true" }
}
