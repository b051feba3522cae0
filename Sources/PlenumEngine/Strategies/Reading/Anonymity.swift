import PlenumCore

/// Takes out of a text what tells other models who wrote it: models defer to names. People are shown the whole text.
enum Anonymity {
    /// Names of models and of those who make them, in small letters.
    private static let names = [
        "claude", "anthropic", "chatgpt", "gpt", "openai", "gemini", "google deepmind", "deepmind", "llama", "meta ai",
        "mistral", "qwen", "alibaba", "deepseek", "grok", "xai", "gemma", "command r", "cohere", "kimi", "moonshot",
        "glm", "zhipu", "phi-", "nova",
    ]
    /// How a sentence begins that speaks of its writer.
    private static let openings = [
        "as ", "i am ", "i'm ", "i’m ", "i, ", "my name is ", "being ", "this is ", "speaking as ", "here is ",
    ]

    /// Leaves out the sentences in which the writer says who it is.
    /// - Parameter models: the models at the table, whose names count too.
    static func stripped(_ text: String, models: [String]) -> String {
        let known = names + models.map { $0.lowercased() } + models.compactMap { ModelID($0)?.model.lowercased() }
        var kept = ""
        for sentence in sentences(text) where !tellsItsWriter(sentence, known) { kept += sentence }
        return kept
    }

    private static func tellsItsWriter(_ sentence: Substring, _ names: [String]) -> Bool {
        let start = sentence.drop { !$0.isLetter }.prefix(160).lowercased()
        guard let opening = openings.first(where: start.hasPrefix) else { return false }
        // The name stands near: "As Claude, I …", not "As we saw, the Gemini telescope …".
        let near = start.dropFirst(opening.count).prefix(40)
        let words = String(near.prefix { $0 != "," && $0 != "." && $0 != ";" })
        return names.contains { name in words.ranges(of: name).contains { isWord($0, in: words) } }
    }

    private static func isWord(_ range: Range<String.Index>, in text: String) -> Bool {
        let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
        return !(before?.isLetter ?? false)
    }

    /// The sentences, each with the white space behind it: together they are the text.
    private static func sentences(_ text: String) -> [Substring] {
        var sentences: [Substring] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            let isEnd =
                character.isNewline || ".!?".contains(character) && (index == text.endIndex || text[index].isWhitespace)
            guard isEnd else { continue }
            while index < text.endIndex, text[index].isWhitespace, !character.isNewline {
                index = text.index(after: index)
            }
            sentences.append(text[start..<index])
            start = index
        }
        if start < text.endIndex { sentences.append(text[start...]) }
        return sentences
    }
}
