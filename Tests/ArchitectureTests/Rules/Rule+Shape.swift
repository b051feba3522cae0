extension Rule {
    /// Files stay short: 400 lines in the sources, 600 in the tests.
    static let fileLength = Rule { file in
        let most = file.isSource ? 400 : 600
        return file.lines.count > most ? [(most + 1, "the file has \(file.lines.count) lines of \(most)")] : []
    }

    /// Functions stay short: 60 lines from `func` to the closing brace.
    static let functionLength = Rule { file in
        functions(in: file.code).compactMap { start, length in
            length > 60 ? (start, "the function has \(length) lines of 60") : nil
        }
    }

    /// Names of files and folders say what is in them.
    static func nameFault(_ path: String) -> String? {
        if path.contains(" ") { return "\(path): a name with a space" }
        let lower = path.lowercased()
        let empty = ["utils", "helper", "manager"].first(where: lower.contains)
        return empty.map { "\(path): a name with \($0) does not say what is in it" }
    }

    /// The functions with a body: the line of each one's keyword and how many lines it takes.
    private static func functions(in code: [String]) -> [(start: Int, length: Int)] {
        code.indices.compactMap { index in
            guard let column = keywordEnd(code[index]) else { return nil }
            guard let end = bodyEnd(code, from: index, column) else { return nil }
            return (index + 1, end - index + 1)
        }
    }

    private static func keywordEnd(_ line: String) -> Int? {
        guard line.contains("func") || line.contains("init"),
            let match = line.firstMatch(of: /(?:^|[^\w.])(?:func\s+[^\s(<]+|init[?!]?\s*(?=[(<])|deinit(?=\s*\{))/)
        else { return nil }
        return line.utf8.distance(from: line.startIndex, to: match.range.upperBound)
    }

    /// Finds the line of the brace that closes the body; `nil` if the declaration has none.
    private static func bodyEnd(_ code: [String], from line: Int, _ column: Int) -> Int? {
        var brackets = 0
        var braces = 0
        for index in line..<code.count {
            for byte in code[index].utf8.dropFirst(index == line ? column : 0) {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): brackets += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): brackets -= 1
                case UInt8(ascii: "{") where brackets == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case UInt8(ascii: "}") where brackets == 0: return nil
                default: break
                }
            }
            if braces == 0, brackets == 0, !goesOn(code[index], index + 1 < code.count ? code[index + 1] : "") {
                return nil
            }
        }
        return nil
    }

    /// Whether a signature that has come to the end of a line goes on with the next.
    private static func goesOn(_ line: String, _ next: String) -> Bool {
        let words = ["{", "->", "async", "throws", "rethrows", "where"]
        return words.contains { next.trimmed.hasPrefix($0) }
            || ["->", ",", ":"].contains { line.trimmed.hasSuffix($0) }
    }
}
