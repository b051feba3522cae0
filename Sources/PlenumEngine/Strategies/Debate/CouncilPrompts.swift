import PlenumCore

/// What the members and the chair of a council are told.
enum CouncilPrompts {
    /// The most tokens of an answer.
    static let answerLimit = 900
    /// The most tokens of a ballot.
    static let ballotLimit = 400
    /// The most tokens of the final answer.
    static let chairLimit = 1000

    static let answer = """
        Answer the question by yourself, in at most 450 words. Do not say who or what you are.
        End with one line:
        ANSWER: <your answer in as few words as possible>
        """

    static func rank(_ labels: [String]) -> String {
        let notes = labels.map { #""\#($0)": {"good": "", "bad": ""}"# }.joined(separator: ", ")
        return """
            Above are answers of other participants to the question. Rank them by how right and how useful they are, best first: \
            not by their length, their order or their tone. Answer with this JSON object and nothing else, each note at most \
            twenty words, and all of \(labels.joined(separator: ", ")) in the ranking:
            {"notes": {\(notes)}, "ranking": [\(labels.map { #""\#($0)""# }.joined(separator: ", "))]}
            """
    }

    static let repair = SidesPrompts.repair

    static let chair = """
        You chair a council. Its members have answered the question and ranked each other's answers, without names. Write the \
        council's final answer to the question, in at most 350 words, by what is right and not by who ranks high. Then, each \
        under a heading of its own and in at most three lines: Consensus, Disagreements, Minority view, Not covered.
        \(Quote.rule)
        """
}
