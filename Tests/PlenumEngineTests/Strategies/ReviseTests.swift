import PlenumCore
import PlenumEngine
import Testing

@Suite("Vote and revise")
struct ReviseTests {
    private func envelope(_ answer: String, _ sure: Int = 70, because: String? = nil) -> String {
        "I have thought.\nANSWER: \(answer)\nCONFIDENCE: \(sure)"
            + (because.map { "\nCHANGED: yes\nBECAUSE: \($0)" } ?? "")
    }

    /// What each seat answers in each round.
    private func answers(_ rounds: [[String]]) -> (StepCall) -> StrategyDriver.Said {
        { call in
            guard let seat = call.slot.seat else { return .text("The clerk's words.") }
            return .text(envelope(rounds[call.slot.step.round][seat]))
        }
    }

    private func outcome(_ step: StrategyStep) -> RunOutcome? {
        if case .finish(let outcome) = step { outcome } else { nil }
    }

    @Test("a vote takes the answer that most give, and its prompts are these")
    func vote() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 3) { state in
            state.seats[1].persona = "You are a mathematician."
            state.seats[2].system = "Be brief."
        }
        let end = outcome(driver.run(answers([["No", "no.", "Yes"]])))
        #expect(end?.status == .completed)
        #expect(driver.result["method"] == "plurality")
        #expect(driver.result["answer"] == "No")
        #expect(driver.calls.count == 3)
        try Golden.expect(driver.log, is: "vote")
    }

    @Test("who agree at the start do not debate")
    func unanimousAtStart() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3)
        let end = outcome(driver.run(answers([["7 × 13", "7 × 13", "**7 × 13**"]])))
        #expect(end?.stopReason == "unanimous_at_start")
        #expect(driver.calls.count == 3)
        #expect(driver.result["method"] == "unanimous")
    }

    @Test("who agree at the start debate all the same where that is asked for")
    func alwaysDebate() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 2) { $0.settings.alwaysDebates = true }
        let end = outcome(driver.run(answers([["1", "1"], ["1", "1"]])))
        #expect(end?.stopReason == "unanimous")
        #expect(driver.calls.count == 4)
    }

    @Test("a further round shows every seat all answers, unlabelled, in an order of its own, and its prompts are these")
    func revise() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3)
        let end = outcome(driver.run(answers([["yes", "no", "no"], ["no", "no", "no"]])))
        #expect(end?.stopReason == "unanimous")
        #expect(driver.calls.count == 6)
        #expect(driver.result["rounds_run"] == 1)
        #expect(driver.result["baseline"]?["answer"] == "no")
        #expect(driver.result["baseline"]?["votes"] == 2)
        try Golden.expect(driver.log, is: "revise")
    }

    @Test("rounds end where the same answers are given as often as before")
    func stable() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3) { $0.settings.rounds = 4 }
        let end = outcome(driver.run(answers([["1", "2", "3"], ["2", "3", "1"]])))
        #expect(end?.stopReason == "stable")
        #expect(driver.calls.count == 6)
    }

    @Test("rounds end when they are over, and the last one counts")
    func maxRounds() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3) { $0.settings.rounds = 2 }
        let end = outcome(driver.run(answers([["1", "2", "3"], ["1", "1", "3"], ["4", "4", "3"]])))
        #expect(end?.stopReason == "max_rounds")
        #expect(driver.result["answer"] == "4")
        #expect(driver.result["tally"]?.array?.count == 3)
    }

    @Test("of equal answers the surer ones win, then those of the first round")
    func ties() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 4)
        driver.run { call in .text(envelope(call.slot.seat! < 2 ? "a" : "b", call.slot.seat! < 2 ? 50 : 60)) }
        #expect(driver.result["answer"] == "b")
        driver = try StrategyDriver(.debate, .revise, seats: 4)
        driver.run { call in
            .text(
                envelope(
                    call.slot.step.round == 0
                        ? ["x", "b", "b", "y"][call.slot.seat!] : ["a", "a", "b", "b"][call.slot.seat!]
                )
            )
        }
        #expect(driver.result["answer"] == "b")
    }

    @Test("an answer without its envelope is an abstention, and where nothing can be counted a clerk writes")
    func abstentions() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 3)
        let end = outcome(
            driver.run { call in
                switch call.slot.seat {
                case 0: .text("It is 42, I think.")
                case 1: .text("Hard to say. The answer could be anything.")
                case nil: .text("Nobody knows.")
                default: .text(envelope("42"))
                }
            }
        )
        #expect(end?.status == .completed)
        #expect(driver.result["method"] == "synthesis")
        #expect(driver.calls.last?.slot.step.phase == .clerk)
        #expect(driver.calls.last?.derivedFrom.count == 3)
        #expect(driver.strategy.notes(on: driver.state.turns[0], in: driver.state)["answer"] == .null)
        try Golden.expect(driver.log, is: "vote-synthesis")
    }

    @Test("with one seat left its answer is the answer, and the result says who failed")
    func single() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3)
        let end = outcome(driver.run { $0.slot.seat == 1 ? .text(envelope("1")) : .failure(.overloaded) })
        #expect(end?.stopReason == "seat_failed")
        #expect(end?.status == .incomplete)
        #expect(driver.result["method"] == "single")
        #expect(driver.result["failed_seats"]?.array?.compactMap { $0["seat"]?.int } == [0, 2])
        #expect(driver.result["quorum"]?["answered"] == 1)
    }

    @Test("two that are left go on, and the one that failed is not asked again")
    func goesOn() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3)
        let end = outcome(
            driver.run { call in
                call.slot.seat == 0
                    ? .failure(.timeout) : .text(envelope(call.slot.step.round == 0 ? "\(call.slot.seat!)" : "9"))
            }
        )
        #expect(end?.stopReason == "unanimous")
        #expect(driver.calls.count { $0.slot.seat == 0 } == 1)
    }

    @Test("nobody answering is a failure")
    func allFail() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 2)
        let end = outcome(driver.run { _ in .failure(.unavailable) })
        #expect(end?.status == .failed)
        #expect(driver.result["method"] == "none")
    }

    @Test("an answer that breaks off is asked for once more in its place, and never shown to others")
    func brokenOff() throws {
        var times = 0
        var driver = try StrategyDriver(.debate, .revise, seats: 2)
        driver.run { call in
            if call.slot.seat == 0, call.slot.step.round == 0 {
                times += 1
                if times == 1 { return .broken("PARTIAL WORDS") }
            }
            return .text(envelope("\(call.slot.seat!)\(call.slot.step.round)"))
        }
        #expect(times == 2)
        #expect(driver.calls.count == 5)
        #expect(!driver.calls.contains { $0.chat.turns.contains { $0.text.contains("PARTIAL") } })
    }

    @Test("an answer that breaks off again and again makes the seat absent")
    func brokenTwice() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 3)
        driver.run { $0.slot.seat == 0 ? .broken("x") : .text(envelope("1")) }
        #expect(driver.calls.count { $0.slot.seat == 0 } == 2)
        #expect(driver.result["failed_seats"]?.array?.count == 1)
    }

    @Test("a refusal is not asked again, and counts as no answer")
    func refusal() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 3)
        driver.run { $0.slot.seat == 0 ? .refusal("I will not.") : .text(envelope("1")) }
        #expect(driver.calls.count == 3)
        #expect(driver.result["method"] == "unanimous")
        #expect(driver.result["quorum"]?["answered"] == 2)
    }

    @Test("what was interrupted is asked again, what was finished is not")
    func resumes() throws {
        var driver = try StrategyDriver(.debate, .vote, seats: 3)
        var isFirst = true
        driver.run { call in
            if call.slot.seat == 1, isFirst {
                isFirst = false
                return .interrupted("I was about to")
            }
            return .text(envelope("1"))
        }
        #expect(driver.calls.map(\.slot.seat) == [0, 1, 2, 1])
        #expect(driver.calls[1] == driver.calls[3])
    }

    @Test("with the money gone the last whole round is decided")
    func budget() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3) { $0.settings.rounds = 3 }
        driver.run(most: 1, answers([["1", "1", "2"]]))
        driver.state.refused = [Slot(seat: 0, .revise, round: 1)]
        let end = outcome(driver.run { _ in .text("") })
        #expect(end?.stopReason == "budget")
        #expect(driver.result["answer"] == "1")
        #expect(driver.calls.count == 3)
    }

    @Test("a person's \"conclude\" decides by what there is")
    func conclude() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 2) { $0.settings.rounds = 3 }
        driver.run(most: 1, answers([["1", "2"]]))
        driver.state.settings.isConcluding = true
        let end = outcome(driver.run { _ in .text("") })
        #expect(end?.stopReason == "concluded")
        #expect(end?.status == .incomplete)
    }

    @Test("who joins the majority without a reason is marked")
    func unexplained() throws {
        var driver = try StrategyDriver(.debate, .revise, seats: 3)
        driver.run { call in
            guard call.slot.step.round == 1 else { return .text(envelope(["1", "2", "2"][call.slot.seat!])) }
            return .text(call.slot.seat == 0 ? "Fine.\nANSWER: 2" : envelope("2"))
        }
        let notes = driver.strategy.notes(on: driver.state.turns[3], in: driver.state)
        #expect(notes["changed"] == true)
        #expect(notes["unexplained"] == true)
    }
}
