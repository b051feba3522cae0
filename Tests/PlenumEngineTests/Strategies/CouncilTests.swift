import PlenumCore
import PlenumEngine
import Testing

@Suite("Councils")
struct CouncilTests {
    private func outcome(_ step: StrategyStep) -> RunOutcome? {
        if case .finish(let outcome) = step { outcome } else { nil }
    }

    /// A ballot that puts the answers in the order of a preference, whatever their letters are for this reader.
    private func ballot(_ call: StepCall, best: [Int]) -> String {
        let shown = call.chat.turns.first { $0.text.contains("Response") }?.text ?? ""
        var places: [(place: Int, label: String)] = []
        for block in shown.ranges(of: "<turn from=\"Response ") {
            let rest = shown[block.upperBound...]
            let label = String(rest.prefix(1))
            let seat = Int(rest.split(separator: "Answer of ").dropFirst().first?.prefix(1) ?? "") ?? 0
            places.append((best.firstIndex(of: seat) ?? 99, label))
        }
        let ranking = places.sorted { $0.place < $1.place }.map { #""\#($0.label)""# }
        return #"{"notes": {}, "ranking": [\#(ranking.joined(separator: ", "))]}"#
    }

    private func council(best: [Int]) -> (StepCall) -> StrategyDriver.Said {
        { call in
            switch call.slot.step.phase {
            case .answer: .text("Answer of \(call.slot.seat!).\nANSWER: \(call.slot.seat! % 2)")
            case .rank, .repair: .text(ballot(call, best: best))
            default: .text("The chair's answer.")
            }
        }
    }

    @Test("members answer, rank the others and not themselves, and a chair writes; the prompts are these")
    func whole() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 3)
        let end = outcome(driver.run(council(best: [2, 0, 1])))
        #expect(end == RunOutcome(.completed, "completed", leaf: driver.state.turns.last?.message))
        #expect(driver.calls.map(\.slot.step.phase) == [.answer, .answer, .answer, .rank, .rank, .rank, .chair])
        for call in driver.calls where call.slot.step.phase == .rank {
            #expect(!call.chat.turns.contains { $0.text.contains("Answer of \(call.slot.seat!).") })
        }
        #expect(driver.result["method"] == "chair")
        #expect(driver.result["scores"]?.array?.compactMap { $0["seat"]?.int } == [2, 0, 1])
        #expect(driver.result["scores"]?.array?.first?["mean_rank"] == "1.00")
        #expect(driver.result["baseline"]?["answer"] == "0")
        #expect(driver.news.filter { $0.name == "ballot" }.count == 3)
        // Nobody, the chair included, is shown the models' names.
        #expect(!driver.log.split(separator: "\n").contains { $0.hasPrefix("[") && $0.contains("test/") })
        try Golden.expect(driver.log, is: "council")
    }

    @Test("a ballot that cannot be read is asked for once more, and then dropped")
    func invalidBallot() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 3)
        driver.run { call in
            if call.slot.seat == 1, [.rank, .repair].contains(call.slot.step.phase) { return .text("All are fine.") }
            return council(best: [0, 1, 2])(call)
        }
        #expect(driver.calls.count { $0.slot.step.phase == .repair } == 1)
        #expect(driver.result["ballots"]?.array?.count == 2)
        #expect(driver.news.filter { $0.name == "ballot" && $0.members["valid"] == false }.count == 1)
        #expect(driver.result["method"] == "chair")
    }

    @Test("a ballot that is a list in words is read, one that leaves an answer out is not")
    func lenientBallot() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 4)
        driver.run { call in
            if call.slot.seat == 0, call.slot.step.phase == .rank { return .text("Final ranking: B > Response C > A.") }
            if call.slot.seat == 1, [.rank, .repair].contains(call.slot.step.phase) {
                return .text(#"{"ranking": ["A", "B"]}"#)
            }
            return council(best: [0, 1, 2, 3])(call)
        }
        #expect(driver.result["ballots"]?.array?.compactMap { $0["seat"]?.int } == [0, 2, 3])
    }

    @Test("with fewer than two ballots there are no scores, and the chair writes all the same")
    func fewBallots() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 2)
        driver.run { call in
            call.slot.step.phase == .rank || call.slot.step.phase == .repair ? .text("?") : council(best: [0, 1])(call)
        }
        #expect(driver.result["scores"] == .null)
        #expect(driver.result["method"] == "chair")
    }

    @Test("one answer is the answer, none is a failure")
    func few() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 3)
        var end = outcome(driver.run { $0.slot.seat == 1 ? .text("Only I.") : .failure(.timeout) })
        #expect(end?.stopReason == "seat_failed")
        #expect(driver.result["method"] == "single")
        #expect(driver.calls.count == 3)
        driver = try StrategyDriver(.debate, .council, seats: 3)
        end = outcome(driver.run { _ in .failure(.timeout) })
        #expect(end?.status == .failed)
    }

    @Test("where the chair fails the best ranked member writes, and the result says so")
    func substitute() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 3)
        driver.run { call in
            call.models == ["far/judge"] ? .failure(.overloaded) : council(best: [2, 0, 1])(call)
        }
        #expect(driver.calls.last?.models == ["test/c"])
        #expect(driver.result["method"] == "chair")
        #expect(driver.result["chair"] == "test/c")
        #expect(driver.result["chair_substituted"] == true)
    }

    @Test("where every chair fails the best ranked answer stands unchanged")
    func noChair() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 3)
        let end = outcome(
            driver.run { $0.slot.step.phase == .chair ? .failure(.overloaded) : council(best: [2, 0, 1])($0) }
        )
        #expect(end == RunOutcome(.incomplete, "chair_failed", leaf: driver.state.turns[2].message))
        #expect(driver.result["method"] == "best_ranked")
        #expect(driver.result["synthesis"] == false)
        #expect(driver.calls.count { $0.slot.step.phase == .chair } == 3)
    }

    @Test("a member that is taken out after it has answered keeps its letter in the ballots of the others")
    func takenOut() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 4)
        driver.run(most: 1, council(best: [2, 0, 1, 3]))
        driver.state.settings.cancelledSeats = [3]
        driver.run(council(best: [2, 0, 1, 3]))
        #expect(driver.calls.filter { $0.slot.step.phase == .rank }.map(\.slot.seat) == [0, 1, 2])
        #expect(driver.result["scores"]?.array?.compactMap { $0["seat"]?.int } == [2, 0, 1, 3])
    }

    @Test("with the money gone before the rankings the chair's reserved call is made")
    func budget() throws {
        var driver = try StrategyDriver(.debate, .council, seats: 3)
        driver.run(most: 1, council(best: [0, 1, 2]))
        #expect(driver.strategy.closing(driver.state).map(\.slot.step.phase) == [.chair])
        driver.state.refused = [Slot(seat: 0, .rank, round: 1)]
        let end = outcome(driver.run(council(best: [0, 1, 2])))
        #expect(end?.stopReason == "budget")
        #expect(driver.calls.last?.slot.step.phase == .chair)
        #expect(driver.result["scores"] == .null)
    }
}

@Suite("Fusion")
struct FusionTests {
    @Test("all answer, one answer is made of all; the prompts are these")
    func whole() throws {
        var driver = try StrategyDriver(.debate, .fusion, seats: 2)
        driver.run { .text($0.slot.seat.map { "Answer \($0)." } ?? "One answer.") }
        #expect(driver.result["method"] == "fusion")
        #expect(driver.calls.last?.derivedFrom.count == 2)
        try Golden.expect(driver.log, is: "fusion")
    }

    @Test("where nobody can make one answer the first one stands, and the result says so")
    func fails() throws {
        var driver = try StrategyDriver(.debate, .fusion, seats: 2)
        let step = driver.run { $0.slot.seat == nil ? .failure(.timeout) : .text("Answer.") }
        #expect(step == .finish(RunOutcome(.incomplete, "chair_failed", leaf: driver.state.turns[0].message)))
        #expect(driver.result["synthesis"] == false)
    }
}
