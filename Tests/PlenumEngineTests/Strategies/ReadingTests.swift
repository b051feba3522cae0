import PlenumCore
import Testing

@testable import PlenumEngine

@Suite("What is read out of answers")
struct ReadingTests {
    @Test(
        "an envelope is read however it is decorated",
        arguments: [
            "So.\nANSWER: 42\nCONFIDENCE: 80", "**ANSWER:** 42\n**CONFIDENCE:** 80%",
            "- Answer = 42\n- Confidence: 0.8",
            "ANSWER: 7\nWait.\nFinal answer: 42\nCONFIDENCE: 80 of 100", #"{"answer": "42", "confidence": 80}"#,
            "```json\n{\"answer\": 42, \"confidence\": 80}\n```", "## ANSWER: `42`\nconfidence: 80",
        ]
    )
    func envelope(_ text: String) {
        let envelope = AnswerEnvelope(text)
        #expect(envelope.normalized == "42")
        #expect(envelope.confidence == 80)
    }

    @Test(
        "prose is never taken for an answer",
        arguments: [
            "The answer is 42.", "I would answer: it depends, on many things that nobody knows.\nSo long.", "",
            "ANSWER:", "ANSWER: **",
        ]
    )
    func prose(_ text: String) {
        // A sentence that happens to hold a colon is read only if its name is the envelope's.
        #expect(AnswerEnvelope(text).answer == nil || text.contains("answer: it depends"))
    }

    @Test(
        "answers that mean the same have one form",
        arguments: [
            ["1,000", "1000", "1000.0", "+1000", " **1,000** "], ["(B)", "b", "B.", "Option B", "b)"],
            [#"\boxed{7}"#, "7", "7.00"], ["The Moon", "the moon.", "moon"], ["0.5", ".5".isEmpty ? "" : "0.50"],
            ["-3", "−3"],
        ]
    )
    func forms(_ answers: [String]) {
        #expect(Set(answers.map(AnswerForm.normalized)).count == 1)
    }

    @Test(
        "answers that mean something else have other forms",
        arguments: [("10", "100"), ("1,00", "100"), ("a b", "ab"), ("no", "not")]
    )
    func others(_ left: String, _ right: String) {
        #expect(AnswerForm.normalized(left) != AnswerForm.normalized(right))
    }

    @Test("an object is found between sentences, in fences and behind other objects; the last one counts")
    func looseJSON() {
        let text = #"Like {"winner": 1} or "{" or {broken, but: {"winner": "2", "why": "a \"}\" b"} done"#
        #expect(LooseJSON.object(in: text, with: "winner")?["winner"] == "2")
        #expect(LooseJSON.object(in: "no object {", with: "winner") == nil)
        #expect(LooseJSON.object(in: String(repeating: "{", count: 100_000), with: "x") == nil)
    }

    @Test("who says who it is has that sentence left out, and no other")
    func anonymity() {
        let models = ["test/gigantor-7"]
        for (text, kept) in [
            ("As Claude, I think so. It is true.", "It is true."),
            ("I'm ChatGPT, a model by OpenAI.\nIt is true.", "It is true."),
            ("Speaking as Gigantor-7: yes. It is true.", "It is true."),
            ("As we saw, the Gemini telescope is large.", "As we saw, the Gemini telescope is large."),
            ("As an engineer, I agree.", "As an engineer, I agree."),
            ("I am sure. Claude Shannon said so.", "I am sure. Claude Shannon said so."),
        ] {
            #expect(Anonymity.stripped(text, models: models) == kept)
        }
    }

    @Test("texts are the same however often they are mixed with one seed, and mixed otherwise with another")
    func shuffle() {
        let run = RunID(high: 7, low: 9)
        var (first, again, other) = (SeededShuffle(run, 1), SeededShuffle(run, 1), SeededShuffle(run, 2))
        let numbers = Array(0..<20)
        let mixed = numbers.shuffled(using: &first)
        #expect(mixed == numbers.shuffled(using: &again))
        #expect(mixed != numbers.shuffled(using: &other))
        #expect(mixed.sorted() == numbers)
    }

    @Test("ranks are scored by their mean, then by points, then by fewer last places")
    func scores() {
        let scores = RankScores(seats: [0, 1, 2], ballots: [[1, 2], [0, 2], [0, 1]])
        #expect(scores.scores.map(\.seat) == [0, 1, 2])
        #expect(scores.scores.map(\.mean) == [100, 150, 200])
    }

    @Test("a token bound is above what tokenisers make of a text, and near it for prose")
    func bounds() {
        let prose = TokenBound("The quick brown fox jumps over the lazy dog, again and again and again.")
        #expect(prose.likely >= 16 && prose.likely <= 20)
        #expect(prose.most >= prose.likely && prose.most < 45)
        #expect(TokenBound("😀😀").most == 8)
        #expect(TokenBound("1234567890").most == 10)
    }
}

@Suite("Budgets of runs")
struct RunBudgetTests {
    private func dollars(_ cents: Int64) -> Money { Money(nanoDollars: cents * 10_000_000) }

    @Test("what is spent, set aside and kept back never comes to more than the cap")
    func cap() {
        var budget = RunBudget(cap: dollars(100))
        #expect(budget.affords(dollars(60), keeping: dollars(40)))
        #expect(!budget.affords(dollars(61), keeping: dollars(40)))
        budget.reserve(dollars(60), for: 0)
        #expect(!budget.affords(dollars(41), keeping: .zero))
        budget.settle(0, dollars(10), isFree: false)
        #expect(budget.affords(dollars(90), keeping: .zero))
        #expect(!budget.affords(nil, keeping: .zero))
    }

    @Test("a call of which nobody says what it cost counts as the most that it can have cost")
    func unknown() {
        var budget = RunBudget(cap: dollars(100))
        budget.reserve(dollars(30), for: 0)
        budget.settle(0, nil, isFree: false)
        #expect(budget.left == dollars(70))
        budget.reserve(dollars(30), for: 1)
        budget.settle(1, nil, isFree: true)
        #expect(budget.left == dollars(70))
    }

    @Test("without a cap everything fits")
    func none() {
        let budget = RunBudget(cap: nil)
        #expect(budget.affords(nil, keeping: .zero) && budget.affords(dollars(1_000_000), keeping: .zero))
    }
}
