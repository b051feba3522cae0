import PlenumCore
import Testing

@Suite("Words to search")
struct SearchWordsTests {
    @Test(
        "a text is split into letters and digits, in lower case and without accents",
        arguments: [
            ("Hello, WORLD! hello", ["hello", "world"]),
            ("don't e-mail a_b@c.de 3.14", ["don", "t", "e", "mail", "a", "b", "c", "de", "3", "14"]),
            (
                "Grüße Ærø Œuvre İstanbul ılık Łódź ñandú",
                ["grusse", "aero", "oeuvre", "istanbul", "ilik", "lodz", "nandu"]
            ),
            ("cafe\u{301} café CAFÉ", ["cafe"]), ("Việt Nam", ["viet", "nam"]),
            ("Ἀθῆναι Αθήνα λόγος", ["αθηναι", "αθηνα", "λογοσ"]), ("Ёлка ёлка Й и\u{306}", ["елка", "и"]),
            ("東京タワーへ行く", ["東", "京", "タ", "ワ", "ー", "へ", "行", "く"]), ("GPT4東ab", ["gpt4", "東", "ab"]),
            ("한국어 문서", ["한국어", "문서"]), ("हिन्दी पाठ", ["हिन्दी", "पाठ"]), ("שָׁלוֹם", ["שלום"]),
            ("ＡＢＣ１２３", ["abc123"]), ("soft\u{AD}hyphen zero\u{200D}width", ["softhyphen", "zerowidth"]),
            ("", []), ("  \n\t!?…\u{1F600}\u{0}", []),
        ]
    )
    func split(text: String, words: [String]) {
        #expect(SearchWords.distinct(in: text) == words)
    }

    @Test("a word says where it stands")
    func places() {
        let text = "  Zwölf\u{301} Boxkämpfer"
        #expect(SearchWords(of: text).map { text[$0.range] } == ["Zwölf\u{301}", "Boxkämpfer"])
    }

    @Test("a long word counts with its first bytes, and never with half a letter")
    func longWord() {
        #expect(SearchWords.distinct(in: String(repeating: "x", count: 1000)) == [String(repeating: "x", count: 64)])
        #expect(
            SearchWords.distinct(in: "a" + String(repeating: "ж", count: 99)) == [
                "a" + String(repeating: "ж", count: 31)
            ]
        )
        // A letter that would fit behind one that does not is not taken either: words keep their beginnings.
        #expect(
            SearchWords.distinct(in: String(repeating: "x", count: 63) + "жb") == [String(repeating: "x", count: 63)]
        )
    }

    @Test("the words of a text have at most 64 KiB together")
    func longText() {
        let words = SearchWords.distinct(in: (0..<100_000).map(String.init).joined(separator: " "))
        let size = words.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect((65_000...65_536).contains(size))
    }

    @Test("every letter there is makes words of letters and digits alone, which are their own words")
    func closed() {
        var odd: [Unicode.Scalar] = []
        for scalar in (UInt32(0)...0x2FFFF).compactMap(Unicode.Scalar.init) {
            for word in SearchWords.distinct(in: String(scalar)) {
                let isSafe = word.unicodeScalars.allSatisfy {
                    $0.value >= 0x80 || $0.properties.isAlphabetic || $0.properties.numericType != nil
                }
                if !isSafe || SearchWords.distinct(in: word).joined() != word { odd.append(scalar) }
            }
        }
        #expect(odd.isEmpty, "\(odd.prefix(20))")
    }
}

@Suite("Queries")
struct SearchQueryTests {
    @Test("a query keeps the words that no other begins with")
    func words() throws {
        #expect(try SearchQuery("Sort sorting, SORT an").words == ["sorting", "an"])
        #expect(try SearchQuery("%_'\"").words == [])
    }

    @Test("every word of a query must begin a word")
    func matching() throws {
        let query = try SearchQuery("be bra")
        #expect(query.matches(["brave", "old", "beginning"]))
        #expect(!query.matches(["brave", "old"]))
        #expect(try !SearchQuery("").matches(["brave"]))
    }

    @Test("a query that is too long, or has too many words, is refused with a sentence")
    func bounds() throws {
        _ = try SearchQuery(String(repeating: "é", count: 200))
        _ = try SearchQuery((1...16).map(String.init).joined(separator: " "))
        #expect(throws: PlenumError.self) { try SearchQuery(String(repeating: "é", count: 201)) }
        #expect(throws: PlenumError.self) { try SearchQuery((10...26).map(String.init).joined(separator: " ")) }
    }
}

@Suite("Snippets")
struct SnippetTests {
    private func cut(_ text: String, _ query: String) throws -> Snippet {
        let snippet = Snippet(of: text, around: try SearchQuery(query))
        let units = Array(snippet.text.utf16)
        for match in snippet.matches { #expect(match.lowerBound >= 0 && match.upperBound <= units.count) }
        return snippet
    }

    private func marked(_ snippet: Snippet) -> [String] {
        let units = Array(snippet.text.utf16)
        return snippet.matches.map { String(decoding: units[$0], as: UTF16.self) }
    }

    @Test("a short text is shown whole, with every word that was looked for")
    func whole() throws {
        let snippet = try cut("Grüße 👋🏽 an\nGRUSS und Ärger", "gru an")
        #expect(snippet.text == "Grüße 👋🏽 an GRUSS und Ärger")
        #expect(marked(snippet) == ["Grüße", "an", "GRUSS"])
    }

    @Test("a long text is cut around the first match, between words, with an ellipsis on either side")
    func middle() throws {
        let text = String(repeating: "before ", count: 50) + "needle " + String(repeating: "after ", count: 50)
        let snippet = try cut(text, "need")
        #expect(snippet.text.hasPrefix("…before "))
        #expect(snippet.text.hasSuffix(" after…"))
        #expect((120...165).contains(snippet.text.count))
        #expect(marked(snippet) == ["needle"])
    }

    @Test("a text without spaces is cut too, and one without a match shows its beginning")
    func edges() throws {
        let wide = try cut(String(repeating: "東", count: 500) + "京" + String(repeating: "都", count: 500), "京")
        #expect(wide.text.count == 162)
        #expect(marked(wide) == ["京"])
        let none = try cut("nothing here", "else")
        #expect(none == Snippet(text: "nothing here", matches: []))
        #expect(try cut("", "else") == Snippet(text: "", matches: []))
    }
}
