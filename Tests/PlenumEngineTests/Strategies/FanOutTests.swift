import PlenumCore
import PlenumEngine
import Testing

@Suite("Fan-out")
struct FanOutTests {
    private func outcome(_ step: StrategyStep) -> RunOutcome? {
        if case .finish(let outcome) = step { outcome } else { nil }
    }

    @Test("every seat is called at once with its own words, and all answers make it complete")
    func all() throws {
        var driver = try StrategyDriver(.compare, seats: 3) { $0.seats[1].system = "Be brief." }
        guard case .call(let calls) = driver.strategy.next(driver.state) else {
            Issue.record("nobody is called")
            return
        }
        #expect(calls.map(\.slot.seat) == [0, 1, 2])
        #expect(calls[1].chat.instructions.map(\.text) == ["Be brief."])
        let end = outcome(driver.run { _ in .text("Yes.") })
        #expect(end == RunOutcome(.completed, "completed", leaf: driver.state.turns[0].message))
    }

    @Test("one that fails leaves the others, and none is asked again by itself")
    func someFail() throws {
        var driver = try StrategyDriver(.compare, seats: 3)
        let end = outcome(driver.run { $0.slot.seat == 0 ? .broken("Half") : .text("Yes.") })
        #expect(end == RunOutcome(.incomplete, "some_seats_failed", leaf: driver.state.turns[1].message))
        #expect(driver.calls.count == 3)
    }

    @Test("a refusal is an answer, for people to read")
    func refusal() throws {
        var driver = try StrategyDriver(.compare, seats: 2)
        #expect(outcome(driver.run { _ in .refusal("No.") })?.status == .completed)
    }

    @Test("none that answers is a failure")
    func allFail() throws {
        var driver = try StrategyDriver(.compare, seats: 2)
        #expect(outcome(driver.run { _ in .failure(.timeout) })?.status == .failed)
    }

    @Test("an answer that a person wants again is asked for again, and no other")
    func again() throws {
        var driver = try StrategyDriver(.compare, seats: 3)
        driver.run { _ in .text("Yes.") }
        driver.state.settings.again.insert(driver.state.turns[1].message)
        driver.run { _ in .text("No.") }
        #expect(driver.calls.map(\.slot.seat) == [0, 1, 2, 1])
    }

    @Test("after a crash only what was not finished is asked again")
    func resumes() throws {
        var driver = try StrategyDriver(.compare, seats: 3)
        var isFirst = true
        driver.run { call in
            defer { if call.slot.seat == 2 { isFirst = false } }
            return isFirst && call.slot.seat != 1 ? .interrupted("Ha") : .text("Yes.")
        }
        #expect(driver.calls.map(\.slot.seat) == [0, 1, 2, 0, 2])
    }

    @Test("a seat that there is no money for stays out, the others answer")
    func budget() throws {
        var driver = try StrategyDriver(.compare, seats: 2)
        driver.state.refused = [Slot(seat: 1, .answer)]
        let end = outcome(driver.run { _ in .text("Yes.") })
        #expect(end == RunOutcome(.incomplete, "budget", leaf: driver.state.turns[0].message))
    }
}
