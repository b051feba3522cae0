import PlenumCore
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumEngine

/// What tests write down as it comes.
final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

@Suite("What is left alone")
struct RestTests {
    private static func error(_ code: PlenumError.Code, _ status: Int, after: Duration? = nil) -> PlenumError {
        RetryTableTests.error(code, status, after: after)
    }

    /// Two models that are asked with one key, each with a second deployment that has another.
    private func members(_ script: @escaping Fleet.Script) -> [Fleet.Member] {
        [
            .init("test/a", key: "one", script), .well("a2", "test/a", key: "two"),
            .well("b1", "test/b", key: "one"), .well("b2", "test/b", key: "two"),
        ]
    }

    @Test(
        "a key that is refused, or whose account has nothing left, rests for all its models",
        arguments: [
            error(.upstreamAuthentication, 401), error(.upstreamAuthentication, 403), error(.quotaExhausted, 429),
            error(.quotaExhausted, 402), error(.rateLimited, 429),
        ]
    )
    func key(error: PlenumError) async throws {
        try await Fleet.run(members { _ throws(PlenumError) in throw error }) { fleet async throws in
            #expect(try await fleet.complete("test/a").text == "a2")
            #expect(try await fleet.complete("test/b").text == "b2")
            #expect(try await fleet.complete("test/a").text == "a2")
            #expect(fleet.calls == [1, 2, 0, 1])
        }
    }

    @Test("a rate limit that says when it is over rests for its model alone, as long as it says")
    func model() async throws {
        let later = Self.error(.rateLimited, 429, after: .seconds(60))
        try await Fleet.run(members { _ throws(PlenumError) in throw later }) { fleet async throws in
            #expect(try await fleet.complete("test/a").text == "a2")
            #expect(try await fleet.complete("test/b").text == "b1")
            fleet.pass(59)
            try await fleet.complete("test/a")
            #expect(fleet.calls == [1, 2, 1, 0])
            fleet.pass(2)
            try await fleet.complete("test/a")
            #expect(fleet.calls == [2, 3, 1, 0])
        }
    }

    @Test("a model that is not there rests by itself")
    func notFound() async throws {
        let absent = members { _ throws(PlenumError) in throw Self.error(.notFound, 404) }
        try await Fleet.run(absent) { fleet async throws in
            for _ in 1...3 { try await fleet.complete("test/a") }
            #expect(try await fleet.complete("test/b").text == "b1")
            #expect(fleet.calls == [1, 3, 1, 0])
        }
    }

    @Test("after its rest one request tries a key, and only when that goes well do others follow")
    func trial() async throws {
        let gate = Gate()
        let script: Fleet.Script = { count throws(PlenumError) in
            if count == 0 { throw Self.error(.upstreamAuthentication, 401) }
            return [.hold(gate)] + ScriptedProvider.answer("a1")
        }
        try await Fleet.run(members(script)) { fleet async throws in
            try await fleet.complete("test/a")
            fleet.pass(301)
            async let tried = fleet.complete("test/a").text
            while fleet.calls[0] < 2 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await fleet.complete("test/b").text == "b2", "the key is being tried")
            gate.open()
            #expect(try await tried == "a1")
            #expect(try await fleet.complete("test/b").text == "b1", "the key is well again")
        }
    }

    @Test("a key that is refused again rests again, and one that a leaving client tried is tried by the next")
    func trialFails() async throws {
        let script: Fleet.Script = { count throws(PlenumError) in
            if count == 1 { return [.hold(Gate())] }
            throw Self.error(.upstreamAuthentication, 401)
        }
        try await Fleet.run(members(script)) { fleet async throws in
            try await fleet.complete("test/a")
            fleet.pass(301)
            _ = try await fleet.leave(when: { fleet.calls[0] == 2 }) { try await fleet.complete("test/a") }
            try await fleet.complete("test/a")
            #expect(fleet.calls[0] == 3, "the next one tries it")
            try await fleet.complete("test/a")
            #expect(try await fleet.complete("test/b").text == "b2")
            #expect(fleet.calls[0] == 3, "it rests again")
        }
    }

    @Test("the last deployment of a model is never kept from those who ask for it")
    func last() async throws {
        let script: Fleet.Script = { count throws(PlenumError) in
            if count < 12 { throw Self.error(count % 2 == 0 ? .upstreamAuthentication : .unavailable, 401) }
            return ScriptedProvider.answer("back")
        }
        try await Fleet.run([.init("test/a", key: "one", script)]) { fleet async throws in
            while fleet.calls[0] < 12 { _ = try? await fleet.complete() }
            #expect(try await fleet.complete().text == "back")
        }
    }

    @Test("each attempt at an answer counts, not the first alone")
    func eachAttempt() async throws {
        let later = Self.error(.rateLimited, 429, after: .seconds(60))
        let members: [Fleet.Member] = [.failing(later), .failing(later), .well("third")]
        try await Fleet.run(members) { fleet async throws in
            for _ in 1...3 { #expect(try await fleet.complete().text == "third") }
            #expect(fleet.calls == [1, 1, 3])
        }
    }

    @Test("a failure is counted once, also when the client leaves before the next attempt")
    func countedOnce() async throws {
        let down = Self.error(.unavailable, 503, after: .seconds(9))
        let members: [Fleet.Member] = [.failing(down), .well("second", "test/b")]
        try await Fleet.run(members) { fleet async throws in
            for number in 1...4 {
                // The only deployment is waited for; the client leaves in that time.
                let error = try await fleet.leave(when: { fleet.calls[0] == number && fleet.engine.router.isRetrying })
                {
                    try await fleet.complete()
                }
                #expect(error?.code == .cancelled)
            }
            // Four failures in a row do not open the breaker, eight would have.
            #expect(try await fleet.complete("test/a", or: ["test/b"]).text == "second")
            #expect(fleet.calls == [5, 1])
            // The fifth did.
            #expect(try await fleet.complete("test/a", or: ["test/b"]).text == "second")
            #expect(fleet.calls == [5, 2])
        }
    }

    @Test("what a client did wrong or broke off counts against nobody")
    func clients() async throws {
        let script: Fleet.Script = { count throws(PlenumError) in
            if count < 12 { throw Self.error(.invalidRequest, 400) }
            return ScriptedProvider.answer("first")
        }
        try await Fleet.run([.init(script), .well("second")]) { fleet async throws in
            for _ in 1...12 { _ = try? await fleet.complete() }
            #expect(try await fleet.complete().text == "first")
        }
    }
}
