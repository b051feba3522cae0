/// The words of a text, as search finds them: runs of letters and digits in lower case without accents; an ideograph and
/// a kana are a word each. They are made here, once for all backends, so that every backend finds the same.
public struct SearchWords: Sequence, IteratorProtocol {
    /// A word where it stands.
    public struct Element {
        /// The word as it is looked for: letters and digits alone, not empty, at most ``SearchWords/longest`` bytes.
        public var folded: String
        /// Where it stands in the text, with its accents.
        public var range: Range<String.Index>
    }

    /// How many bytes of a longer word count.
    public static let longest = 64
    /// How many bytes of words, each with the space behind it, count of a text.
    public static let most = 64 << 10

    private let scalars: String.UnicodeScalarView
    private var place: String.Index

    /// Goes through a text.
    public init(of text: String) {
        scalars = text.unicodeScalars
        place = scalars.startIndex
    }

    /// Gives the next word.
    public mutating func next() -> Element? {
        var folded = ""
        var start: String.Index?
        var isFull = false
        while place < scalars.endIndex {
            let scalar = scalars[place]
            let kind = LetterFold.kind(scalar)
            switch kind {
            case .letter:
                start = start ?? place
                if !isFull { isFull = !Self.append(scalar, to: &folded) }
            case .alone where start == nil:
                start = place
                _ = Self.append(scalar, to: &folded)
            case .nothing where start == nil: break
            case .nothing: break
            case .alone, .gap: if let word = word(folded, from: start) { return word }
            }
            scalars.formIndex(after: &place)
            if kind == .alone, let word = word(folded, from: start) { return word }
        }
        return word(folded, from: start)
    }

    private func word(_ folded: String, from start: String.Index?) -> Element? {
        start.map { Element(folded: folded, range: $0..<place) }
    }

    /// Adds a letter, if the word has room for it.
    private static func append(_ scalar: Unicode.Scalar, to word: inout String) -> Bool {
        let before = word
        LetterFold.write(scalar, to: &word)
        guard word.utf8.count > longest else { return true }
        word = before
        return false
    }

    /// The different words of a text in the order of their first places; those that are over the limit are left out.
    public static func distinct(in text: String) -> [String] {
        var seen: Set<String> = []
        var words: [String] = []
        var size = 0
        for word in SearchWords(of: text) where seen.insert(word.folded).inserted {
            size += word.folded.utf8.count + 1
            guard size <= most else { break }
            words.append(word.folded)
        }
        return words
    }
}
