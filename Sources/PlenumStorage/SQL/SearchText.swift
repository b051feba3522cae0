import PlenumCore

/// The words that a change lets searches find, as a database takes them: one space between two.
struct SearchText: Sendable {
    /// The words in UTF-8; never empty.
    let bytes: [UInt8]

    /// Joins words; `nil` if there are none.
    init?(_ words: [String]) {
        guard !words.isEmpty else { return nil }
        bytes = Array(words.joined(separator: " ").utf8)
    }

    /// The words of what a change adds; `nil` if searches do not find it.
    init?(of change: StorageChange) {
        switch change {
        case .createConversation(let conversation): self.init(conversation.title)
        case .updateConversation(_, let patch): self.init(patch.title)
        case .appendMessage(let message, _): self.init(message.isSearchable ? message.text : nil)
        case .finishMessage(_, let ending): self.init(ending.parts.compactMap(\.text).joined())
        default: return nil
        }
    }

    /// The words of a text.
    init?(_ text: String?) {
        guard let text, !text.isEmpty else { return nil }
        self.init(SearchWords.distinct(in: text))
    }
}
