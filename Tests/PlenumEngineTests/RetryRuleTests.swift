import PlenumCore
import Testing

@testable import PlenumEngine

@Suite("What follows from an attempt that failed")
struct RetryRuleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var error: PlenumError
        var again = 0
        var elsewhere = RetryRule.Elsewhere.anybody
        var counts = false
        var cooldown: Duration?
        var rest = RetryRule.Rest.deployment
        var testDescription: String { name }
    }

    private static func error(
        _ code: PlenumError.Code,
        status: Int? = nil,
        after seconds: Int? = nil
    ) -> PlenumError {
        PlenumError(
            code,
            "It failed.",
            retryAfter: seconds.map { .seconds($0) },
            upstream: .init(provider: "test", status: status)
        )
    }

    static let rows = [
        Row(name: "no connection", error: error(.unavailable), again: 1, counts: true),
        Row(name: "500", error: error(.unavailable, status: 500), again: 1, counts: true),
        Row(
            name: "529",
            error: error(.overloaded, status: 529),
            again: 1,
            elsewhere: .othersFirst,
            counts: true
        ),
        Row(name: "no answer in it", error: error(.badUpstream, status: 200), again: 1, counts: true),
        Row(name: "504", error: error(.timeout, status: 504), again: 1, counts: true),
        Row(name: "nobody answered", error: error(.timeout), counts: true),
        Row(name: "broken off", error: error(.upstreamInterrupted), counts: true),
        Row(name: "429, soon", error: error(.rateLimited, status: 429, after: 3), again: 1, cooldown: .seconds(3)),
        Row(name: "429, late", error: error(.rateLimited, status: 429, after: 60), cooldown: .seconds(60)),
        Row(name: "429 for a day", error: error(.rateLimited, status: 429, after: 86_400), cooldown: .seconds(600)),
        Row(
            name: "429 without a word",
            error: error(.rateLimited, status: 429),
            cooldown: .seconds(600),
            rest: .key
        ),
        Row(
            name: "nothing left",
            error: error(.quotaExhausted, status: 429, after: 5),
            cooldown: .seconds(600),
            rest: .key
        ),
        Row(
            name: "nothing left until tomorrow",
            error: error(.quotaExhausted, status: 402, after: 40_000),
            cooldown: .seconds(40_000),
            rest: .key
        ),
        Row(
            name: "the key",
            error: error(.upstreamAuthentication, status: 401),
            cooldown: .seconds(300),
            rest: .key
        ),
        Row(name: "no such model there", error: error(.notFound, status: 404), cooldown: .seconds(300)),
        Row(name: "503, soon", error: error(.unavailable, status: 503, after: 10), again: 1, counts: true),
        Row(name: "503, late", error: error(.unavailable, status: 503, after: 11), counts: true),
        Row(name: "no such model here", error: PlenumError(.notFound, "Who?"), elsewhere: .nobody),
        Row(name: "the client's own limit", error: PlenumError(.timeout, "Late."), elsewhere: .nobody),
        Row(name: "400", error: error(.invalidRequest, status: 400), elsewhere: .nobody),
        Row(name: "413", error: error(.tooLarge, status: 413), elsewhere: .nobody),
        Row(name: "too long", error: error(.contextLength, status: 400), elsewhere: .largerContext),
        Row(name: "content", error: error(.contentBlocked, status: 400), elsewhere: .nobody),
        Row(name: "the client left", error: error(.cancelled), elsewhere: .nobody),
        Row(name: "our own database", error: error(.storage), elsewhere: .nobody),
    ]

    @Test("each kind of failure has its rule", arguments: rows)
    func table(row: Row) {
        let rule = RetryRule(row.error)
        #expect(rule.again == row.again)
        #expect(rule.elsewhere == row.elsewhere)
        #expect(rule.counts == row.counts)
        #expect(rule.cooldown == row.cooldown)
        #expect(rule.rest == row.rest)
    }

    @Test("a provider that says that it makes no sense is not asked again")
    func word() {
        var error = Self.error(.unavailable, status: 503)
        error.isRetryable = false
        #expect(RetryRule(error).again == 0 && RetryRule(error).elsewhere == .anybody)
    }

    @Test("the pause is what was asked for, else random and within its bounds")
    func pauses() {
        #expect(RetryRule.pause(after: Self.error(.rateLimited, after: 2), attempts: 1) == .seconds(2))
        for attempts in 1...9 {
            let longest = Duration.milliseconds([500, 1000, 2000, 4000, 8000][min(attempts, 5) - 1])
            for _ in 0..<50 {
                let pause = RetryRule.pause(after: Self.error(.unavailable), attempts: attempts)
                #expect(pause >= .zero && pause <= longest)
            }
        }
    }
}

