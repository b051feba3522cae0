import PlenumCore
import PlenumTesting
import Testing

@testable import PlenumEngine

@Suite("A client that leaves")
struct LeavingTests {
    /// Where it leaves.
    enum Moment: String, CaseIterable, Sendable {
        case beforeHead
        case beforeContent
        case afterContent
    }

    private static func steps(_ moment: Moment) -> [ScriptedProvider.Step] {
        switch moment {
        case .beforeHead: [.hold(Gate())]
        case .beforeContent: [.events([.start(id: "r", model: "m")]), .wait(Gate())]
        case .afterContent: [.events([.start(id: "r", model: "m"), .text("Well, ")]), .wait(Gate())]
        }
    }

    @Test(
        "ends the call, whole or streamed, leaves a cancelled row and counts against nobody",
        arguments: Moment.allCases,
        [true, false]
    )
    func moments(moment: Moment, isStreamed: Bool) async throws {
        let script: Fleet.Script = { count throws(PlenumError) in
            count < 6 ? Self.steps(moment) : ScriptedProvider.answer("first")
        }
        try await Fleet.run([.init(script), .well("second")]) { fleet async throws in
            for number in 1...6 {
                let error = try await fleet.leave(when: { fleet.calls[0] == number }) {
                    if isStreamed { try await fleet.stream() } else { try await fleet.complete() }
                }
                #expect(error?.code == .cancelled)
            }
            #expect(try await fleet.complete().text == "first")
            #expect(fleet.calls == [7, 0], "nobody else is asked for one who left")
            let (requests, _) = try await fleet.failures()
            #expect(requests == 7)
        }
    }

    @Test("in the pause before the next attempt ends that too, and is not what the provider did")
    func pause() async throws {
        let later = RetryTableTests.error(.rateLimited, 429, after: .seconds(9))
        try await Fleet.run([.failing(later)]) { fleet async throws in
            let error = try await fleet.leave(when: { fleet.engine.router.isRetrying }) {
                try await fleet.complete()
            }
            #expect(error?.code == .cancelled)
            #expect(fleet.calls == [1])
            #expect(!fleet.engine.router.isRetrying, "its turn is given back")
        }
    }

    @Test("while it tries a deployment out after a rest leaves that to the next one")
    func probe() async throws {
        let script: Fleet.Script = { count throws(PlenumError) in
            if count < 5 { throw RetryTableTests.error(.unavailable, 503) }
            return count == 5 ? [.hold(Gate())] : ScriptedProvider.answer("first")
        }
        try await Fleet.run([.init(script), .well("second")]) { fleet async throws in
            for _ in 1...6 { _ = try await fleet.complete() }
            #expect(fleet.calls == [5, 6], "it rests")
            fleet.pass(20)
            let error = try await fleet.leave(when: { fleet.calls[0] == 6 }) { try await fleet.complete() }
            #expect(error?.code == .cancelled)
            #expect(try await fleet.complete().text == "first")
            #expect(fleet.calls == [7, 6])
        }
    }
}
