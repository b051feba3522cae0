import PlenumCore
import PlenumTesting
import Testing

@testable import PlenumEngine

@Suite("A list of models")
struct FallbackTests {
    private static let down = RetryTableTests.error(.unavailable, 503)

    @Test("is asked in order after the first model's deployments, and the answer is the one's that gave it")
    func order() async throws {
        let members: [Fleet.Member] = [
            .failing(Self.down), .well("b", "test/b"), .failing(Self.down), .well("c", "test/c"),
        ]
        try await Fleet.run(members) { fleet async throws in
            #expect(try await fleet.complete("test/a", or: ["test/b", "test/c"]) == ("b", "test/b"))
            #expect(fleet.calls == [1, 1, 1, 0])
            #expect(Reply(try await fleet.stream("test/a", or: ["test/c"])).text == "c")
            #expect(fleet.calls == [2, 1, 2, 1])
        }
    }

    @Test("ends after three attempts with the last error")
    func most() async throws {
        let members = ["a", "b", "c", "d"].map { Fleet.Member.failing(Self.down, "test/\($0)") }
        try await Fleet.run(members) { fleet async throws in
            await #expect(throws: Self.down) { try await fleet.complete("test/a", or: ["test/b", "test/c", "test/d"]) }
            #expect(fleet.calls == [1, 1, 1, 0])
        }
    }

    @Test("with a name that is no model's is refused before anybody is asked")
    func unknown() async throws {
        try await Fleet.run([.well("a")]) { fleet async throws in
            let error = await #expect(throws: PlenumError.self) { try await fleet.complete("test/a", or: ["test/x"]) }
            #expect(error?.code == .notFound && fleet.calls == [0])
        }
    }

    @Test("passes over a model without a key, unless there is no other")
    func withoutKey() async throws {
        let absent = Fleet.Member("test/a", isAvailable: false) { _ in [] }
        try await Fleet.run([absent, .well("b", "test/b")]) { fleet async throws in
            #expect(try await fleet.complete("test/a", or: ["test/b"]) == ("b", "test/b"))
            let error = await #expect(throws: PlenumError.self) { try await fleet.complete("test/a") }
            #expect(error?.message.contains("TEST_KEY") == true)
        }
    }

    @Test("a body that is passed through stays one, whoever is asked next")
    func verbatim() async throws {
        try await Fleet.run([.failing(Self.down), .well("b", "test/b")]) { fleet async throws in
            let body = VerbatimRequest(dialect: .openAIChat, body: Array("{}".utf8), modelSpan: nil)
            var ask = EngineUnderTest.ask("test/a", streamed: false)
            ask.prompt = .verbatim(body)
            ask.fallbacks = ["test/b"]
            #expect(try await fleet.engine.complete(ask).reply.text == "b")
            guard case .verbatim? = fleet.providers[1].requests.first?.prompt else {
                Issue.record("it was read before anybody needed that")
                return
            }
        }
    }

    @Test("tells the scribe whose answer it writes before the first word, and again when it is another's")
    func scribe() async throws {
        let broken = Fleet.Member { _ in [.events([.start(id: "r", model: "m")]), .fail(Self.down)] }
        try await Fleet.run([broken, .well("b", "test/b")]) { fleet async throws in
            var ask = EngineUnderTest.ask("test/a", streamed: true)
            ask.fallbacks = ["test/b"]
            let lines = Lines()
            try await fleet.engine.open(ask).deliver(as: NamingScribe()) { lines.add($0) }
            #expect(lines.text.hasPrefix("test/b: b"))
        }
    }
}

/// Writes an answer's model before its words.
private struct NamingScribe: AnswerScribe {
    private var model = "nobody"
    private var isNamed = false
    let contentType = "text/plain"

    mutating func begin(as generation: Generation) { model = generation.model }

    mutating func write(_ piece: ReplyPiece) -> [UInt8] {
        let text = piece.events.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        guard !text.isEmpty else { return [] }
        defer { isNamed = true }
        return Array((isNamed ? text : "\(model): \(text)").utf8)
    }

    mutating func fail(_ error: PlenumError) -> [UInt8] { Array("\(error)".utf8) }
}