@Suite("A breaker")
struct BreakerTests {
    private static let second: UInt64 = 1_000_000_000

    /// Asks outside of a macro, which could not change the breaker.
    private func admits(_ breaker: inout Breaker, at now: UInt64, _ chance: Int) -> Bool {
        breaker.admits(at: now, chance: chance)
    }

    /// A breaker that has just opened for the first time.
    private func open(at now: UInt64) -> Breaker {
        var breaker = Breaker()
        for _ in 0..<5 { breaker.record(failed: true, at: now, jitter: 0) }
        return breaker
    }

    @Test("opens after five failures in a row, and not after four")
    func inARow() {
        var breaker = Breaker()
        for _ in 0..<4 { breaker.record(failed: true, at: 1, jitter: 0) }
        #expect(admits(&breaker, at: 2, 99))
        breaker.record(failed: false, at: 2, jitter: 0)
        for _ in 0..<4 { breaker.record(failed: true, at: 3, jitter: 0) }
        #expect(admits(&breaker, at: 4, 99))
        breaker.record(failed: true, at: 5, jitter: 0)
        #expect(!admits(&breaker, at: 6, 0))
    }

    @Test("opens when half of ten fail within thirty seconds, and not over a longer time")
    func share() {
        var breaker = Breaker()
        for number in 0..<10 { breaker.record(failed: number % 2 == 1, at: 1, jitter: 0) }
        #expect(!admits(&breaker, at: 2, 0))
        var slow = Breaker()
        for number: UInt64 in 0..<10 { slow.record(failed: number % 2 == 1, at: number * 4 * Self.second, jitter: 0) }
        #expect(admits(&slow, at: 41 * Self.second, 99))
    }

    @Test("rests, lets one through, and then more and more")
    func recovery() {
        var breaker = open(at: 0)
        #expect(!admits(&breaker, at: 14 * Self.second, 0))
        #expect(admits(&breaker, at: 15 * Self.second, 99))
        #expect(!admits(&breaker, at: 15 * Self.second, 0), "one tries it out")
        breaker.record(failed: false, at: 16 * Self.second, jitter: 0)
        for (seconds, share) in [(17, 10), (37, 25), (57, 50)] as [(UInt64, Int)] {
            #expect(admits(&breaker, at: seconds * Self.second, share - 1))
            #expect(!admits(&breaker, at: seconds * Self.second, share))
        }
        #expect(admits(&breaker, at: 76 * Self.second, 99))
    }

    @Test("rests twice as long each time that it fails again, five minutes at most")
    func longer() {
        var breaker = open(at: 0)
        var now: UInt64 = 0
        for rest: UInt64 in [15, 30, 60, 120, 240, 300, 300] {
            #expect(!admits(&breaker, at: now + rest * Self.second - 1, 0))
            now += rest * Self.second
            #expect(admits(&breaker, at: now, 99))
            breaker.record(failed: true, at: now, jitter: 0)
        }
    }

    @Test("one of whom nothing is heard leaves it to another after ten minutes")
    func silence() {
        var breaker = open(at: 0)
        #expect(admits(&breaker, at: 15 * Self.second, 0))
        #expect(!admits(&breaker, at: 614 * Self.second, 0))
        #expect(admits(&breaker, at: 615 * Self.second, 0))
    }

    @Test("one that left while trying it out leaves that to the next")
    func leaving() {
        var breaker = open(at: 0)
        #expect(admits(&breaker, at: 15 * Self.second, 0))
        breaker.forget(at: 16 * Self.second)
        #expect(admits(&breaker, at: 16 * Self.second, 0))
    }
}
