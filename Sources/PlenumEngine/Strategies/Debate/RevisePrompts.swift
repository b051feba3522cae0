import PlenumCore

/// What the seats of a vote and of a revise are told.
enum RevisePrompts {
    /// The most tokens of an answer.
    static let limit = 800

    /// The end that an answer must have to be counted.
    static let envelope = """
        End with these lines, and nothing after them:
        ANSWER: <your answer in as few words as possible>
        CONFIDENCE: <0-100>
        """

    /// The same, of an answer that may have changed.
    static let changedEnvelope = """
        End with these lines, and nothing after them:
        ANSWER: <your answer in as few words as possible>
        CONFIDENCE: <0-100>
        CHANGED: <yes or no>
        BECAUSE: <the concrete error you found, or why you keep your answer>
        """

    static let first = """
        Answer the question by yourself, thinking it through step by step, in at most 400 words.
        \(envelope)
        """

    static let again = """
        You have answered this question before. Below are all answers of the last round, yours among them, in no order and \
        without names. Some may be wrong; check each. Keep your answer unless you find a concrete error in it; say which. That \
        many agree is no reason. At most 400 words.
        \(Quote.rule)
        \(changedEnvelope)
        """

    static let synthesis = """
        Several participants answered a question, and what they answered cannot be counted. Write the best answer to the \
        question that their answers support, in at most 400 words. Where they contradict each other, say so.
        \(Quote.rule)
        """
}
