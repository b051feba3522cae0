import HTTPTypes
import PlenumCore
import PlenumEngine
import Testing

@testable import PlenumHTTP

@Suite("A stream whose provider does not come to the point")
struct EarlyHeadTests {
    private func run(
        patience: Duration = .milliseconds(100),
        _ body: @escaping @Sendable (DoorsUnderTest) async throws -> Void
    ) async throws {
        var configuration = DoorConfiguration()
        configuration.headPatience = patience
        configuration.keepAliveInterval = .milliseconds(100)
        try await DoorsUnderTest.run(configuration: configuration, body)
    }

    private func ask(
        _ doors: DoorsUnderTest,
        _ model: String,
        or others: [String] = [],
        key: String? = nil
    ) async throws -> AnswerUnderTest {
        var headers: HTTPFields = [:]
        headers[.idempotencyKey] = key
        let body: JSONValue = [
            "model": .string(model), "models": .array(others.map { .string($0) }), "stream": true,
            "messages": [["role": "user", "content": "hello"]],
        ]
        return try await doors.send(.post, "/v1/chat/completions", body, headers: headers)
    }

    @Test("has its head and signs of life in time, and the answer behind them")
    func late() async throws {
        try await run { doors async throws in
            let answer = try await ask(doors, "sim-wait700-gap0-words5")
            #expect(answer.status == 200 && answer.headers[.contentType]?.hasPrefix("text/event-stream") == true)
            #expect(answer.headers[.generationID] == nil, "it was not known yet")
            #expect(answer.parts.prefix(2) == [": keepalive", ": keepalive"])
            let named = try #require(answer.parts.first { $0.hasPrefix(": x-generation-id gen_") })
            let id = named.split(separator: " ").last.map(String.init) ?? ""
            #expect(try await doors.send(.get, "/v1/generations/\(id)").status == 200)
            #expect(answer.text.contains("word5") && answer.text.hasSuffix("data: [DONE]\n\n"))
            let start = try #require(answer.parts.firstIndex { $0.hasPrefix("data: ") })
            #expect(!answer.parts[start...].contains { $0.hasPrefix(":") }, "the answer speaks for itself")
        }
    }

    @Test("of which an attempt fails behind the head is answered by another")
    func fallback() async throws {
        try await run { doors async throws in
            let answer = try await ask(doors, "sim-wait400-status500", or: ["sim-gap0-words5"])
            #expect(answer.status == 200 && answer.text.hasPrefix(": keepalive\n\n"))
            #expect(answer.text.contains("word5") && answer.events.allSatisfy { $0["error"] == nil })
        }
    }

    @Test("ends with an error as its one event when nobody is left to ask")
    func failed() async throws {
        try await run { doors async throws in
            let answer = try await ask(doors, "sim-wait400-status500")
            #expect(answer.status == 200 && answer.text.hasPrefix(": keepalive\n\n"))
            #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
            #expect(answer.events.count == 1)
            let error = answer.events.first?["error"]
            #expect(error?["retryable"] == true && error?["partial"] == false && error?["message"] != nil)
            #expect(answer.events.first?["choices"]?.array?.first?["finish_reason"] == "error")
        }
    }

    @Test("fails with a status while there is time for one, and is opened as ever")
    func inTime() async throws {
        try await run(patience: .seconds(30)) { doors async throws in
            let failed = try await ask(doors, "sim-status429")
            #expect(failed.status == 429 && failed.headers[.contentType] == "application/json")
            let answer = try await ask(doors, "sim-gap0-words5")
            #expect(answer.headers[.generationID] != nil && answer.text.hasPrefix("data: "))
        }
    }

    @Test("keeps its connection for what follows")
    func again() async throws {
        try await run { doors async throws in
            for _ in 0..<3 {
                let late = try await ask(doors, "sim-wait300-gap0-words5")
                #expect(late.status == 200 && late.text.contains("word5"))
                // Refused before anything is waited for, however slow the machine is.
                let failed = try await ask(doors, "no-such-model")
                #expect(failed.status == 404)
            }
        }
    }

    @Test("is given again by its key, whole and without its signs of life")
    func replay() async throws {
        try await run { doors async throws in
            let first = try await ask(doors, "sim-wait400-gap0-words5", key: "k")
            let again = try await ask(doors, "sim-wait400-gap0-words5", key: "k")
            #expect(again.headers[.idempotentReplayed] == "true" && again.headers[.generationID] != nil)
            let answer = first.parts.filter { !$0.hasPrefix(":") }
            #expect(again.parts == answer && first.parts.count > answer.count)
            // Nothing came of this one, so that its key is free again.
            let failed = try await ask(doors, "sim-wait400-status500", key: "other")
            #expect(failed.events.first?["error"] != nil)
            let retried = try await ask(doors, "sim-wait400-status500", key: "other")
            #expect(retried.headers[.idempotentReplayed] == nil)
        }
    }

    @Test("that broke off says that a part had come")
    func partial() async throws {
        try await run { doors async throws in
            let answer = try await ask(doors, "sim-gap0-cut2-words5")
            let error = answer.events.last?["error"]
            #expect(error?["partial"] == true && error?["retryable"] == true)
        }
    }
}
