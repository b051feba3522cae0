/// Titles made of first words, until somebody names the conversation.
public enum Title {
    /// The most characters of a title that is made.
    public static let limit = 60

    /// Takes the first words of a text.
    /// - Returns: `nil` if there are none.
    public static func ofFirstWords(_ text: String) -> String? {
        var title = ""
        for word in text.prefix(4 * limit).split(whereSeparator: \.isWhitespace) {
            if title.isEmpty {
                title = String(word.prefix(limit))
            } else if title.count + 1 + word.count <= limit {
                title += " " + word
            } else {
                return title + "…"
            }
        }
        return title.isEmpty ? nil : title
    }
}
