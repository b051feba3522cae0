/// A piece of a text around the first word that was looked for, on one line.
public struct Snippet: Sendable, Hashable {
    /// About how many characters a snippet has.
    public static let length = 160
    /// How many of them stand before the first match.
    private static let lead = 40

    /// The piece, with an ellipsis where something was left out.
    public var text: String
    /// Where the words stand that were looked for, in UTF-16 code units as browsers count them.
    public var matches: [Range<Int>]

    /// Makes a value.
    public init(text: String, matches: [Range<Int>]) {
        self.text = text
        self.matches = matches
    }

    /// Cuts a snippet out of a text; its beginning, if nothing in it matches.
    public init(of text: String, around query: SearchQuery) {
        let first = SearchWords(of: text).first { query.matches(word: $0.folded) }?.range.lowerBound ?? text.startIndex
        let start = Self.start(in: text, before: first)
        let end = Self.end(in: text, from: start)
        let piece = text[start..<end]
        let ellipsis = "…"
        let head = start == text.startIndex ? "" : ellipsis
        self.text = head + Self.line(piece) + (end == text.endIndex ? "" : ellipsis)
        matches = []
        let shown = String(piece)
        for word in SearchWords(of: shown) where query.matches(word: word.folded) {
            let lower = shown.utf16.distance(from: shown.startIndex, to: word.range.lowerBound) + head.utf16.count
            let length = shown.utf16.distance(from: word.range.lowerBound, to: word.range.upperBound)
            matches.append(lower..<lower + length)
        }
    }

    /// Somewhat before the first match, behind a space if there is one.
    private static func start(in text: String, before match: String.Index) -> String.Index {
        guard let start = text.index(match, offsetBy: -lead, limitedBy: text.startIndex), start > text.startIndex else {
            return text.startIndex
        }
        guard let space = text[start..<match].firstIndex(where: \.isWhitespace) else { return start }
        return text.index(after: space)
    }

    /// Where the length is used up, before a space if there is one near.
    private static func end(in text: String, from start: String.Index) -> String.Index {
        guard let end = text.index(start, offsetBy: length, limitedBy: text.endIndex), end < text.endIndex else {
            return text.endIndex
        }
        let tail = text.index(end, offsetBy: -20)
        return text[tail..<end].lastIndex(where: \.isWhitespace) ?? end
    }

    /// With spaces in place of line breaks and other controls, one for each, so that places stay.
    private static func line(_ piece: Substring) -> String {
        var line = ""
        for scalar in piece.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            line.unicodeScalars.append(isControl || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar)
        }
        return line
    }
}
