import PlenumCore
import PlenumEngine
import Testing

@Suite("Talks")
struct TalkTests {
    private func outcome(_ step: StrategyStep) -> RunOutcome? {
        if case .finish(let outcome) = step { outcome } else { nil }
    }

    private static let words = ["apple", "river", "stone", "cloud", "engine", "violin", "harbour", "lantern", "meadow"]

    /// Says something new each time.
    private func fresh(_ call: StepCall) -> StrategyDriver.Said {
        let word = Self.words[call.slot.step.part % Self.words.count]
        return .text("Consider the \(word): it is \(word) all the way, \(word) and nothing else.")
    }

    @Test("two speak in turn for as many turns as there are; the prompts are these")
    func whole() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2) { state in
            state.settings.turns = 4
            state.settings.sumsUp = true
            state.seats[0].persona = "You are a sceptic."
        }
        let end = outcome(driver.run { $0.slot.step.phase == .summary ? .text("They talked.") : fresh($0) })
        #expect(end?.stopReason == "max_turns")
        #expect(driver.calls.map(\.slot.seat) == [0, 1, 0, 1, nil])
        #expect(driver.result["method"] == "summary")
        // One chain: each turn hangs on the one before.
        for (call, before) in zip(driver.calls.dropFirst(), driver.state.turns) {
            #expect(call.parent == before.message)
        }
        try Golden.expect(driver.log, is: "talk")
    }

    @Test("a talk ends when both have nothing to add, and that is not said by the other's mark")
    func done() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2) { $0.settings.turns = 20 }
        let end = outcome(
            driver.run { call in
                guard case .text(let text) = fresh(call), call.slot.step.part >= 2 else { return fresh(call) }
                return .text(text + " [done]")
            }
        )
        #expect(end?.stopReason == "done")
        #expect(driver.calls.count == 4)
        #expect(!driver.calls[3].chat.turns.contains { $0.role == .user && $0.text.contains("[done]") })
    }

    @Test("a talk ends when somebody repeats itself twice")
    func repeating() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2) { $0.settings.turns = 40 }
        let end = outcome(
            driver.run { call in
                call.slot.seat == 0
                    ? .text("Thank you so much, this was a wonderful exchange of thoughts!") : fresh(call)
            }
        )
        #expect(end?.stopReason == "repeating")
        #expect(driver.calls.count == 5)
    }

    @Test("a partner that is lost ends the talk with what there is, or pauses it")
    func seatLost() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2)
        let lost: (StepCall) -> StrategyDriver.Said = { call in
            call.slot.step.part == 3 ? .failure(.unavailable) : fresh(call)
        }
        let end = outcome(driver.run(lost))
        #expect(end?.stopReason == "seat_failed")
        #expect(end?.leaf == driver.state.turns[2].message)
        driver = try StrategyDriver(.debate, .talk, seats: 2) { $0.settings.onSeatFailure = .pause }
        #expect(driver.run(lost) == .pause(reason: "seat_failed"))
    }

    @Test("a talk that has ended goes on where there are more turns")
    func extended() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2) { $0.settings.turns = 2 }
        driver.run(fresh)
        driver.state.settings.turns = 4
        driver.run(fresh)
        #expect(driver.calls.count == 4)
    }

    @Test("a partner that is taken out ends the talk, and nothing that was said is asked for again")
    func takenOut() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2)
        driver.run(most: 3, fresh)
        driver.state.settings.cancelledSeats = [1]
        let end = outcome(driver.run(fresh))
        #expect(end?.stopReason == "seat_failed")
        #expect(driver.calls.count == 3)
    }

    @Test("four partners are told apart by numbers")
    func four() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 4) { $0.settings.turns = 5 }
        driver.run(fresh)
        #expect(driver.calls.map(\.slot.seat) == [0, 1, 2, 3, 0])
        #expect(driver.calls[4].chat.turns.last?.text.contains("Partner 4") == true)
    }
}
