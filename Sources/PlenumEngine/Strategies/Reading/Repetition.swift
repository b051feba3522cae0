/// Whether somebody says again what was said before: conversations of models end in thanks that never end.
enum Repetition {
    /// The share of a text's runs of three words that another text has too, in percent.
    static func overlap(of text: String, with other: String) -> Int {
        let (these, those) = (trigrams(text), trigrams(other))
        guard !these.isEmpty else { return 0 }
        return these.count(where: those.contains) * 100 / these.count
    }

    private static func trigrams(_ text: String) -> Set<[Substring]> {
        let lowered = text.lowercased()
        let words = lowered.split { !$0.isLetter && !$0.isNumber }
        guard words.count >= 3 else { return [] }
        return Set((0...words.count - 3).map { Array(words[$0..<$0 + 3]) })
    }
}
