import PlenumCore
import PlenumEngine
import Testing

@Suite("Debates that grow long")
struct DigestTests {
    private func words(_ call: StepCall) -> StrategyDriver.Said {
        if call.slot.step.phase == .minutes { return .text("MINUTES \(call.slot.step.part).") }
        return .text("Turn \(call.slot.step.part): " + String(repeating: "w\(call.slot.step.part)x ", count: 200))
    }

    @Test("older turns are replaced by a clerk's minutes when they fill most of the smallest context")
    func talk() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2) { state in
            state.settings.turns = 12
            state.smallestContext = 2000
        }
        driver.run(words)
        let clerks = driver.calls.filter { $0.slot.step.phase == .minutes }
        #expect(clerks.count >= 2)
        #expect(driver.calls.count { $0.slot.step.phase == .say } == 12)
        // Who speaks after the minutes reads them, and of what was said before only the last word of each.
        let last = driver.calls.last { $0.slot.step.phase == .say }?.chat.turns.map(\.text).joined() ?? ""
        #expect(last.contains("<turn from=\"the minutes\">\nMINUTES \(clerks.count - 1)."))
        #expect(!last.contains("Turn 0:"))
        #expect(last.contains("Turn 10:"))
        // The second minutes are made of the first.
        #expect(clerks[1].chat.turns.map(\.text).joined().contains("MINUTES 0."))
        for call in driver.calls { #expect(call.chat.turns.map(\.text.utf8.count).reduce(0, +) / 4 < 2000) }
    }

    @Test("a side that cannot read it all is asked again with the minutes, once")
    func tooLong() throws {
        var isFirst = true
        var driver = try StrategyDriver(.debate, .sides, seats: 2) { state in
            state.settings.rounds = 4
            state.settings.stopsEarly = false
        }
        driver.run { call in
            if call.slot.step.round == 4, call.slot.step.phase == .rebuttal, isFirst {
                isFirst = false
                return .failure(.contextLength)
            }
            return call.slot.step.phase == .judge ? .text(#"{"winner": "1"}"#) : words(call)
        }
        let phases = driver.calls.map(\.slot.step.phase)
        #expect(phases.count { $0 == .minutes } == 1)
        #expect(phases.count { $0 == .rebuttal } == 7)
        #expect(driver.calls.last?.chat.turns.last?.text.contains("the minutes") == true)
    }

    @Test("a short debate has no minutes, and where the clerk fails it goes on without")
    func none() throws {
        var driver = try StrategyDriver(.debate, .talk, seats: 2) { $0.smallestContext = 100_000 }
        driver.run(words)
        #expect(!driver.calls.contains { $0.slot.step.phase == .minutes })
        driver = try StrategyDriver(.debate, .talk, seats: 2) { $0.smallestContext = 1000 }
        let step = driver.run { $0.slot.step.phase == .minutes ? .failure(.overloaded) : words($0) }
        #expect(driver.calls.count { $0.slot.step.phase == .minutes } == 1)
        #expect(driver.calls.count { $0.slot.step.phase == .say } == 8)
        if case .finish(let outcome) = step {
            #expect(outcome.status == .completed)
        } else {
            Issue.record("it did not end")
        }
    }
}
