import PlenumCore

/// What a model is told that makes one answer of several.
enum SynthesisPrompts {
    /// The most tokens, where the seat's parameters name none.
    static let limit = 2000

    /// How an answer is called that goes in.
    static func label(_ place: Int) -> String { "Response " + String(UnicodeScalar(UInt8(65 + place % 26))) }

    static func rules(_ mode: SynthesisPlan.Mode) -> String {
        let job =
            switch mode {
            case .fuse: "You make one answer of several answers to a question."
            case .checklist: "You help a person to make one answer of several answers to a question."
            case .compare: "You compare several answers to a question."
            case .custom: "You work with several answers to a question, as the person says."
            }
        return "\(job)\n\(Quote.rule)"
    }

    static func task(_ plan: SynthesisPlan) -> String {
        let task =
            switch plan.mode {
            case .fuse:
                """
                Write the best answer to the question that these responses support: keep what is right in any of them, leave out \
                what is wrong, and where they contradict each other and you cannot tell who is right, say so. Answer the person \
                directly; do not speak of responses.
                """
            case .checklist where plan.picks.isEmpty:
                """
                List the three to nine points in which these responses differ and between which a person would want to choose. \
                Answer with this JSON object and nothing else:
                {"points": [{"text": "what the final answer would say, in at most twenty words", "responses": ["A"]}]}
                """
            case .checklist:
                """
                Write one answer to the question. These points the person has picked, and they must be in it:
                \(plan.picks.map { "- \($0)" }.joined(separator: "\n"))
                Leave out what contradicts them. Answer the person directly; do not speak of responses.
                """
            case .compare:
                """
                Choose two to six criteria that matter for this question. Write a Markdown table with a row for each response and \
                a column for each criterion, each cell a whole number from 1 to 100, and a last column Total. Below it, in at most \
                eighty words, say why. End with one line:
                BEST: <the letter of the best response>
                """
            case .custom: plan.instructions ?? ""
            }
        guard plan.mode != .custom, let heed = plan.instructions, !heed.isEmpty else { return task }
        return "\(task)\nAlso heed: \(heed)"
    }
}
