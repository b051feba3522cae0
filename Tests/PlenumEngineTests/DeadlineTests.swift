import PlenumCore
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumEngine

@Suite("The time that an answer has")
struct DeadlineTests {
    /// A clock that stands still until a test puts it forward.
    private final class Clock: Sendable {
        let now = Mutex<UInt64>(1_000_000_000_000)
        var engine: EngineClock {
            EngineClock(now: EngineClock.system.now) { [self] in now.withLock { $0 } }
        }

        func pass(_ milliseconds: UInt64) { now.withLock { $0 += milliseconds * 1_000_000 } }
    }

    @Test("each attempt waits for nothing longer than what is left, less what it takes to tell")
    func limits() {
        let clock = Clock()
        let deadline = Deadline(clock.engine, within: .seconds(30))
        clock.pass(10_000)
        let limited = deadline.limiting(Patience())
        #expect(limited.connect == .seconds(5))
        #expect(limited.head == .milliseconds(19_750) && limited.total == .milliseconds(19_750))
        #expect(limited.firstContent == .milliseconds(19_750) && limited.idle == .milliseconds(19_750))
        clock.pass(60_000)
        #expect(deadline.limiting(Patience()).total == .zero)
    }

    @Test("no attempt begins with less than two seconds left, nor a pause that would leave less")
    func least() {
        let clock = Clock()
        let deadline = Deadline(clock.engine, within: .seconds(30))
        clock.pass(28_000)
        #expect(deadline.allowsAttempt() && !deadline.allowsAttempt(after: .milliseconds(1)))
        clock.pass(1)
        #expect(!deadline.allowsAttempt())
    }

    @Test("a client's limit is cut to what any completion has; a run's step has half an hour")
    func caps() {
        let clock = Clock()
        let most = Duration.milliseconds(599_750)
        var patient = Patience()
        patient.total = .seconds(100_000)
        #expect(Deadline(clock.engine, within: .seconds(86_400)).limiting(patient).total == most)
        #expect(Deadline(clock.engine, within: nil).limiting(patient).total == most)
        #expect(Deadline(step: clock.engine).limiting(patient).total == .milliseconds(1_799_750))
    }

    @Test("a time that the client's own limit ended is a timeout of nobody's fault")
    func blame() {
        let clock = Clock()
        let late = RetryTableTests.error(.timeout)
        let deadline = Deadline(clock.engine, within: .seconds(30))
        #expect(deadline.explaining(late) == late, "the provider's own timer")
        clock.pass(29_750)
        let told = deadline.explaining(late)
        #expect(told.code == .timeout && told.upstream == nil && told.message.contains("30 seconds"))
        #expect(deadline.explaining(RetryTableTests.error(.timeout, 504)).upstream?.status == 504)
        let without = Deadline(clock.engine, within: nil)
        clock.pass(600_000)
        #expect(without.explaining(late) == late)
    }

    @Test("an attempt is told how long it may take, and none follows when too little is left")
    func attempts() async throws {
        let down = RetryTableTests.error(.unavailable, 503)
        try await Fleet.run([.failing(down), .well("second")]) { fleet async throws in
            #expect(try await fleet.complete(within: .seconds(20)).text == "second")
            for provider in fleet.providers {
                let patience = try #require(provider.requests.first?.patience)
                #expect(patience.total <= .milliseconds(19_750) && patience.total > .seconds(2))
                #expect(patience.head == patience.total)
            }
        }
        let held = Gate()
        let late = Fleet.Member { _ in [.hold(held), .fail(RetryTableTests.error(.timeout))] }
        try await Fleet.run([late, .well("second")]) { fleet async throws in
            async let failure = fleet.failure { _ = try await fleet.complete(within: .seconds(20)) }
            while fleet.calls[0] == 0 { try await Task.sleep(for: .milliseconds(2)) }
            fleet.pass(20)
            held.open()
            let error = await failure
            #expect(error?.code == .timeout && error?.upstream == nil)
            #expect(fleet.calls == [1, 0])
            // It does not count: only five more leave the deployment alone.
            for _ in 1...6 { _ = try await fleet.complete() }
            #expect(fleet.calls[0] == 6)
        }
    }
}
