import PlenumCore
import PlenumEngine
import Testing

@Suite("Syntheses")
struct SynthesisTests {
    private func driver(
        _ mode: SynthesisPlan.Mode,
        _ configure: (inout SynthesisPlan) -> Void = { _ in }
    ) throws -> StrategyDriver {
        var plan = SynthesisPlan(mode: mode)
        plan.sources = (0..<3).map { number in
            var source = SynthesisPlan.Source(message: StrategyDriver.message(100 + number), seat: number)
            source.text = "Answer of seat \(number)."
            return source
        }
        plan.left = [3]
        configure(&plan)
        return try StrategyDriver(.synthesis, seats: 1) { $0.settings.synthesis = plan }
    }

    @Test(
        "each mode asks for what it says, and its prompt is this",
        arguments: [SynthesisPlan.Mode.fuse, .checklist, .compare, .custom]
    )
    func modes(_ mode: SynthesisPlan.Mode) throws {
        var driver = try driver(mode) { if mode == .custom { $0.instructions = "Make a poem of them." } }
        driver.run { _ in .text("Made. BEST: A") }
        #expect(driver.calls.count == 1)
        #expect(driver.calls[0].derivedFrom.count == 3)
        #expect(driver.result["left_out"] == [3])
        try Golden.expect(driver.log, is: "synthesis-\(mode.rawValue)")
    }

    @Test("the points of a checklist are read with the seats behind their letters")
    func points() throws {
        var driver = try driver(.checklist)
        var letters: [Int: String] = [:]
        driver.run { call in
            for seat in 0..<3 {
                let text = call.chat.turns.map(\.text).joined()
                let before = text.split(separator: "Answer of seat \(seat).").first ?? ""
                letters[seat] = String(before.suffix(4).prefix(1))
            }
            return .text(
                #"Here: {"points": [{"text": "It is odd.", "responses": ["\#(letters[2]!)", "Response \#(letters[0]!)"]}, {"text": ""}]}"#
            )
        }
        #expect(driver.result["points"] == [["text": "It is odd.", "seats": [2, 0]]])
        // A list to pick from is no answer: the conversation does not go on from it.
        #expect(driver.strategy.next(driver.state) == .finish(RunOutcome(.completed, "completed")))
    }

    @Test("picks go into the prompt, and the answer becomes the leaf")
    func picks() throws {
        var driver = try driver(.checklist) { $0.picks = ["It is odd.", "7 divides it."] }
        let step = driver.run { _ in .text("One answer.") }
        #expect(driver.calls[0].chat.turns.last?.text.contains("- It is odd.\n- 7 divides it.") == true)
        #expect(step == .finish(RunOutcome(.completed, "completed", leaf: driver.state.turns[0].message)))
    }

    @Test("a model that fails makes the synthesis fail")
    func fails() throws {
        var driver = try driver(.fuse)
        #expect(driver.run { _ in .failure(.overloaded) } == .finish(RunOutcome(.failed, "failed")))
    }
}
