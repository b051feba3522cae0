import PlenumCore
import PlenumTesting
import Synchronization
import Testing

@testable import PlenumEngine

@Suite("What may be spent on asking a provider again")
struct RetryPurseTests {
    /// An error after which the same provider is asked again at once.
    private static let down = RetryTableTests.error(.unavailable, 503, after: .zero)
    /// How often that can be paid for.
    private static let most = RetryPurse.capacity / 5

    @Test("a purse pays what it holds, and holds no more than it does at first")
    func purse() {
        var purse = RetryPurse()
        purse.giveBack(10)
        #expect(purse.tokens == RetryPurse.capacity)
        var paid = 0
        while purse.pay(RetryPurse.price(after: Self.down)) { paid += 1 }
        #expect(paid == Self.most && purse.tokens == 0)
        for _ in 0..<4 { purse.giveBack(0) }
        let isEnough = purse.pay(5)
        #expect(!isEnough)
        purse.giveBack(5)
        let isEnoughNow = purse.pay(5)
        #expect(isEnoughNow && purse.tokens == 4)
        #expect(RetryPurse.price(after: RetryTableTests.error(.timeout, 504)) == 10)
    }

    @Test("a provider that is down for long sees each request once in the end, and is tried again when it answers")
    func outage() async throws {
        let isDown = Mutex(true)
        let member = Fleet.Member { _ throws(PlenumError) in
            if isDown.withLock({ $0 }) { throw Self.down }
            return ScriptedProvider.answer("well")
        }
        try await Fleet.run([member]) { fleet async throws in
            func ask() async -> Int {
                let before = fleet.calls[0]
                _ = await fleet.failure { try await fleet.complete() }
                return fleet.calls[0] - before
            }
            for _ in 0..<Self.most { #expect(await ask() == 2) }
            #expect(await ask() == 1, "the purse is empty")
            isDown.withLock { $0 = false }
            for _ in 0..<5 { #expect(await ask() == 1) }
            isDown.withLock { $0 = true }
            #expect(await ask() == 2, "five answers pay for one more time")
            #expect(await ask() == 1)
        }
    }

    @Test("a provider that fails every second time is asked again each time: what helps is given back")
    func flaky() async throws {
        let member = Fleet.Member { count throws(PlenumError) in
            if count % 2 == 0 { throw Self.down }
            return ScriptedProvider.answer("well")
        }
        try await Fleet.run([member]) { fleet async throws in
            for _ in 0..<2 * Self.most { try await fleet.complete() }
            #expect(fleet.calls == [4 * Self.most])
        }
    }

    @Test("another provider has its own purse, and another deployment costs nothing")
    func others() async throws {
        let members = [
            Fleet.Member.failing(Self.down, "one/a", key: "one"), .failing(Self.down, "two/a", key: "two"),
            .failing(Self.down, "three/b", key: "three"), .well("well", "three/c", key: "three"),
        ]
        try await Fleet.run(members) { fleet async throws in
            for _ in 0...Self.most { _ = await fleet.failure { try await fleet.complete("one/a") } }
            #expect(fleet.calls[0] == 2 * Self.most + 1)
            _ = await fleet.failure { try await fleet.complete("two/a") }
            #expect(fleet.calls[1] == 2)
            for _ in 0...Self.most { try await fleet.complete("three/b", or: ["three/c"]) }
            #expect(fleet.calls[3] == Self.most + 1)
        }
    }
}
