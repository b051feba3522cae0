import PlenumCore

/// What the partners of a conversation are told.
enum TalkPrompts {
    /// The most tokens of a turn.
    static let limit = 300
    /// The most tokens of the summary.
    static let summaryLimit = 600
    /// What a partner writes who has nothing to add.
    static let end = "[done]"

    static let partner = """
        You are in a conversation with a partner about the topic. In each turn, at most 150 words: react to what was said last, \
        and add one thing. No greetings, no thanks, no summaries; do not say who or what you are. When nothing is left to say, \
        end with \(end).
        \(Quote.rule)
        """

    static let opening = "You open the conversation."

    static let summary = """
        Sum up the conversation in at most 250 words, under three headings: Agreed, Open, Ideas.
        \(Quote.rule)
        """
}
