/// What is looked for: a text matches if for every word of the query one of its words begins with that word.
public struct SearchQuery: Sendable, Hashable {
    /// How many characters a query may have.
    public static let longest = 200
    /// How many words a query may have.
    public static let most = 16

    /// The words, as ``SearchWords`` makes them; none that another begins with. Without any, nothing is found.
    public let words: [String]
    /// Only in conversations that are put away, only in those that are not, or (`nil`) in all.
    public var isArchived: Bool?

    /// Reads what a person typed.
    /// - Throws: `invalidRequest` if it is too long or has too many words.
    public init(_ text: String, isArchived: Bool? = nil) throws(PlenumError) {
        guard text.unicodeScalars.count <= Self.longest else {
            throw PlenumError(
                .invalidRequest,
                "A search has at most \(Self.longest) characters: leave some out.",
                parameter: "q"
            )
        }
        let words = SearchWords.distinct(in: text)
        guard words.count <= Self.most else {
            throw PlenumError(
                .invalidRequest,
                "A search has at most \(Self.most) different words: leave some out.",
                parameter: "q"
            )
        }
        self.words = words.filter { word in
            !words.contains { $0 != word && $0.utf8.starts(with: word.utf8) }
        }
        self.isArchived = isArchived
    }

    /// Whether a text with these words matches.
    public func matches(_ found: some Sequence<String>) -> Bool {
        !words.isEmpty && words.allSatisfy { word in found.contains { $0.utf8.starts(with: word.utf8) } }
    }

    /// Whether a word of a text is one of those looked for.
    func matches(word: String) -> Bool { words.contains { word.utf8.starts(with: $0.utf8) } }
}
