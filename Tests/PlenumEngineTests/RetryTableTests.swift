import PlenumCore
import PlenumTesting
import Testing

@testable import PlenumEngine

/// The table of what follows from each way in which a provider fails, as calls that were made.
@Suite("What is asked again, and where")
struct RetryTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var steps: Fleet.Script
        /// How often the one deployment of a model is asked.
        var alone = 1
        /// Whether another one is asked, if there is one.
        var elsewhere = true

        init(
            _ name: String,
            alone: Int = 1,
            elsewhere: Bool = true,
            _ steps: @escaping Fleet.Script
        ) {
            testDescription = name
            self.steps = steps
            self.alone = alone
            self.elsewhere = elsewhere
        }

        init(_ name: String, _ error: PlenumError, alone: Int = 1, elsewhere: Bool = true) {
            self.init(name, alone: alone, elsewhere: elsewhere) { _ throws(PlenumError) in throw error }
        }
    }

    static func error(
        _ code: PlenumError.Code,
        _ status: Int? = nil,
        after: Duration? = nil
    ) -> PlenumError {
        PlenumError(code, "It failed.", retryAfter: after, upstream: .init(provider: "test", status: status))
    }

    private static let start = ScriptedProvider.Step.events([.start(id: "r", model: "m")])

    static let rows = [
        Row("no connection is asked once more", error(.unavailable), alone: 2),
        Row("what broke after it was sent is not: it may have been billed", error(.upstreamInterrupted)),
        Row("408 and 504 are asked once more", error(.timeout, 504), alone: 2),
        Row("500, 502 and 503 are asked once more", error(.unavailable, 503, after: .zero), alone: 2),
        Row("529 is asked once more", error(.overloaded, 529, after: .zero), alone: 2),
        Row("an overload as the first event of a stream is asked once more", alone: 2) { _ in
            [.fail(error(.overloaded))]
        },
        Row("429 that says when to come again is waited for once", error(.rateLimited, 429, after: .zero), alone: 2),
        Row("429 that says that it takes long is not", error(.rateLimited, 429, after: .seconds(11))),
        Row("429 that does not say when is not", error(.rateLimited, 429)),
        Row("an account with nothing left is not asked again", error(.quotaExhausted, 429, after: .zero)),
        Row("a key that is refused is not asked with again", error(.upstreamAuthentication, 401)),
        Row("a model that is not there is not asked for again", error(.notFound, 404)),
        Row("a request that is refused is asked nowhere", error(.invalidRequest, 400), elsewhere: false),
        Row("a prompt that is too long goes to nobody who reads no more", error(.contextLength, 400), elsewhere: false),
        Row("a body that is too large is asked nowhere", error(.tooLarge, 413), elsewhere: false),
        Row("content that is refused is asked nowhere", error(.contentBlocked, 400), elsewhere: false),
        Row("an answer that is none is asked once more", alone: 2) { _ in [start, .fail(error(.badUpstream, 200))] },
        Row("a stream that ends before it says anything goes elsewhere") { _ in [start] },
        Row("first content that does not come in time goes elsewhere") { _ in [start, .fail(error(.timeout))] },
        Row("an error after the first content goes nowhere", elsewhere: false) { _ in
            [start, .events([.text("one")]), .fail(error(.unavailable, 503))]
        },
        Row("a reset after the first content goes nowhere", elsewhere: false) { _ in
            [start, .events([.text("one")]), .fail(error(.upstreamInterrupted))]
        },
        Row("a time that runs out after the first content goes nowhere", elsewhere: false) { _ in
            [start, .events([.text("one")]), .fail(error(.timeout))]
        },
    ]

    @Test("with one deployment", arguments: rows)
    func alone(row: Row) async throws {
        try await Fleet.run([.init(row.steps)]) { fleet async throws in
            await #expect(throws: PlenumError.self) { try await fleet.stream() }
            #expect(fleet.calls == [row.alone])
            #expect(try await fleet.failures() == (row.alone, row.alone))
        }
    }

    @Test("with another deployment", arguments: rows)
    func another(row: Row) async throws {
        try await Fleet.run([.init(row.steps), .well("second")]) { fleet async throws in
            if row.elsewhere {
                let events = try await fleet.stream()
                #expect(Reply(events).text == "second")
                #expect(events.count { if case .start = $0 { true } else { false } } == 1)
            } else {
                await #expect(throws: PlenumError.self) { try await fleet.stream() }
            }
            #expect(fleet.calls == [1, row.elsewhere ? 1 : 0])
        }
    }

    @Test(
        "only what a reader sees is first content: before it another may answer, after it nobody",
        arguments: [
            (ReplyEvent.start(id: "x", model: "y"), false), (.text(""), false), (.reasoning(""), false),
            (.usage(Usage(inputUncached: 9, output: 1)), false), (.finish(FinishReason(.endTurn)), false),
            (.reasoningState(OpaqueState(.anthropicSignature, "s")), false),
            (.text("a"), true), (.reasoning("a"), true), (.refusal("a"), true),
            (.toolCall(index: 0, id: "c", name: "f", opaque: nil), true),
            (.toolArguments(index: 0, fragment: "{"), true), (.opaque(.gemini, "x"), true),
        ] as [(ReplyEvent, Bool)]
    )
    func firstContent(event: ReplyEvent, isContent: Bool) async throws {
        let broken = Fleet.Member { _ in [.events([event]), .fail(Self.error(.unavailable, 503))] }
        try await Fleet.run([broken, .well("second")]) { fleet async throws in
            if isContent {
                await #expect(throws: Self.error(.unavailable, 503)) { try await fleet.stream() }
            } else {
                let events = try await fleet.stream()
                #expect(Reply(events).text == "second" && !events.contains(event))
            }
        }
    }

    @Test("an overload is taken elsewhere at another provider first")
    func overload() async throws {
        let busy = Self.error(.overloaded, 529)
        let members: [Fleet.Member] = [
            .failing(busy, "one/a"), .well("same", "one/a"), .well("other", "two/a"),
        ]
        try await Fleet.run(members) { fleet async throws in
            let answer = try await fleet.complete("one/a", or: ["two/a"])
            #expect(answer == ("other", "two/a"))
            #expect(fleet.calls == [1, 0, 1])
        }
    }

    @Test("a prompt that is too long is taken to a model that reads more, and to no other")
    func context() async throws {
        let long = Self.error(.contextLength, 400)
        let members: [Fleet.Member] = [
            .failing(long, "test/a", context: 100), .well("same", "test/b", context: 100),
            .well("unknown", "test/c"), .well("larger", "test/d", context: 101),
        ]
        try await Fleet.run(members) { fleet async throws in
            #expect(try await fleet.complete("test/a", or: ["test/b", "test/c", "test/d"]).text == "larger")
            await #expect(throws: long) { try await fleet.complete("test/a", or: ["test/b", "test/c"]) }
            #expect(fleet.calls == [2, 0, 0, 1])
        }
        try await Fleet.run([.failing(long), .well("larger", "test/b", context: 100)]) { fleet async throws in
            // Of one whose own context is not known nobody knows who reads more.
            await #expect(throws: long) { try await fleet.complete("test/a", or: ["test/b"]) }
        }
    }

    @Test("the error of the last attempt is told, and is the last row's")
    func lastError() async throws {
        let (first, last) = (Self.error(.unavailable, 503), Self.error(.invalidRequest, 400))
        let members = [Fleet.Member { _ in [Self.start, .fail(first)] }, .failing(last)]
        try await Fleet.run(members) { fleet async throws in
            let open = try await fleet.engine.open(EngineUnderTest.ask("test/a", streamed: true))
            await #expect(throws: last) { try await open.deliver { _ in } }
            #expect(try await fleet.failures() == (2, 2))
        }
    }
}
