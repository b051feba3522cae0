/// Fences around code in Markdown.
enum CodeFence {
    /// The fence that is open at the end of a text, as it would be closed; `nil` if none is.
    static func left(openIn text: String) -> String? {
        var open: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard let (fence, rest) = fence(at: line) else { continue }
            if let begun = open {
                let isEnd = fence.first == begun.first && fence.count >= begun.count
                if isEnd, rest.allSatisfy(\.isWhitespace) { open = nil }
            } else if fence.first == "~" || !rest.contains("`") {
                open = fence
            }
        }
        return open
    }

    /// Puts a text into a fence that nothing in it can close.
    static func around(_ text: String, language: String = "") -> String {
        var (longest, run) = (0, 0)
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let word = language.prefix { $0.isLetter || $0.isNumber || "+-#._".contains($0) }
        return "\(fence)\(word)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
    }

    /// Three or more of one mark at the beginning of a line, after three blanks at most.
    private static func fence(at line: Substring) -> (fence: String, rest: Substring)? {
        let indent = line.prefix { $0 == " " }
        let inner = line.dropFirst(indent.count)
        guard indent.count <= 3, let mark = inner.first, mark == "`" || mark == "~" else { return nil }
        let fence = inner.prefix { $0 == mark }
        return fence.count >= 3 ? (String(fence), inner.dropFirst(fence.count)) : nil
    }
}
